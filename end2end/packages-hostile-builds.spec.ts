// packages.md, 代码编译 (hostile code runs here): what the developer reads when a build does not do what a build does.
import { readdirSync, readFileSync } from "node:fs";
import { as, goesLive } from "./support/ordering.ts";
import { accepts, asks, sends, submitsForAcceptance } from "./support/publishing.ts";
import { expect, fit, interactive, test } from "./support/test.ts";
import { atTheWorkbench, uploads, uploadsAGoodOne, version } from "./support/workbench.ts";
import { fixture, zip } from "./support/zip.ts";

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>公交</title></head><body><h1>公交</h1></body></html>`;

/** A source package without dependencies, whose build is this script. */
function source(build: string): Buffer {
    const root = { name: "a", version: "1.0.0" };
    return zip({
        "package.json": JSON.stringify({ ...root, scripts: { build: "node build.js" } }),
        "package-lock.json": JSON.stringify({ ...root, lockfileVersion: 3, requires: true, packages: { "": root } }),
        "build.js": build,
        "page.html": PAGE,
    });
}

/** Ends as it should. */
const WRITES_THE_PAGE = `const fs = require("fs"); fs.mkdirSync("build"); fs.copyFileSync("page.html", "build/index.html");`;

/** What the build does, the sentence of the stage, and what its log shows. */
type Row = [what: string, build: string, sentence: string, log: string | RegExp];

const FAILED = "npm run build 没有成功（退出码 1）。请查看日志末尾的错误";

test("a build that fails or reaches out ends with a sentence and its log; the preview from before stays", async ({ page, server }) => {
    test.setTimeout(240_000);
    await atTheWorkbench(page, "编译不成的包");
    const good = await uploadsAGoodOne(page, source(WRITES_THE_PAGE));
    const rows: Row[] = [
        ["ends with an error", `console.error("样式文件坏了"); process.exit(3);`, "npm run build 没有成功（退出码 3）。", "样式文件坏了"],
        ["leaves nothing", `console.log("做完了");`, "编译结束了，但没有找到输出文件夹（找过 build、dist）。", "做完了"],
        ["reads our files", `require("fs").readdirSync(${JSON.stringify(server.data)});`, "构建时找不到“", "ENOENT"],
        ["reads the machine's passwords", `require("fs").readFileSync("/etc/shadow");`, "构建时找不到“/etc/shadow”。", "ENOENT"],
        ["asks the network", `fetch("https://registry.npmjs.org/");`, "构建时访问了网络（registry.npmjs.org），而编译不能联网。", "fetch failed"],
        ["asks our server", `fetch("${server.address.replace("localhost", "127.0.0.1")}/about");`, FAILED, "ECONNREFUSED"],
        ["passes off /etc as its output", `require("fs").symlinkSync("/etc", "build");`, "输出位置“build”不是真实的文件夹（是文件或符号链接）。", "npm run build"],
        ["forks without end", `const { spawn } = require("child_process"); setInterval(() => spawn("sleep", ["30"]), 0);`, FAILED, "EAGAIN"],
        ["eats memory", `const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1));`, "编译用的内存超过 2048 MB，已经停止。", "npm run build"],
    ];
    for (const [n, [what, build, sentence, log]] of rows.entries()) {
        await test.step(what, async () => {
            await uploads(page, source(build), `1.0.${n + 1}`);
            const card = version(page, `1.0.${n + 1}`);
            await expect(card.locator(".notice-danger")).toContainText("代码编译未通过：", { timeout: 60_000 });
            await expect(card.locator(".notice-danger")).toContainText(sentence);
            await expect(card.locator(".stage-line-one").nth(1)).toContainText("未通过");
            await expect(page.getByLabel("代码编译日志")).toContainText(log);
            expect((await asks(page, good)).status).toBe(200);
        });
    }
    await fit(page);
});

test("a process that stays behind ends with its build", async ({ page }) => {
    test.setTimeout(60_000);
    await atTheWorkbench(page, "留下进程的包");
    const stay = `require("child_process").spawn("sleep", ["31508"], { detached: true, stdio: "ignore" }).unref();`;
    await uploadsAGoodOne(page, source(stay + WRITES_THE_PAGE));
    await expect(page.getByText(/编译成功：安装依赖 [\d.]+ 秒/)).toBeVisible();
    const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    expect(processes.filter((process) => commandOf(process).includes("31508"))).toEqual([]);
});

test("a build that never ends is ended by 撤销升级, and what is live stays", async ({ page, browser, server }) => {
    test.setTimeout(120_000);
    const name = "编译不完的包";
    const id = await atTheWorkbench(page, name);
    await submitsForAcceptance(page, id, await sends(page, id, fixture("static-card")));
    const staff = await as(browser, server.address, "王建国", "/service");
    await accepts(staff, id);
    await goesLive(staff, browser, name);
    const act = async (action: string, word: string, state: string) => {
        await staff.goto(`/publications/${id}/act/${action}`);
        await interactive(staff);
        await staff.getByRole("button", { name: word }).click();
        await expect(staff.locator(".state-chip").first()).toHaveText(state);
    };
    await act("upgrade", "版本升级", "升级部署中");
    await page.reload();
    await interactive(page);
    await uploads(page, source(`console.log("开始监视"); setInterval(() => {}, 1000);`), "1.1.0");
    await expect(page.getByLabel("代码编译日志")).toContainText("开始监视", { timeout: 30_000 });
    await act("cancel_upgrade", "撤销升级", "已发布");
    await expect(version(page, "1.1.0").locator(".stage-line-one").nth(1)).toContainText("已取消");
    await fit(page);
    await staff.goto("/channels/zheli_app");
    await expect(staff.getByText(name)).toBeVisible();
    // Whoever comes next finds the line free.
    await atTheWorkbench(page, "编译不完之后的包");
    await uploadsAGoodOne(page, source(WRITES_THE_PAGE));
});

/** What a process was started with; nothing if it is gone. */
function commandOf(process: string): string {
    try {
        return readFileSync(`/proc/${process}/cmdline`, "latin1");
    } catch {
        return "";
    }
}
