// packages.md, 源码检测: the same checks in the browser, on the chosen file, before anything is sent.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CORPUS } from "./support/corpus.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { atTheWorkbench, chooses, version } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

const PAGE = "<!doctype html><html lang=zh-CN><meta name=viewport content=width=device-width><title>公交</title><h1>公交</h1>";

interface Answer {
    Ok?: { counts: Record<string, number> };
    Err?: string;
}

test("the browser answers what the server answers, byte for byte, on every package of the corpus", async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page, "赵磊", "/dev");
    const settings = (await (await page.request.get("/api/rule/settings")).json()) as string;
    const folder = mkdtempSync(join(tmpdir(), "irs-corpus-"));
    chmodSync(folder, 0o755);
    const onServer = (buffer: Buffer) => {
        const path = join(folder, "package.zip");
        writeFileSync(path, buffer);
        const child = spawnSync(process.env["IRS_SERVER"] ?? "", ["child", "check-source", settings], { stdio: [openSync(path, "r"), "pipe", "inherit"] });
        return child.stdout.toString().trim();
    };
    const inBrowser = (buffer: Buffer) =>
        page.evaluate(
            async ([settings, base64]) => {
                const styles = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.href ?? "";
                const worker = new Worker(styles.replace(/[^/]*$/, "checks_worker.js"), { type: "module" });
                const bytes = Uint8Array.from(atob(base64 ?? ""), (c) => c.charCodeAt(0));
                const answer = await new Promise<string>((resolve, reject) => {
                    worker.onmessage = ({ data }) => {
                        if (data.answer !== undefined) resolve(data.answer as string);
                        if (data.failed !== undefined) reject(new Error(data.failed as string));
                    };
                    worker.onerror = () => reject(new Error("the worker is not there"));
                    worker.postMessage({ file: new File([bytes], "a.zip"), settings });
                });
                worker.terminate();
                return answer;
            },
            [settings, buffer.toString("base64")],
        );
    expect(CORPUS.length).toBeGreaterThanOrEqual(60);
    for (const [what, buffer, found] of CORPUS) {
        const answer = await inBrowser(buffer);
        expect(answer, what).toBe(onServer(buffer));
        const { Ok: report, Err: sentence } = JSON.parse(answer) as Answer;
        if (found instanceof RegExp) expect(sentence, what).toMatch(found);
        else expect(Object.keys(report?.counts ?? { [sentence ?? ""]: 1 }), what).toEqual(found);
    }
    rmSync(folder, { recursive: true });
});

test("what is wrong is said as soon as a file is chosen, with the lines, and nothing is sent @phone", async ({ page }) => {
    await atTheWorkbench(page, "上传前检测");
    const sent: string[] = [];
    page.on("request", (request) => {
        if (request.method() !== "GET") sent.push(request.url());
    });
    await chooses(page, zip({ "index.html": `${PAGE}<script src=a.js></script>`, "a.js": "const stop = 1;\neval('1');\n" }));
    await expect(page.getByText("有 1 处必须修改，这样上传不会通过源码检测。")).toBeVisible();
    await expect(page.getByText("a.js:2:1")).toBeVisible();
    await expect(page.getByText("eval('1');")).toBeVisible();
    await fit(page);
    await chooses(page, Buffer.from("no zip"));
    await expect(page.getByRole("alert")).toContainText("这不是完整的 zip 文件");
    await chooses(page, zip({ "index.html": PAGE }));
    await expect(page.getByText("没有发现问题。")).toBeVisible();
    expect(sent, "nothing left the browser").toEqual([]);
});

test("50 MB are checked in seconds, while the page stays alive", async ({ page }) => {
    test.setTimeout(120_000);
    await atTheWorkbench(page, "很大的包");
    const files: Record<string, Buffer | string> = { "index.html": PAGE };
    for (let n = 0; n < 5; n++) files[`media/${n}.bin`] = randomBytes(10 * 1024 * 1024);
    const folder = mkdtempSync(join(tmpdir(), "irs-big-"));
    writeFileSync(join(folder, "big.zip"), zip(files));
    await page.getByLabel("选择 zip 文件").setInputFiles(join(folder, "big.zip"));
    // The page answers meanwhile: its file's name is there before the checks are.
    await expect(page.getByText(/big\.zip（/)).toBeVisible();
    await expect(page.getByText("没有发现问题。")).toBeVisible({ timeout: 60_000 });
    rmSync(folder, { recursive: true });
});

test("a folder is packed here, without what is refused, and checked; the upload takes it @phone", async ({ page }, info) => {
    const name = `文件夹_${info.project.name}`;
    await atTheWorkbench(page, name);
    await interactive(page);
    const folder = mkdtempSync(join(tmpdir(), "irs-folder-"));
    for (const [path, content] of [
        ["index.html", PAGE],
        ["a/deep/main.js", "eval('1')\n"],
        ["node_modules/left-pad/index.js", "module.exports = 1"],
        [".git/config", "[core]"],
        ["空 文件.txt", ""],
    ] as const) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
    }
    await page.getByLabel("选择文件夹").setInputFiles(folder);
    await expect(page.getByText(/没有放进包里：.*node_modules/)).toBeVisible();
    await expect(page.getByText(/有 1 处必须修改/)).toBeVisible();
    await expect(page.getByText("a/deep/main.js", { exact: false }).first()).toBeVisible();
    await fit(page);
    writeFileSync(join(folder, "a/deep/main.js"), "document.title = '公交';\n");
    await page.getByLabel("选择文件夹").setInputFiles(folder);
    await expect(page.getByText("没有发现问题。")).toBeVisible();
    await page.getByRole("button", { name: "上传", exact: true }).click();
    await expect(version(page, "1.0.0").locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4, { timeout: 60_000 });
    rmSync(folder, { recursive: true });
});

test("a folder that is dropped is packed as one that is chosen", async ({ page }) => {
    await atTheWorkbench(page, "拖入的文件夹");
    await interactive(page);
    // A browser's own objects for what is dropped can't be made by a script: here are some that answer like them.
    await page.locator(".drop-area").evaluate((area, html) => {
        const file = (name: string, text: string) => ({ name, isDirectory: false, file: (told: (file: File) => void) => told(new File([text], name)) });
        const folder = (name: string, entries: object[]) => ({
            name,
            isDirectory: true,
            createReader: () => {
                const parts = [entries, []];
                return { readEntries: (told: (entries: object[]) => void) => told(parts.shift() ?? []) };
            },
        });
        const never = { name: "node_modules", isDirectory: true, createReader: () => { throw new Error("looked into"); } };
        const entry = folder("公交", [file("index.html", html), folder("js", [file("main.js", "document.write('1')\n")]), never]);
        const event = new DragEvent("drop", { bubbles: true, cancelable: true });
        Object.defineProperty(event, "dataTransfer", { value: { items: [{ webkitGetAsEntry: () => entry }], files: [] } });
        area.dispatchEvent(event);
    }, PAGE);
    await expect(page.getByText(/公交\.zip/)).toBeVisible();
    await expect(page.getByText(/有 1 处必须修改/)).toBeVisible();
    await expect(page.getByText("js/main.js", { exact: false }).first()).toBeVisible();
});
