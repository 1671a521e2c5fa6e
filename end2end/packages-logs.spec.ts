// packages.md, Stages: the log of a build, with its colours; screens.md, Developer workbench: search, a link to a line.
import { expect, interactive, test } from "./support/test.ts";
import { atTheWorkbench, uploads, version } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

const BUILD = `for (let n = 0; n < 3000; n++) console.log("\\u001b[36msrc/page-" + n + ".vue\\u001b[39m ✓");
console.error("\\u001b[31mbroken\\u001b[39m by hand"); process.exitCode = 3;`;

test("a log has the colours of its tools, is searched, and a link leads to one of its lines @phone", async ({ page }, info) => {
    test.setTimeout(60_000);
    await atTheWorkbench(page, `日志_${info.project.name}`);
    await interactive(page);
    const files = { "package.json": JSON.stringify({ name: "x", version: "1.0.0", scripts: { build: "node build.cjs" } }), "build.cjs": BUILD };
    await uploads(page, zip(files), "1.0.0");
    await expect(version(page, "1.0.0").locator(".notice-danger")).toContainText("退出码 3", { timeout: 60_000 });
    const log = page.getByLabel("代码编译日志");
    await expect(log.locator(".log-color-1")).toHaveText("broken");
    await log.scrollIntoViewIfNeeded();
    await expect(log.getByText("src/page-2999.vue")).toBeInViewport();

    // Of a long log the last lines are drawn; what is found before them is, too.
    await expect(log.getByText("src/page-7.vue")).toHaveCount(0);
    const search = page.getByLabel("在日志中查找").last();
    await search.fill("PAGE-7.vue");
    await search.press("Enter");
    await expect(log.locator(".log-here")).toContainText("src/page-7.vue");
    await expect(log.locator(".log-here")).toBeInViewport();
    await search.fill("nowhere at all");
    await search.press("Enter");
    await expect(page.getByText("没有找到")).toBeVisible();

    const link = await log.locator(".log-here a").getAttribute("href");
    await page.goto(`${new URL(page.url()).pathname}${link}`);
    await page.reload();
    await interactive(page);
    await expect(log.locator(".log-here")).toContainText("src/page-7.vue");
    await expect(log.locator(".log-here")).toBeInViewport();

    // Of a stage that passed, whose log is closed by itself, too.
    await page.goto(`${new URL(page.url()).pathname}#source_check-1`);
    await page.reload();
    await expect(page.getByLabel("源码检测日志").locator(".log-here")).toContainText("检测 app.zip");
    await expect(page.getByLabel("源码检测日志").locator(".log-here")).toBeInViewport();
});
