// Runs the checks beside the page, which stays alive. Takes { file, settings }; says { done, all } while it works, then { answer, findings },
// or { failed }.
import start, { check, explain } from "./checks.js";

self.onmessage = async ({ data: { file, settings } }) => {
    try {
        await start({ module_or_path: new URL("./checks_bg.wasm", import.meta.url) });
        const answer = check(file, settings, (done, all) => self.postMessage({ done, all }));
        self.postMessage({ answer, findings: explain(answer) });
    } catch (error) {
        self.postMessage({ failed: String(error) });
    }
};
