// packages.md, Bad input, and 源码检测 and 外链检查: what can not go live is refused with one sentence, and what was there stays.
import { type Page } from "@playwright/test";
import { asks } from "./support/publishing.ts";
import { expect, fit, signIn, test } from "./support/test.ts";
import { atTheWorkbench, chooses, previewOf, uploads, uploadsAGoodOne, version } from "./support/workbench.ts";
import { type Entry, fixture, raw, zip } from "./support/zip.ts";

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>公交</title></head><body><h1>公交</h1></body></html>`;

/** A page, and beside it what is wrong. */
const beside = (...entries: Entry[]) => raw([{ name: "index.html", data: PAGE }, ...entries]);
const files = (more: Record<string, Buffer | string>) => zip({ "index.html": PAGE, ...more });

/** What is uploaded, and the sentence it ends with. */
type Row = [what: string, buffer: Buffer, sentence: string];

/** Uploads a good package, and then each: all end with their sentence, none has a preview, the good one keeps its own. */
async function allAreRefused(page: Page, name: string, stage: string, rows: Row[]): Promise<void> {
    await atTheWorkbench(page, name);
    const good = await uploadsAGoodOne(page, fixture("static-card"));
    for (const [n, [what, buffer, sentence]] of rows.entries()) {
        await test.step(what, async () => {
            await uploads(page, buffer, `1.0.${n + 1}`);
            const refused = version(page, `1.0.${n + 1}`).locator(".notice-danger");
            // A stage that breaks on our side, such as for want of processes, is tried again after ten seconds.
            await expect(refused).toContainText(`${stage}未通过：`, { timeout: 30_000 });
            await expect(refused).toContainText(sentence);
            await expect(page.locator(".preview-address")).toBeHidden();
        });
    }
    await fit(page);
    expect((await asks(page, good)).status).toBe(200);
    await page.getByRole("link", { name: "1.0.0", exact: true }).click();
    await expect(version(page, "1.0.0").locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4);
    expect(await previewOf(page)).toBe(good);
}

test("a zip that is none, or that lies, ends with one sentence", async ({ page }) => {
    test.setTimeout(120_000);
    const whole = fixture("static-card");
    const saturated = Buffer.from(whole);
    saturated.fill(0xff, saturated.length - 14, saturated.length - 10);
    const changed = beside({ name: "a.js", data: "honest" });
    changed.write("H", changed.indexOf("honest"));
    const terabyte = Buffer.from([1, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    await allAreRefused(page, "不成立的压缩包", "源码检测", [
        ["not a zip", Buffer.from("GIF89a, and so on"), "这不是完整的 zip 文件"],
        ["cut off", whole.subarray(0, whole.length / 2), "这不是完整的 zip 文件"],
        ["something before it", Buffer.concat([Buffer.from("MZ"), whole]), "压缩包已损坏或被改动"],
        ["nothing in it", raw([]), "压缩包是空的。请将构建结果或源码打包后上传。"],
        ["neither source nor static", zip({ "readme.txt": "x" }), "静态包请将 index.html 放在最外层"],
        ["encrypted", beside({ name: "a.js", flags: 1 }), "“a.js”已加密，平台无法检测。请去掉密码后重新打包。"],
        ["another method", beside({ name: "a.js", method: 14 }), "“a.js”使用了不支持的压缩方式（14）。"],
        ["zip64 without its field", beside({ name: "a.js", says: 0xffffffff }), "“a.js”登记的大小或位置与实际内容不符。"],
        ["zip64 of a terabyte", beside({ name: "a.js", says: 0xffffffff, extra: terabyte }), "“a.js”解压后超过单个文件的上限"],
        ["zip64 that is not there", saturated, "压缩包已损坏或被改动（zip64 目录）。"],
        ["a size that lies", beside({ name: "a.js", data: "a".repeat(5000), method: 8, says: 100 }), "“a.js”登记的大小或位置与实际内容不符。"],
        ["content that was changed", changed, "“a.js”登记的大小或位置与实际内容不符。"],
        ["a bomb", files({ "a.txt": Buffer.alloc(3 << 20) }), "“a.txt”的压缩比超过 200 : 1，疑似压缩炸弹。"],
        ["a zip in it", files({ "more.zip": whole }), "“more.zip”是压缩包。请解开后直接放入文件，或将其移出。"],
        ["a zip that says it is a picture", files({ "logo.png": whole }), "“logo.png”是压缩包。"],
    ]);
});

test("a name that leads elsewhere is shown, with what to do", async ({ page }) => {
    test.setTimeout(120_000);
    const named = (name: string | Buffer) => beside({ name });
    const special = (mode: number) => beside({ name: "a", mode });
    const notAFile = "“a”不是普通文件或文件夹（符号链接、设备等）。请换成真实文件后重新打包。";
    await allAreRefused(page, "名称不对的压缩包", "源码检测", [
        ["..", named("../../etc/passwd"), "“../../etc/passwd”的名称不能使用：含有“.”或“..”。请在项目文件夹内使用相对路径重新打包。"],
        ["absolute", named("/etc/passwd"), "“/etc/passwd”的名称不能使用：是绝对路径。"],
        ["backslash", named("css\\a.css"), "“css\\a.css”的名称不能使用：含有反斜杠。请改用以“/”分隔路径的压缩工具重新打包。"],
        ["drive letter", named("C:/a.js"), "“C:/a.js”的名称不能使用：含有盘符或冒号。"],
        ["NUL", named("a\0b"), "”的名称不能使用：含有空字符（NUL）。"],
        ["right to left", named("a\u202egpj.exe"), "”的名称不能使用：含有控制字符。"],
        ["reserved on Windows", named("aux.txt"), "“aux.txt”的名称不能使用：是 Windows 的保留名称。"],
        ["forbidden on Windows", named("a?b"), "“a?b”的名称不能使用：含有 Windows 不允许的字符"],
        ["neither UTF-8 nor GB18030", named(Buffer.from([0xff, 0xff, 0xff])), "”的名称不能使用：既不是 UTF-8 也不是 GB18030 编码。"],
        ["too long", named("长".repeat(201)), "的路径超过 200 个字符。请缩短文件夹或文件的名称。"],
        ["too deep", named("a/".repeat(12) + "b"), "的文件夹超过 12 层。请减少文件夹层级。"],
        ["symbolic link", special(0o120777), notAFile],
        ["device", special(0o020666), notAFile],
        ["twice", beside({ name: "a" }, { name: "a" }), "“a”在压缩包中出现了不止一次"],
        ["in two cases", beside({ name: "a.js" }, { name: "A.js" }), "“A.js”与“a.js”只有大小写不同"],
    ]);
});

test("what must not be in a package is found in it", async ({ page }) => {
    test.setTimeout(120_000);
    const key = ["-----BEGIN RSA", "PRIVATE KEY-----\n" + "Ab3".repeat(40) + "\n-----END RSA", "PRIVATE KEY-----\n"].join(" ");
    await allAreRefused(page, "内容不对的压缩包", "源码检测", [
        ["node_modules", files({ "node_modules/a/index.js": "" }), "node_modules：包内有不应打包的文件夹"],
        [".git", files({ ".git/config": "" }), ".git：包内有不应打包的文件夹"],
        ["a program that says it is a picture", files({ "logo.png": "\x7fELF" }), "logo.png：包内有可执行程序"],
        ["a script of a server", files({ "api.php": "<?php" }), "api.php：静态包内有脚本程序"],
        ["two extensions", files({ "notice.pdf.html": PAGE }), "notice.pdf.html：文件名有伪装的双扩展名"],
        ["a private key", files({ "assets/key.txt": key }), "assets/key.txt：包内有私钥"],
        ["the platform's own name", files({ "app-env.js": "" }), "app-env.js：使用了平台保留的名称"],
    ]);
    await page.goto(page.url().replace(/\?.*/, ""));
    await expect(page.getByText("怎么改：").first()).toBeVisible();
});

test.describe("an external host", () => {
    // What the preview asks is nowhere.
    test.use({ tolerated: [/ERR_NAME_NOT_RESOLVED|Failed to fetch/] });

    test("an address put together from pieces is found; declared with its purpose, it passes", async ({ page }) => {
        test.setTimeout(60_000);
        const script = `const host = "cdn." + "example" + ".com";\nfetch("https" + "://" + host + "/a.json");\n`;
        const package_ = zip({ "index.html": PAGE.replace("</body>", "<script src=a.js></script></body>"), "a.js": script });
        await allAreRefused(page, "有外链的压缩包", "外链检查", [
            ["from pieces", package_, "有 1 个外部域名没有声明：cdn.example.com（a.js:2:7）。请从代码中去掉，或在上传时填写其用途后重新上传。"],
        ]);
        await page.goto(page.url().replace(/\?.*/, ""));
        await chooses(page, package_);
        await page.getByRole("button", { name: "声明外部域名" }).click();
        await page.getByLabel("第 1 个外部域名", { exact: true }).fill("cdn.example.com");
        await page.getByLabel("第 1 个外部域名的用途").fill("线路数据");
        await page.getByRole("button", { name: "声明外部域名" }).click();
        await page.getByLabel("第 2 个外部域名", { exact: true }).fill("map.example.com");
        await page.getByLabel("第 2 个外部域名的用途").fill("地图，地址运行时才知道");
        await uploads(page, package_, "1.0.2");
        await expect(version(page, "1.0.2").locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4);
        await expect(page.getByText("用到 1 个外部域名，都已声明。")).toBeVisible();
        await expect(page.getByText("线路数据")).toBeVisible();

        // Who accepts sees both, also the one that nobody could find.
        await page.getByRole("button", { name: "提交验收" }).click();
        await expect(page.locator(".state-chip").first()).toHaveText("待验收");
        const id = new URL(page.url()).pathname.split("/").pop() ?? "";
        await signIn(page, "王建国", `/publications/${id}/acceptance`);
        const hosts = page.locator("section.card").filter({ has: page.getByRole("heading", { name: "外部域名" }) });
        await expect(hosts).toContainText("线路数据");
        await expect(hosts).toContainText("地图，地址运行时才知道（代码中没有找到，运行时可以访问）");
        await fit(page);
    });
});

test("names as Windows writes them are read; a .env is warned of", async ({ page }) => {
    test.setTimeout(60_000);
    await atTheWorkbench(page, "视窗打的压缩包");
    const name = Buffer.concat([Buffer.from([0xb9, 0xab, 0xbd, 0xbb]), Buffer.from(".txt")]);
    const good = await uploadsAGoodOne(page, beside({ name, data: "到站" }, { name: ".env.production", data: "MODE=live" }));
    expect(await asks(page, new URL("/公交.txt", good).href)).toEqual({ status: 200, text: "到站" });
    await expect(page.getByText("有 1 条警告")).toBeVisible();
    await expect(page.locator(".finding").filter({ hasText: "包内有 .env 文件" })).toContainText(".env.production");
    await fit(page);
});
