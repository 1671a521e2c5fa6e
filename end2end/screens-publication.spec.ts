// screens.md, Publication: 历史.
import { readFile } from "node:fs/promises";
import { accepts, sends, submitsForAcceptance } from "./support/publishing.ts";
import { registers, sameOrigin } from "./support/registering.ts";
import { WEB, as, asksForApproval, rowOf } from "./support/ordering.ts";
import { expect, filters, fit, interactive, signIn, test } from "./support/test.ts";
import { fixture } from "./support/zip.ts";

test("历史 says who did what, before and after; it is filtered, paged and taken out @phone", async ({ page }, info) => {
    const name = `有历史的服务_${info.project.name}`;
    await signIn(page, "何敏", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    await page.goto(`/publications/${id}/correction`);
    await interactive(page);
    await page.getByLabel("服务介绍").fill("换了一句话的简介");
    await page.getByRole("button", { name: "保存修改" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);

    await page.getByRole("link", { name: "历史" }).click();
    const lines = page.locator(".history > li");
    await expect(lines).toHaveCount(2);
    await expect(lines.first()).toContainText("何敏 修改登记信息");
    await lines.first().getByText("变更前后（1 项）").click();
    await expect(lines.first().getByRole("table")).toContainText("换了一句话的简介");
    await fit(page);
    await filters(page, () => page.getByLabel("事项").selectOption("注册"));
    await expect(lines).toHaveCount(1);
    await expect(page).toHaveURL((url) => url.searchParams.get("action") === "register");
    await filters(page, () => page.getByLabel("经办人").fill("赵磊"));
    await expect(page.getByText("没有符合条件的记录")).toBeVisible();
    await fit(page);
    await page.getByRole("link", { name: "看全部记录" }).click();
    await expect(lines).toHaveCount(2);

    const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "导出 CSV" }).click()]);
    expect(csv.suggestedFilename()).toBe(`${name}-历史.csv`);
    expect(await readFile(await csv.path(), "utf8")).toContain("服务介绍：");
    const [xlsx] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "导出 XLSX" }).click()]);
    expect((await readFile(await xlsx.path())).subarray(0, 2).toString()).toBe("PK");
});

test("a long history has pages", async ({ page }) => {
    const name = "来回的服务";
    await signIn(page, "王建国", "/service");
    await registers(page, name, WEB);
    const { id } = await rowOf(page, name);
    for (let n = 0; n < 10; n += 1) {
        const order = (await asksForApproval(page, name)).replace("/orders/", "");
        const form = { id: order, seen: "1", key: crypto.randomUUID() };
        const answer = await page.request.post("/api/work_order/withdraw", { headers: sameOrigin(page), form });
        expect(answer.ok(), await answer.text()).toBe(true);
    }
    await page.goto(`/publications/${id}?tab=history`);
    await interactive(page);
    await expect(page.getByText("共 21 条")).toBeVisible();
    const lines = page.locator(".history > li");
    await expect(lines).toHaveCount(20);
    await page.getByRole("link", { name: "下一页" }).click();
    await expect(lines).toHaveCount(1);
    await expect(lines).toContainText("王建国 注册");
    await page.getByRole("link", { name: "上一页" }).click();
    await expect(lines.first()).toContainText("王建国 撤回申请");
});

test("轮到谁了 says why the last request was refused, to staff, the reviewer and the developer", async ({ page, browser, server }) => {
    test.setTimeout(90_000);
    const name = "材料不全的服务";
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    await submitsForAcceptance(developer, id, await sends(developer, id, fixture("static-card")));
    await accepts(page, id);
    const order = await asksForApproval(page, name);
    const reviewer = await as(browser, server.address, "李敏", order);
    await reviewer.getByRole("button", { name: "拒绝", exact: true }).click();
    await reviewer.getByLabel("拒绝原因").fill("缺少兼容性测试");
    await reviewer.getByRole("button", { name: "确认拒绝" }).click();
    await expect(reviewer.getByRole("status").filter({ hasText: "已拒绝" })).toBeVisible();
    for (const [who, address, opens] of [[page, `/publications/${id}`, true], [reviewer, `/publications/${id}`, true], [developer, `/dev/${id}`, false]] as const) {
        await who.goto(address);
        const card = who.getByRole("region", { name: "轮到谁了" });
        await expect(card.locator(".notice")).toContainText(/上次未通过：缺少兼容性测试（李敏，.*）/);
        await expect(card.getByRole("link", { name: "查看工单" })).toHaveCount(opens ? 1 : 0);
        await fit(who);
    }
    await page.getByRole("link", { name: "查看工单" }).click();
    await expect(page).toHaveURL(new RegExp(`${order}$`));
    for (const other of [reviewer, developer]) await other.context().close();
});
