// packages.md, When an approved version goes live: 发布方式. Site by site, paused, gone on with, and back to the old version.
import type { Page } from "@playwright/test";
import { approves, as, orderOf, rowOf } from "./support/ordering.ts";
import { accepts, asks, liveAddress, sends, submitsForAcceptance } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { zip } from "./support/zip.ts";

const SITES = { "draft[scope][0]": "330100", "draft[scope][1]": "330102", "draft[scope][2]": "330106" };

function app(title: string): Buffer {
    const head = `<meta name="viewport" content="width=device-width"><title>${title}</title>`;
    return zip({ "index.html": `<!doctype html><html lang="zh-CN"><head>${head}</head><body><h1>${title}</h1></body></html>` });
}

/** Opens 提交审批 and fills in all but 发布方式. */
async function fillsIn(page: Page, id: string): Promise<void> {
    await page.goto(`/publications/${id}/approval`);
    await interactive(page);
    await page.getByLabel("申请说明").fill("面向全市市民发布");
    await page.getByLabel("测试情况").fill("功能和兼容性测试通过");
    await page.getByLabel("联系人").fill("王建国");
    await page.getByLabel("联系电话").fill("13900000009");
}

/** Both steps of the service side approve. */
async function isApproved(page: Page, order: string, address: string): Promise<void> {
    for (const reviewer of ["李敏", "周涛"]) {
        const other = await as(page.context().browser()!, address, reviewer, order);
        await approves(other);
        await other.context().close();
    }
}

