// screens.md, Words (Conflicts), and lifecycle.md, Transitions: two of the staff at once, and pages that are older than what they show.
import { type Browser, type Page } from "@playwright/test";
import { as, rowOf, WEB } from "./support/ordering.ts";
import { sends, submitsForAcceptance } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { fixture } from "./support/zip.ts";

// The second one's request is refused, and the browser says so.
test.use({ tolerated: [/422|409/] });

/** 王建国 registers it and 赵磊 submits a version for acceptance; answers its id. */
async function waitsForAcceptance(page: Page, browser: Browser, name: string): Promise<string> {
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, new URL(page.url()).origin, "赵磊", `/dev/${id}`);
    await submitsForAcceptance(developer, id, await sends(developer, id, fixture("static-card")));
    await developer.context().close();
    return id;
}

/** The same page in two browsers of 王建国. */
async function both(page: Page, browser: Browser, path: string): Promise<Page> {
    const other = await as(browser, new URL(page.url()).origin, "王建国", path);
    await page.goto(path);
    await interactive(page);
    return other;
}

test("验收成功 twice: one wins, the other reads what happened, and a reason that was typed stays", async ({ page, browser }) => {
    test.setTimeout(60_000);
    const id = await waitsForAcceptance(page, browser, "两人同时验收");
    const other = await both(page, browser, `/publications/${id}/acceptance`);
    await other.getByLabel("拒绝原因").fill("首页文字太小");
    await page.getByRole("button", { name: "验收成功" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");

    await other.getByRole("button", { name: "验收成功" }).click();
    const alert = other.getByRole("alert");
    await expect(alert).toContainText("当前状态为「待发布审批」，不能「验收成功」");
    await other.getByRole("button", { name: "验收拒绝" }).click();
    await expect(alert).toContainText("当前状态为「待发布审批」，不能「验收拒绝」");
    await expect(other.getByLabel("拒绝原因")).toHaveValue("首页文字太小");
    await fit(other);

    await page.getByRole("link", { name: "历史" }).click();
    await expect(page.getByRole("main").getByText("王建国 验收成功", { exact: true })).toHaveCount(1);
});

test("a colleague's 验收拒绝 is not overridden by who has not seen it", async ({ page, browser }) => {
    test.setTimeout(60_000);
    const id = await waitsForAcceptance(page, browser, "没有看到的拒绝");
    const other = await both(page, browser, `/publications/${id}/acceptance`);
    await page.getByLabel("拒绝原因").fill("首页文字太小");
    await page.getByRole("button", { name: "验收拒绝" }).click();
    await expect(page.getByText("上次验收未通过：首页文字太小")).toBeVisible();

    await expect(other.getByRole("button", { name: "内容有更新，点此查看" })).toBeVisible();
    await other.getByRole("button", { name: "验收成功" }).click();
    await expect(other.getByRole("alert")).toContainText("查看现在的情况");
    await other.getByRole("button", { name: "内容有更新，点此查看" }).click();
    await expect(other.getByText("这个版本之前被拒绝过：首页文字太小")).toBeVisible();
    await other.getByRole("button", { name: "验收成功" }).click();
    await expect(other.locator(".state-chip").first()).toHaveText("待发布审批");
});

test("who was late with 验收成功 finds the way to the result", async ({ page, browser }) => {
    test.setTimeout(60_000);
    const id = await waitsForAcceptance(page, browser, "验收晚了一步");
    const other = await both(page, browser, `/publications/${id}/acceptance`);
    await page.getByRole("button", { name: "验收成功" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");
    await other.getByRole("button", { name: "验收成功" }).click();
    await expect(other.getByRole("alert")).toBeVisible();
    await other.getByRole("main").getByRole("link", { name: "查看现在的情况" }).click();
    await expect(other.locator(".state-chip").first()).toHaveText("待发布审批");
});

test("提交审批 twice: there is one order, and the other's form keeps what was typed @phone", async ({ page, browser }, info) => {
    const name = `两人同时提交_${info.project.name}`;
    await signIn(page, "王建国", "/service");
    await registers(page, name, WEB);
    const { id } = await rowOf(page, name);
    const other = await both(page, browser, `/publications/${id}/approval`);
    for (const form of [page, other]) {
        await form.getByLabel("申请说明").fill(form === page ? "首次发布" : "首次发布，第二份");
        await form.getByLabel("测试情况").fill("功能、兼容性测试通过");
        await form.getByLabel("联系电话").fill("13900000009");
    }
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("发布审批中");

    await other.getByRole("button", { name: "提交审批" }).click();
    await expect(other.getByRole("alert")).toContainText("当前状态为「发布审批中」，不能「提交审批」");
    await expect(other.getByLabel("申请说明")).toHaveValue("首次发布，第二份");
    await expect(other.getByLabel("联系电话")).toHaveValue("13900000009");
    await other.locator(`main a[href="/publications/${id}"]`).first().click();
    await expect(other.locator(".state-chip").first()).toHaveText("发布审批中");
    await other.getByRole("navigation", { name: "内容" }).getByRole("link", { name: "工单" }).click();
    await expect(other.getByRole("main").getByRole("link", { name: "发布", exact: true })).toHaveCount(1);
});

test("重新部署 from a page that is older than the acceptance; then the acceptance page is the old one", async ({ page, browser }) => {
    test.setTimeout(60_000);
    const id = await waitsForAcceptance(page, browser, "旧页面上的操作");
    const stale = await both(page, browser, `/publications/${id}/acceptance`);
    const other = await both(page, browser, `/publications/${id}/act/redeploy`);
    await page.goto(`/publications/${id}/acceptance`);
    await interactive(page);
    await page.getByRole("button", { name: "验收成功" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");

    // 重新部署 is allowed from there, too.
    await other.getByRole("button", { name: "重新部署", exact: true }).click();
    await expect(other.locator(".state-chip").first()).toHaveText("部署准备中");
    await stale.getByRole("button", { name: "验收成功" }).click();
    await expect(stale.getByRole("alert")).toContainText("当前状态为「部署准备中」，不能「验收成功」");
    await stale.reload();
    await interactive(stale);
    await expect(stale.getByText("当前状态为「部署准备中」，不能「验收成功」")).toBeVisible();
    await stale.getByRole("link", { name: "回到详情" }).click();
    await expect(stale.locator(".state-chip").first()).toHaveText("部署准备中");
});
