// packages.md, One package for test and live: 运行参数 in preview and live; 外链检查 at run time (运行时外链).
import { as, goesLive } from "./support/ordering.ts";
import { accepts, asks, liveAddress, submitsForAcceptance } from "./support/publishing.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { atTheWorkbench, uploadsAGoodOne } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>参数</title><script src="/app-env.js"></script></head><body><h1></h1><script src="main.js"></script></body></html>`;
// The address is put together so that no static check can see it.
const SCRIPT = `document.querySelector("h1").textContent = window.__APP_ENV__.API ?? "没有参数";
const parts = ["https:", "", "tracker.example.com", "a.gif"];
new Image().src = parts.join("/");`;

test.use({ tolerated: [/tracker\.example\.com/] });

test("the same package reads other 运行参数 in preview and live, and what it loads besides is refused and counted @phone", async ({ page, browser, server }, info) => {
    test.setTimeout(120_000);
    const name = `运行参数_${info.project.name}`;
    const id = await atTheWorkbench(page, name);
    await interactive(page);
    const preview = await uploadsAGoodOne(page, zip({ "index.html": PAGE, "main.js": SCRIPT }));
    const card = page.getByRole("region", { name: "运行参数" });
    await expect(card.getByText("没有运行参数")).toBeVisible();
    await card.getByRole("button", { name: "修改测试值" }).click();
    await card.getByRole("button", { name: "添加运行参数" }).click();
    await card.getByLabel("参数名").fill("9API");
    await card.getByLabel("测试值").fill("测试接口");
    await card.getByRole("button", { name: "保存测试值" }).click();
    await expect(card.getByRole("group", { name: /处需要修改/ })).toContainText("参数名要以字母或下划线开头");
    await fit(page);
    await card.getByLabel("参数名").fill("API");
    await card.getByRole("button", { name: "保存测试值" }).click();
    await expect(card.getByRole("row", { name: /API.*测试接口.*未设置/ })).toBeVisible();
    await fit(page);

    const visitor = await (await browser.newContext()).newPage();
    await visitor.goto(preview);
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("测试接口");

    const staff = await as(browser, server.address, "王建国", `/publications/${id}/correction`);
    await expect(staff.getByRole("heading", { level: 1 })).toHaveText(`修改登记信息：${name}`);
    await interactive(staff);
    await staff.getByRole("button", { name: "添加运行参数" }).click();
    await staff.getByLabel("参数名").fill("API");
    await staff.getByLabel("正式值").fill("正式接口");
    await expect(staff.getByRole("row", { name: /运行参数.*增加.*API=正式接口/ })).toBeVisible();
    await fit(staff);
    await staff.getByRole("button", { name: "保存修改" }).click();
    await expect(staff.getByRole("heading", { level: 1 })).toHaveText(name);

    const { versions } = (await (await page.request.get(`/api/publication/detail?id=${id}`)).json()) as { versions: { id: string }[] };
    await submitsForAcceptance(page, id, versions[0]?.id ?? "");
    await staff.goto(`/publications/${id}/acceptance`);
    await expect(staff.getByRole("row", { name: /API.*测试接口.*正式接口/ })).toBeVisible();
    await accepts(staff, id);
    await staff.goto("/service");
    await goesLive(staff, browser, name);
    const service = (await page.locator(".named-facts").first().textContent())?.match(/SV-\d+/)?.[0] ?? "";
    const live = liveAddress(server.address, service);
    await visitor.goto(live);
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("正式接口");
    expect((await asks(page, new URL("/app-env.js", live).href)).text).toContain("正式接口");

    await signIn(page, "赵磊", `/dev/${id}`);
    await page.getByRole("link", { name: "运行情况" }).click();
    await expect(page.getByRole("row", { name: /tracker\.example\.com/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /API.*测试接口.*正式接口/ })).toBeVisible();
    await fit(page);
    await visitor.context().close();
    await staff.context().close();
});