test("分批：一批一批上线，暂停、继续、回到旧版本 @phone", async ({ page, browser, server }, info) => {
    test.setTimeout(180_000);
    const name = `分批_${info.project.name}`;
    await signIn(page, "王建国", "/service");
    const live = liveAddress(server.address, await registers(page, name, SITES));
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    await submitsForAcceptance(developer, id, await sends(developer, id, app("第一版")));
    await accepts(page, id);

    await fillsIn(page, id);
    const field = page.getByRole("group", { name: /^发布方式/ });
    await expect(field.getByLabel("立即")).toBeChecked();
    await field.getByLabel("分批").check();
    await expect(field).toContainText("3 个站点，还有 3 个没有分到批次");
    const batch = (n: number) => field.locator(".rollout-batch").nth(n - 1);
    await batch(1).getByLabel("第 1 批名称").fill("试点");
    await batch(1).getByLabel("上城区").check();
    await expect(batch(2).getByLabel("上城区")).toBeDisabled();
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator("#error-summary")).toContainText("还有站点不在任何一批：杭州市本级、西湖区");
    await batch(2).getByLabel("第 2 批名称").fill("其余");
    await batch(2).getByRole("button", { name: "选中其余站点" }).click();
    await expect(field).toContainText("3 个站点都已分到批次");
    await field.getByRole("button", { name: "添加一批" }).click();
    await expect(field.locator(".rollout-batch")).toHaveCount(3);
    await batch(3).getByRole("button", { name: /^删除/ }).click();
    await expect(field.locator(".rollout-batch")).toHaveCount(2);
    await fit(page);
    await expect(page.getByText(/^已保存草稿/)).toBeVisible();
    await page.reload();
    await interactive(page);
    await expect(batch(2).getByLabel("西湖区")).toBeChecked();
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("发布审批中");
    const order = await orderOf(page, name);
    await page.goto(order);
    await expect(page.getByText("试点：上城区（由业主单位开始）")).toBeVisible();
    await isApproved(page, order, server.address);

    await page.goto("/service");
    await expect(page.getByRole("row").filter({ hasText: name }).locator(".state-chip")).toHaveText("已发布 · 待上线");
    await page.goto(`/publications/${id}`);
    await interactive(page);
    const chip = page.locator(".state-chip").first();
    const plan = page.getByRole("region", { name: "上线计划" });
    await expect(plan).toContainText("版本 1.0.0：3 个站点中 0 个已上线");
    expect((await asks(page, `${live}?site=330102`)).status).toBe(404);
    await plan.getByRole("button", { name: /现在上线\s*：试点/ }).click();
    await expect(chip).toHaveText("已发布 · 分批中");
    await expect(plan).toContainText("3 个站点中 1 个已上线");
    await fit(page);

    // Somebody of 上城区 has it from now on, whichever page of it they open; others do not.
    const visitor = await browser.newPage();
    await visitor.goto(`${live}?site=330102`);
    await expect(visitor.getByRole("heading", { name: "第一版" })).toBeVisible();
    await visitor.goto(live);
    await expect(visitor.getByRole("heading", { name: "第一版" })).toBeVisible();
    expect((await asks(developer, live)).status).toBe(404);
    expect((await asks(page, `${live}?site=330106`)).status).toBe(404);
    for (const [site, there] of [["330102", 1], ["330106", 0]] as const) {
        await visitor.goto(`${server.address}/channels/zheli_app?site=${site}`);
        await expect(visitor.getByRole("listitem").filter({ has: visitor.getByRole("heading", { name }) })).toHaveCount(there);
    }

    await plan.getByRole("button", { name: "暂停" }).click();
    await expect(chip).toHaveText("已发布 · 已暂停");
    await expect(plan.getByRole("button", { name: /现在上线/ })).toHaveCount(0);
    await page.getByText("更多", { exact: false }).first().click();
    await expect(page.getByText(/上线计划还没有完成/)).not.toHaveCount(0);
    await page.keyboard.press("Escape");
    await plan.getByRole("button", { name: "继续" }).click();
    await expect(chip).toHaveText("已发布 · 分批中");
    // Without scripts, too.
    const storageState = await page.context().storageState();
    const plain = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false, storageState });
    const bare = await plain.newPage();
    await bare.goto(`/publications/${id}`);
    await bare.getByRole("button", { name: /现在上线\s*：其余/ }).click();
    await expect(bare.locator(".state-chip").first()).toHaveText("已发布");
    await plain.close();
    await page.reload();
    await expect(chip).toHaveText("已发布");
    await expect(plan).toHaveCount(0);
    expect((await asks(page, live)).text).toContain("第一版");

    // The next one goes back.
    await page.goto(`/publications/${id}/act/upgrade`);
    await interactive(page);
    await page.getByRole("button", { name: "版本升级" }).click();
    await expect(chip).toHaveText("升级部署中");
    await submitsForAcceptance(developer, id, await sends(developer, id, app("第二版"), "1.1.0"));
    await accepts(page, id);
    await fillsIn(page, id);
    await field.getByLabel("定时").check();
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator("#error-summary")).toContainText("请填写定时发布的日期和时间");
    await field.getByLabel("上线时间").fill("2099-01-31T09:00");
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("升级审批中");
    await isApproved(page, await orderOf(page, name), server.address);
    await page.goto(`/publications/${id}`);
    await interactive(page);
    await expect(chip).toHaveText("已发布 · 待上线");
    await expect(plan).toContainText("2099-01-31 09:00 自动上线");
    await developer.goto(`/publications/${id}`);
    await expect(developer.getByRole("region", { name: "上线计划" })).toContainText("2099-01-31 09:00 自动上线");
    await expect(developer.getByRole("button", { name: "暂停" })).toHaveCount(0);
    await plan.getByText("回到旧版本", { exact: true }).click();
    await fit(page);
    await plan.getByRole("button", { name: "确认回到旧版本" }).click();
    await expect(chip).toHaveText("已发布");
    await expect(plan).toHaveCount(0);
    expect((await asks(page, `${live}?site=330102`)).text).toContain("第一版");
    await page.goto(`/publications/${id}?tab=history`);
    for (const word of ["上线：试点", "暂停上线", "继续上线", "上线：其余", "回到旧版本"]) {
        await expect(page.getByRole("listitem").filter({ hasText: word }).first()).toBeVisible();
    }
    await developer.goto("/inbox");
    await expect(developer.getByRole("link", { name: `「${name}」已回到上线前的状态，这次上线结束` })).toBeVisible();
    for (const one of [visitor, developer]) await one.context().close();
});
