// screens.md, 工单看板.
import { approves, as, submits } from "./support/ordering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

test("the numbers move the moment something happens, and lead to their lists @phone", async ({ page, browser, server }, info) => {
    const name = `看板_${info.project.name}`;
    await signIn(page, "郑凯", "/dashboard");
    await interactive(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("工单看板");
    await fit(page);
    const value = async (word: string) =>
        Number(((await page.getByRole("link", { name: new RegExp(`^${word}`) }).locator("strong").innerText()).match(/\d+/) ?? ["0"])[0]);
    const [waiting, done, live] = [await value("审批中"), await value("今日完成"), await value("今日上线")];

    const staff = await as(browser, server.address, "王建国", "/orders/initiated");
    const order = await submits(staff, name);
    await expect.poll(() => value("审批中"), "another browser's commit is seen here").toBe(waiting + 1);
    await expect(page.getByRole("row", { name: /^发布/ }).first()).toBeVisible();
    await expect(page.getByRole("row", { name: /^李敏/ })).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: `王建国 提交审批 ${name}` })).toBeVisible();
    for (const reviewer of ["李敏", "周涛"]) {
        const other = await as(browser, server.address, reviewer, order);
        await approves(other);
        await other.context().close();
    }
    await expect.poll(() => value("今日完成")).toBe(done + 1);
    await expect.poll(() => value("今日上线")).toBe(live + 1);
    await expect(page.getByRole("row", { name: /第 2 步/ })).toBeVisible();
    await fit(page);

    await page.getByRole("link", { name: "大屏" }).click();
    await expect(page).toHaveURL(/wall=1/);
    await expect(page.getByRole("navigation", { name: "主导航" })).toBeHidden();
    await fit(page);
    await page.getByRole("link", { name: "退出大屏" }).click();
    await expect(page).toHaveURL(/\/dashboard$/);
    await page.getByRole("link", { name: /^审批中/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("全部工单");
    await interactive(page);
    await fit(page);
});

test("it reads without scripts, in the dark, and not by who has no business with it", async ({ browser, server }) => {
    const staff = await as(browser, server.address, "王建国", "/");
    const storageState = await staff.context().storageState();
    const plain = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false, colorScheme: "dark", storageState });
    const page = await plain.newPage();
    await page.goto("/dashboard");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("工单看板");
    await expect(page.getByRole("link", { name: /^审批中/ })).toHaveAttribute("href", "/orders/initiated");
    await plain.close();
    const auditor = await browser.newContext({ baseURL: server.address });
    const other = await auditor.newPage();
    await signIn(other, "卫平", "/");
    expect((await other.goto("/dashboard"))?.status()).toBe(403);
    await auditor.close();
});
