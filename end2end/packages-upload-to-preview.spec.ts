// packages.md: from upload to preview; screens.md, Developer workbench.
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asks } from "./support/publishing.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { atTheWorkbench, uploads, version } from "./support/workbench.ts";
import { fixture, zip } from "./support/zip.ts";

const PAGE = "<!doctype html><html lang=zh-CN><meta name=viewport content=width=device-width><title>公交</title><h1>公交</h1>";

test("a static package is checked, passed through and shown on a host of its own @phone", async ({ page, context }, info) => {
    await atTheWorkbench(page, `静态卡片_${info.project.name}`);
    await fit(page);
    await uploads(page, fixture("static-card"));
    await expect(page.getByText("静态包，无需编译")).toBeVisible();
    const stages = page.locator(".stage-line-one");
    await expect(stages.filter({ hasText: "已完成" })).toHaveCount(4);
    await expect(page.getByRole("img", { name: "预览地址的二维码" })).toBeVisible();
    await expect(page.getByText("仅本机可打开")).toBeVisible();
    await fit(page);
    // What was uploaded can be had again, as it was.
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "app.zip" }).click();
    expect(Buffer.compare(await readFile(await (await saved).path()), fixture("static-card"))).toBe(0);
    const address = (await page.locator(".preview-address a").getAttribute("href")) ?? "";
    expect(new URL(address).hostname).toMatch(/^[a-z0-9]{20,}\.apps\.localhost$/);
    const preview = await context.newPage();
    const answer = await preview.goto(address);
    expect(answer?.headers()["content-security-policy"]).toContain("default-src");
    await expect(preview.locator("body")).not.toBeEmpty();
    expect(await preview.evaluate(() => document.cookie)).toBe("");
    await preview.close();
    await expect(page.getByText(/有效至 \d\d:\d\d/)).toBeVisible();
    await page.getByRole("button", { name: "固定地址" }).click();
    await expect(page.getByText("已固定，取消固定前一直有效")).toBeVisible();
    await page.reload();
    await interactive(page);
    await page.getByRole("button", { name: "取消固定" }).click();
    await expect(page.getByText(/有效至 \d\d:\d\d/)).toBeVisible();
    await expect(page.locator(".preview-address a")).toHaveAttribute("href", address);
    await page.getByRole("button", { name: "换一个地址" }).click();
    await expect(page.locator(".preview-address a")).not.toHaveAttribute("href", address);
    expect((await asks(page, address)).status).toBe(404);
});

test("a failed stage says file, line and what to do; the next version goes on", async ({ page }) => {
    await atTheWorkbench(page, "有问题的包");
    const bad = zip({ "index.html": "<!doctype html><html lang=zh><title>a</title><script src=a.js></script>", "a.js": "const x = 1;\neval('x');\n" });
    await uploads(page, bad);
    await expect(page.getByText("源码检测未通过：")).toBeVisible();
    await expect(page.getByText("a.js:2:1")).toBeVisible();
    await expect(page.getByText("怎么改：").first()).toBeVisible();
    await fit(page);
    await expect(page.getByLabel("版本号")).toHaveValue("1.0.1");
    await uploads(page, fixture("static-card"));
    await expect(page.locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4);
    await expect(page.getByRole("heading", { name: "所有版本" })).toBeVisible();
});

test.describe("what can not be a package", () => {
    test.use({ tolerated: [/422|400|413|409/] });

    test("ends with one sentence, and a bad number is said beside its field", async ({ page }) => {
        await atTheWorkbench(page, "不是包的文件");
        await expect(page.getByRole("button", { name: "上传", exact: true })).toBeHidden();
        await uploads(page, Buffer.from("this is no zip"), "1.0");
        await expect(page.locator(".field-errors").getByText(/版本号要写成/)).toBeVisible();
        await uploads(page, Buffer.from("this is no zip"), "1.0.0");
        await expect(page.getByText("源码检测未通过：")).toBeVisible();
        await fit(page);
    });
});

test("a source package is built in the sandbox, with its log", async ({ page }) => {
    test.setTimeout(120_000);
    await atTheWorkbench(page, "公交到站查询应用");
    // The result of the same package would be taken over, with a log that says no more than this.
    await uploads(page, fixture("bus-times", { "README.md": "第一次编译" }));
    await expect(page.locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4, { timeout: 90_000 });
    await page.getByText("代码编译日志").click();
    await expect(page.getByLabel("代码编译日志")).toContainText("vite");
    const address = (await page.locator(".preview-address a").getAttribute("href")) ?? "";
    await page.goto(address);
    await expect(page.locator("body")).not.toBeEmpty();
});

test("whoever is not named as a contact finds nothing", async ({ page }) => {
    await signIn(page, "孙悦", "/dev");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("开发者工作台");
    await expect(page.getByText("静态卡片")).toHaveCount(0);
    await interactive(page);
});

test("what is chosen while an upload is being answered stays chosen", async ({ page }) => {
    await atTheWorkbench(page, "连续上传");
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/upload/*/finish", async (route) => {
        const response = await route.fetch();
        await held;
        await route.fulfill({ response });
    });
    await uploads(page, fixture("static-card"), "1.0.0");
    await expect(page.getByRole("button", { name: "上传", exact: true })).toBeDisabled();
    await page.getByLabel("选择 zip 文件").setInputFiles({ name: "next.zip", mimeType: "application/zip", buffer: fixture("static-card") });
    await page.getByLabel("版本号").fill("1.4.0");
    answer();
    const send = page.getByRole("button", { name: "上传", exact: true });
    await expect(send).toBeEnabled();
    await expect(page.getByText("next.zip")).toBeVisible();
    await expect(page.getByLabel("版本号")).toHaveValue("1.4.0");
    await send.click();
    await expect(version(page, "1.4.0")).toBeVisible();
});

for (const what of ["zip 文件", "文件夹"]) test(`a double press uploads once; what a reload broke off goes on where it stopped: ${what}`, async ({ page }) => {
    await atTheWorkbench(page, `断点续传${what.replace(" ", "")}`);
    const send = page.getByRole("button", { name: "上传", exact: true });
    const big = randomBytes(18 * 1024 * 1024);
    const choose = async () => {
        await page.getByLabel(`选择${what === "文件夹" ? "" : " "}${what}`).setInputFiles(path);
        await page.getByLabel("版本号").fill("1.0.0");
        // A folder is packed anew each time.
        await expect(send).toBeEnabled();
        await expect(page.getByText("正在本机打包")).toHaveCount(0);
    };
    const folder = await mkdtemp(join(tmpdir(), "irs-upload-"));
    const path = what === "文件夹" ? folder : join(folder, "big.zip");
    if (what === "文件夹") {
        await writeFile(join(folder, "index.html"), PAGE);
        await writeFile(join(folder, "big.bin"), big);
    } else {
        await writeFile(path, zip({ "index.html": PAGE, "big.bin": big }));
    }
    const sent: string[] = [];
    page.on("request", (request) => {
        if (request.method() === "PUT") sent.push(new URL(request.url()).pathname.split("/").at(-1) ?? "");
    });
    // The third part never arrives.
    await page.route("**/upload/*/2", () => {});
    await choose();
    await send.click();
    await expect.poll(() => sent).toContain("2");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await page.unroute("**/upload/*/2");
    sent.length = 0;
    await interactive(page);
    await choose();
    await send.dblclick();
    await expect(version(page, "1.0.0")).toBeVisible({ timeout: 20_000 });
    expect(sent).toEqual(["2"]);
    await expect(page.locator(".table")).toHaveCount(0);
});
