// screens.md, 工单看板.
import type { Page } from "@playwright/test";
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

/** Each number that links to a list, where it leads, and how many rows it promises. */
async function numbers(page: Page): Promise<{ way: string; n: number }[]> {
    const links = page.getByRole("main").locator("a[href*='/orders/'], a[href='/dashboard/live']");
    const all = await links.evaluateAll((found) =>
        found.map((link) => ({ way: link.getAttribute("href") ?? "", text: (link.querySelector("strong") ?? link).textContent ?? "" })),
    );
    // A share and a duration are no numbers of rows.
    return all.filter(({ text }) => /^\s*\d+\s*件?\s*$/.test(text)).map(({ way, text }) => ({ way, n: Number.parseInt(text.trim(), 10) }));
}

test("each number is a link, and its list has exactly that many rows, whoever looks", async ({ page, browser, server }) => {
    test.setTimeout(120_000);
    const staff = await as(browser, server.address, "王建国", "/orders/initiated");
    const reviewer = await as(browser, server.address, "李敏", "/orders/waiting");
    await submits(staff, "数一_待审");
    await submits(staff, "数二_待审");
    await reviewer.goto(await submits(staff, "数三_已拒"));
    await reviewer.getByRole("button", { name: "拒绝", exact: true }).click();
    await reviewer.getByRole("dialog").getByLabel("拒绝原因").fill("测试报告缺少附件");
    await reviewer.getByRole("dialog").getByRole("button", { name: "确认拒绝" }).click();
    await expect(reviewer.getByRole("status").filter({ hasText: "已拒绝" })).toBeVisible();
    const live = await submits(staff, "数四_上线");
    for (const name of ["李敏", "周涛"]) {
        const other = await as(browser, server.address, name, live);
        await approves(other);
        await other.context().close();
    }
    for (const [name, least] of [["郑凯", 12], ["王建国", 12], ["李敏", 8]] as const) {
        await test.step(name, async () => {
            await signIn(page, name, "/dashboard");
            await page.getByText("数据", { exact: true }).click();
            const found = await numbers(page);
            expect(found.filter(({ n }) => n > 0).length).toBeGreaterThanOrEqual(least);
            for (const { way, n } of found) {
                // As the server sends it: there is a page for each of some sixty numbers.
                const answer = await page.request.get(`${way}${way.includes("?") ? "&" : "?"}size=100`);
                expect((await answer.text()).split('<th scope="row"').length - 1, way).toBe(n);
            }
        });
    }
    await page.goto("/dashboard");
    await interactive(page);
    await page.getByRole("row", { name: /^李敏/ }).getByRole("link").click();
    await expect(page.getByText("等 李敏")).toBeVisible();
    await fit(page);
    await page.getByRole("link", { name: /^等 李敏/ }).click();
    await expect(page.getByText("等 李敏")).toBeHidden();
    for (const person of [staff, reviewer]) await person.context().close();
});

test("it reads without scripts, in the dark, and not by who has no business with it", async ({ browser, server }) => {
    const staff = await as(browser, server.address, "王建国", "/");
    const storageState = await staff.context().storageState();
    const plain = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false, colorScheme: "dark", storageState });
    const page = await plain.newPage();
    await page.goto("/dashboard");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("工单看板");
    await expect(page.getByRole("link", { name: /^审批中/ })).toHaveAttribute("href", "/orders/administered");
    await plain.close();
    const auditor = await browser.newContext({ baseURL: server.address });
    const other = await auditor.newPage();
    await signIn(other, "卫平", "/");
    expect((await other.goto("/dashboard"))?.status()).toBe(403);
    await auditor.close();
});
