// Inside the app of 浙政钉: asks it who holds the phone, and sends that on. Anywhere else: on to the sign-in page.
(() => {
    const form = document.forms[0];
    const otherwise = () => location.replace(document.getElementById("otherwise").href);
    const app = window.dd;
    if (typeof app?.getAuthCode !== "function") return otherwise();
    // An app that never answers.
    const patience = setTimeout(otherwise, 15_000);
    const ask = async () => {
        try {
            const answer = await app.getAuthCode({ corpId: form.dataset.tenant });
            // Published programs differ in the name.
            const code = answer?.auth_code ?? answer?.code ?? answer?.authCode;
            if (!code) return otherwise();
            form.elements.namedItem("auth_code").value = code;
            // From here on it is the server that takes its time.
            clearTimeout(patience);
            form.submit();
        } catch {
            otherwise();
        }
    };
    if (typeof app.ready === "function") app.ready(ask);
    else ask();
})();
