// identity.md, Developers: the mobile number is a developer's identity, whoever names it, wherever it moves.
import { type Page } from "@playwright/test";
import { as, rowOf } from "./support/ordering.ts";
import { VENDOR, registers } from "./support/registering.ts";
import { Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, ownSite, signIn } from "./support/test.ts";

/** A site of its own: its people's numbers move. */
const test = base.extend<object, { server: Server }>({
    server: ownSite(),
});

// A contact who was taken out looks at the page once more.
test.use({ tolerated: [/404/] });

/** Another vendor than `registers` names: it knows the man of the same number by another name, and has somebody of its own. */
const OTHER = {
    "draft[vendor]": "宁波海纳软件有限公司",
    "draft[credit_code]": "91350100M000100Y43",
    "draft[contacts][0][name]": "赵小磊",
    "draft[contacts][1][name]": "孙悦",
    "draft[contacts][1][phone]": "13800000002",
};

/** Opens the publication of this name as its staff; answers its id. */
async function opens(page: Page, name: string): Promise<string> {
    const { id } = await rowOf(page, name);
    await page.goto(`/publications/${id}`);
    await interactive(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    return id;
}

/** 确认联系人, on the page of the publication. */
async function confirms(page: Page): Promise<void> {
    const confirmed = page.waitForResponse("**/api/publication/confirm_contacts");
    await page.getByRole("button", { name: "确认联系人" }).click();
    expect((await confirmed).status()).toBe(200);
    await expect(page.getByText("联系人待确认：")).toBeHidden();
}

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

test("one number that two vendors name, as two names, is one developer; it moves: 联系人待确认, until the staff of each confirm @phone", async ({
    page,
    browser,
    server,
}) => {
    test.setTimeout(180_000);
    await signIn(page, "王建国", "/service");
    await registers(page, "号码迁移甲");
    const other = await as(browser, server.address, "陈静", "/service");
    await registers(other, "号码迁移乙", OTHER);
    // Each department sees the vendor that it named, and the person as that vendor calls him.
    const id = await opens(page, "号码迁移甲");
    await expect(page.getByText(VENDOR.name, { exact: true })).toBeVisible();
    await expect(page.getByText("赵磊 13800000001")).toBeVisible();
    const theirs = await opens(other, "号码迁移乙");
    await expect(other.getByText(OTHER["draft[vendor]"], { exact: true })).toBeVisible();
    await expect(other.getByText("赵小磊 13800000001")).toBeVisible();
    await fit(other);
    for (const [staff, of] of [[page, theirs], [other, id]] as const) expect((await staff.request.get(`/publications/${of}`)).status()).toBe(404);
    // Whoever holds the number is both vendors' developer; the second vendor's other developer has nothing of the first.
    const zhao = await as(browser, server.address, "赵磊", "/dev");
    for (const name of ["号码迁移甲", "号码迁移乙"]) await expect(zhao.getByRole("link", { name })).toBeVisible();
    const sun = await as(browser, server.address, "孙悦", "/dev");
    await expect(sun.getByRole("link", { name: "号码迁移乙" })).toBeVisible();
    await expect(sun.getByRole("link", { name: "号码迁移甲" })).toHaveCount(0);
    expect((await sun.request.get(`/dev/${id}`)).status()).toBe(404);

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
    // Staff are asked about whom they named.
    await opens(page, "号码迁移甲");
    await expect(page.getByText("赵磊（13800000001） 的手机号")).toBeVisible();
    await fit(page);
    await confirms(page);
    await sun.reload();
    await expect(sun.getByRole("link", { name: "号码迁移甲" })).toBeVisible();
    // The other department has not confirmed.
    await expect(sun.getByRole("link", { name: "号码迁移乙" })).toHaveCount(0);
    await opens(other, "号码迁移乙");
    await expect(other.getByText("赵小磊（13800000001）、孙悦（13800000002） 的手机号")).toBeVisible();
    await confirms(other);
    await sun.reload();
    await expect(sun.getByRole("link", { name: "号码迁移乙" })).toBeVisible();
    await zhao.reload();
    await expect(zhao.getByRole("link", { name: /号码迁移/ })).toHaveCount(0);

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
    expect((await sun.goto(`/dev/${theirs}`))?.status(), "of the other vendor still").toBe(200);
    await zhao.goto(`/dev/${id}`);
    await expect(zhao.getByRole("heading", { level: 1 })).toHaveText("号码迁移甲");
    expect((await zhao.goto(`/dev/${theirs}`))?.status()).toBe(404);
    await zhao.goto(`/dev/${id}`);
    await fit(zhao);
    await moves(administrator, "sunyue", "13800000002");
    await moves(administrator, "zhaolei", "13800000001");
    for (const one of [other, zhao, sun, administrator]) await one.context().close();
});
