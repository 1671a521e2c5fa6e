// Says so when the page's program has stopped, or a part of it did not arrive: it can't say so itself.
(() => {
    const tell = () => {
        if (document.querySelector(".broken")) return;
        const notice = document.createElement("div");
        notice.className = "broken notice notice-danger";
        notice.setAttribute("role", "alert");
        const text = document.createElement("p");
        text.textContent = "页面没有加载完整，点了可能没有反应。请重新加载；填了还没有提交的内容，请先复制下来。";
        const again = document.createElement("button");
        again.type = "button";
        again.className = "button";
        again.textContent = "重新加载";
        again.addEventListener("click", () => location.reload());
        notice.append(text, again);
        // Beside an open dialog nothing can be pressed.
        (document.querySelector("dialog:modal") ?? document.body).append(notice);
    };
    const stopped = (cause) => {
        const part = cause instanceof TypeError && /dynamically imported module|module script failed/i.test(cause.message);
        if (part || cause instanceof WebAssembly.RuntimeError || cause instanceof WebAssembly.CompileError) tell();
    };
    addEventListener("error", (event) => stopped(event.error));
    addEventListener("unhandledrejection", (event) => stopped(event.reason));
})();
