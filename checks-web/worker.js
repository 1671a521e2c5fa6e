// Runs the checks beside the page, which stays alive. Takes { file, settings }, or { folder: { name, files, paths }, settings }, which it
// packs first: then it says { packing, of }, and { file, left }, what it left out. Says { done, all } while it checks, then
// { answer, findings }, or { failed }.
import start, { check, explain, left_out, pack } from "./checks.js";

self.onmessage = async ({ data: { file, folder, settings } }) => {
    try {
        await start({ module_or_path: new URL("./checks_bg.wasm", import.meta.url) });
        if (folder) {
            const bytes = pack(folder.files, folder.paths, (packing, of) => self.postMessage({ packing, of }));
            file = new File([bytes], `${folder.name}.zip`, { type: "application/zip" });
            self.postMessage({ file, left: left_out(folder.paths) });
        }
        const answer = check(file, settings, (done, all) => self.postMessage({ done, all }));
        self.postMessage({ answer, findings: explain(answer) });
    } catch (error) {
        self.postMessage({ failed: String(error) });
    }
};
