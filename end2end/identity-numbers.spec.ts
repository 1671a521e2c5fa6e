// identity.md, Developers: the mobile number is a developer's identity, whoever names it, wherever it moves.
import { type Page } from "@playwright/test";
import { as, rowOf } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, ownSite, signIn } from "./support/test.ts";

/** A site of its own: its people's numbers move. */
const test = base.extend<object, { server: Server }>({
    server: ownSite(),
});

// A contact who was taken out looks at the page once more.
test.use({ tolerated: [/404/] });

/** 冯雪 writes another number into somebody's account. */
async function moves(page: Page, account: string, number: string): Promise<void> {
    await page.goto(`/admin/accounts?q=${account}`);
    await page.getByRole("row").filter({ hasText: account }).getByRole("link").first().click();
    await interactive(page);
    await page.getByLabel("手机号").fill(number);
    const saved = page.waitForResponse((answer) => answer.url().includes("/api/account/") && answer.request().method() === "POST");
    await page.getByRole("button", { name: "保存" }).click();
    expect((await saved).status()).toBe(200);
}

test("a number that two vendors' applications name moves to another person: 联系人待确认, until staff confirm @phone", async ({
    page,
    browser,
    server,
}) => {
    test.slow();
    await signIn(page, "王建国", "/service");
    await registers(page, "号码迁移甲");
    const other = await as(browser, server.address, "何敏", "/service");
    await registers(other, "号码迁移乙");
    const zhao = await as(browser, server.address, "赵磊", "/dev");
    for (const name of ["号码迁移甲", "号码迁移乙"]) await expect(zhao.getByRole("link", { name })).toBeVisible();
    const sun = await as(browser, server.address, "孙悦", "/dev");
    await expect(sun.getByRole("link", { name: "号码迁移甲" })).toHaveCount(0);

    const administrator = await as(browser, server.address, "冯雪", "/");
    await moves(administrator, "zhaolei", "13911110001");
    await moves(administrator, "sunyue", "13800000001");
    // Another number is another person: both sign in again, and neither sees what waits for staff.
    for (const [developer, name] of [[zhao, "赵磊"], [sun, "孙悦"]] as const) {
        await developer.reload();
        await expect(developer.getByRole("heading", { level: 1 })).toHaveText("登录");
        await signIn(developer, name, "/dev");
        await expect(developer.getByRole("link", { name: /号码迁移/ })).toHaveCount(0);
    }
    const { id } = await rowOf(page, "号码迁移甲");
    await page.goto(`/publications/${id}`);
    await interactive(page);
    await expect(page.getByText("联系人待确认：")).toBeVisible();
    await fit(page);
    const confirmed = page.waitForResponse("**/api/publication/confirm_contacts");
    await page.getByRole("button", { name: "确认联系人" }).click();
    expect((await confirmed).status()).toBe(200);
    await expect(page.getByText("联系人待确认：")).toBeHidden();
    await sun.reload();
    await expect(sun.getByRole("link", { name: "号码迁移甲" })).toBeVisible();
    // The other department has not confirmed.
    await expect(sun.getByRole("link", { name: "号码迁移乙" })).toHaveCount(0);

    // A contact who is taken out is out at once, signed in or not.
    await sun.goto(`/dev/${id}`);
    await expect(sun.getByRole("heading", { level: 1 })).toHaveText("号码迁移甲");
    await page.goto(`/publications/${id}/correction`);
    await interactive(page);
    await page.getByLabel("真实姓名").first().fill("赵磊");
    await page.getByLabel("手机号").first().fill("13911110001");
    await page.getByRole("button", { name: "保存修改" }).click();
    await expect(page).toHaveURL(new RegExp(`/publications/${id}$`));
    await expect(page.getByText("13911110001")).toBeVisible();
    expect((await sun.goto(`/dev/${id}`))?.status()).toBe(404);
    await zhao.goto(`/dev/${id}`);
    await expect(zhao.getByRole("heading", { level: 1 })).toHaveText("号码迁移甲");
    await fit(zhao);
    await moves(administrator, "sunyue", "13800000002");
    await moves(administrator, "zhaolei", "13800000001");
    for (const one of [other, zhao, sun, administrator]) await one.context().close();
});
