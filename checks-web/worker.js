// Runs the checks beside the page, which stays alive. Takes { file, settings }, or { folder: { name, files, paths, left }, settings }, which it
// packs first: then it says { packing, of }, and { file, left }, what it left out. Says { done, all } while it checks, then
// { answer, findings }, or { failed }.
import start, { check, explain, pack } from "./checks.js";

self.onmessage = async ({ data: { file, folder, settings } }) => {
    try {
        await start({ module_or_path: new URL("./checks_bg.wasm", import.meta.url) });
        if (folder) {
            const packed = pack(folder.files, folder.paths, (packing, of) => self.postMessage({ packing, of }));
            const left = [...new Set([...folder.left, ...packed.left()])];
            // What was broken off goes on with a file of the same name, size and time: the time is that of the content.
            const lastModified = packed.print();
            file = new File([packed.into_zip()], `${folder.name}.zip`, { type: "application/zip", lastModified });
            self.postMessage({ file, left });
        }
        const answer = check(file, settings, (done, all) => self.postMessage({ done, all }));
        self.postMessage({ answer, findings: explain(answer) });
    } catch (error) {
        self.postMessage({ failed: String(error) });
    }
};
