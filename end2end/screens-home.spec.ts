// screens.md, Home (工作台) and Shell: what waits for whom, and the number beside 待我审批.
import { approves, as, submits } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

test("what waits for a reviewer is on the cards and counted; a decision takes it off @phone", async ({ page, browser, server }, info) => {
    test.slow();
    const name = `港航事务办理_${info.project.name}`;
    await signIn(page, "陈静", "/orders/initiated");
    const order = await submits(page, name);
    await registers(page, `等开发商的服务_${info.project.name}`);
    await page.goto("/");
    await interactive(page);
    const waiting = page.getByRole("region", { name: /^你在等/ });
    await expect(waiting.getByRole("link", { name, exact: true })).toBeVisible();
    await expect(waiting.getByText(/审核人员（第 1\/1 步） · 刚刚/).first()).toBeVisible();
    await expect(waiting.getByText(/开发商 · 刚刚/).first()).toBeVisible();
    await fit(page);

    const li = await as(browser, server.address, "吴芳", "/");
    const badge = li.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: /^待/ }).locator(".badge");
    await expect(badge).toContainText(/[1-9]/);
    await fit(li);
    const count = Number((await badge.innerText()).replace(/\D/g, ""));
    await li.goto(order);
    await interactive(li);
    await approves(li);
    if (count > 1) await expect(badge).toContainText(String(count - 1));
    else await expect(badge).toHaveCount(0);
    await li.context().close();
});

test("a new account is shown where to begin, and who is not signed in the way in @phone", async ({ page, browser, server }) => {
    await page.goto("/");
    await interactive(page);
    await expect(page.getByRole("main").getByRole("link", { name: "登录" })).toBeVisible();
    await fit(page);
    const zheng = await as(browser, server.address, "郑凯", "/");
    await expect(zheng.getByText("没有等你处理的事")).toBeVisible();
    await expect(zheng.getByRole("region", { name: "从这里开始" }).getByRole("link")).toHaveCount(3);
    await fit(zheng);
    await zheng.getByRole("link", { name: "打开待我审批" }).click();
    await expect(zheng.getByRole("heading", { level: 1 })).toHaveText("待我审批");
    await zheng.context().close();
});
