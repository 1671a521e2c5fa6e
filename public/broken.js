// Says so when the page's program has stopped, or a part of it did not arrive: it can't say so itself.
(() => {
    let notice;
    const button = (word, press) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "button";
        made.textContent = word;
        made.addEventListener("click", press);
        return made;
    };
    const close = () => {
        notice.remove();
        notice = undefined;
    };
    const tell = () => {
        if (notice) return;
        notice = document.createElement("div");
        notice.className = "broken notice notice-danger";
        notice.setAttribute("role", "alert");
        const text = document.createElement("p");
        text.textContent = "页面没有加载完整，点了可能没有反应。请重新加载；填了还没有提交的内容，请先复制下来。";
        notice.append(text, button("重新加载", () => location.reload()), button("关闭", close));
        // Beside an open dialog nothing can be pressed.
        const dialog = document.querySelector("dialog:modal");
        dialog?.addEventListener("close", () => notice && document.body.append(notice), { once: true });
        (dialog ?? document.body).append(notice);
    };
    const stopped = (cause) => {
        const { RuntimeError, CompileError, LinkError } = WebAssembly;
        const program = [RuntimeError, CompileError, LinkError].some((kind) => cause instanceof kind);
        // Before the page is taken over, the program itself may not arrive.
        const early = !document.documentElement.dataset.interactive && cause instanceof TypeError;
        if (program || early) tell();
    };
    addEventListener("error", (event) => stopped(event.error));
    addEventListener("unhandledrejection", (event) => stopped(event.reason));
})();
