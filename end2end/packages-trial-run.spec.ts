// packages.md, 部署测试环境: with a Chromium configured, a picture at a phone's size, the console's errors and what was refused are evidence.
import { type Locator } from "@playwright/test";
import { as, asksForApproval } from "./support/ordering.ts";
import { accepts, submitsForAcceptance } from "./support/publishing.ts";
import { type Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, ownSite } from "./support/test.ts";
import { atTheWorkbench, uploads, version } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

const test = base.extend<object, { server: Server }>({
    server: ownSite(["--chromium", "/usr/bin/chromium"]),
});

const HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>公交</title>';
const SCRIPT = "new Image().src = atob('aHR0cHM6Ly90cmFja2VyLmV4YW1wbGUuY29t') + '/pixel.png';\nwindow.nothing.here();";

// The preview itself is on the acceptance's page.
test.use({ tolerated: [/reading 'here'|tracker\.example\.com/] });

/** The picture is there, and twice as many pixels as points. */
async function seen(card: Locator): Promise<void> {
    const picture = card.getByRole("img", { name: "首页在手机上的截图" });
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(780);
    await expect(card.getByText("控制台错误 1 条")).toBeVisible();
    await expect(card.getByRole("listitem").filter({ hasText: "app.js:2:16" })).toContainText("TypeError");
    await expect(card.getByText("被拦截的外部地址 1 个")).toBeVisible();
    await expect(card.getByText("https://tracker.example.com/pixel.png")).toBeVisible();
}

test("截图、控制台错误和被拦截的外部地址：开发者、验收人、审核人都看得到 @phone", async ({ page, browser, server }, info) => {
    test.setTimeout(120_000);
    const name = `试运行_${info.project.name}`;
    const id = await atTheWorkbench(page, name);
    const html = `<!doctype html><html lang="zh-CN"><head>${HEAD}</head><body><h1>公交查询</h1><script src="app.js"></script></body></html>`;
    await uploads(page, zip({ "index.html": html, "app.js": SCRIPT }), "1.0.0");
    await expect(version(page, "1.0.0").locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4, { timeout: 60_000 });
    const card = (person: typeof page) => person.getByRole("region", { name: "试运行" });
    await seen(card(page));
    await fit(page);

    const shown = new URL(page.url());
    const of = await page.request.get(`/api/publication/detail?id=${id}`);
    const { versions } = (await of.json()) as { versions: { id: string }[] };
    await submitsForAcceptance(page, id, versions[0]?.id ?? "");
    const staff = await as(browser, server.address, "王建国", `/publications/${id}/acceptance`);
    await seen(card(staff));
    await fit(staff);
    const picture = (await card(staff).getByRole("img").getAttribute("src")) ?? "";
    // Another vendor's developer does not see it.
    const other = await as(browser, server.address, "孙悦", "/dev");
    expect((await other.request.get(new URL(picture, shown).href)).status()).toBe(404);

    await accepts(staff, id);
    const order = await asksForApproval(staff, name);
    const city = await as(browser, server.address, "李敏", order);
    await interactive(city);
    await expect(city.getByRole("heading", { name: "试运行", exact: true })).toBeVisible();
    await seen(city.locator(".trial-run"));
    await fit(city);
    for (const person of [staff, other, city]) await person.context().close();
});
