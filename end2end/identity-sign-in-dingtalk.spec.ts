// identity.md, Sign-in and Work notifications: 浙政钉 by redirect, inside the app, and the way from a notification to its order.
import { type BrowserContext } from "@playwright/test";
import { Gateway, ID, STRANGER } from "./support/gateway.ts";
import { as, submits } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, lends, processes, signIn } from "./support/test.ts";

const PEOPLE = [
    { account_id: ID.王建国, name: "王建国", mobile: "13900000101" },
    { account_id: ID.赵磊, name: "赵磊", mobile: "13800000001" },
    { account_id: ID.李敏, name: "李敏", mobile: "13900000106" },
    { account_id: ID.冯雪, name: "冯雪", mobile: "13900000110" },
    STRANGER,
];

/** A site of its own, which has a gateway. */
const test = base.extend<object, { gateway: Gateway; server: Server }>({
    gateway: [
        async ({}, use) => {
            const gateway = await Gateway.start(PEOPLE);
            await use(gateway);
            await gateway.stop();
        },
        { scope: "worker" },
    ],
    server: [
        async ({ gateway }, use, worker) => {
            const server = await Server.start(gateway.flags, { processes: processes(worker.project.name) });
            await lends(server, use);
            expect(server.log, "no code and no secret is logged").not.toMatch(/test-secret|auth_code=|code=code/);
        },
        { scope: "worker" },
    ],
});

/** Makes the browser the app, in the hands of this person. */
async function inApp(context: BrowserContext, gateway: Gateway, accountId: number): Promise<void> {
    await context.exposeFunction("fakeAuthCode", () => gateway.authCode(accountId));
    await context.addInitScript(() => {
        const asked = (window as unknown as { fakeAuthCode: () => Promise<string> }).fakeAuthCode;
        const dd = { getAuthCode: async () => ({ auth_code: await asked() }) };
        Object.defineProperty(window, "dd", { value: dd });
    });
}

test("a browser goes to 浙政钉 and comes back to where it was going, once @phone", async ({ page }) => {
    await page.goto("/login?next=/orders/waiting");
    await interactive(page);
    await expect(page.getByRole("link", { name: "浙政钉登录" })).toBeVisible();
    await fit(page);
    const came = page.waitForRequest(/\/dingtalk\/callback\?/);
    await page.getByRole("link", { name: "浙政钉登录" }).click();
    await page.getByRole("link", { name: "李敏" }).click();
    await page.waitForURL("**/orders/waiting");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

    // The same address again, as from the history of a shared machine.
    const back = (await came).url();
    // The page that is left must not ask for anything without its session.
    await page.goto("about:blank");
    await page.context().clearCookies({ name: "__Host-session" });
    await page.goto(back);
    await page.waitForURL(/\/login\?problem=outside-over/);
    await expect(page.getByRole("alert")).toContainText("这次登录已过期或已经用过");
});

test("the way back begun in another browser signs nobody in", async ({ page, browser, server }) => {
    await page.goto("/dingtalk/sign-in?next=/");
    const back = page.waitForRequest(/\/dingtalk\/callback\?/);
    await page.route("**/dingtalk/callback?*", (route) => route.abort());
    await page.getByRole("link", { name: "李敏" }).click({ noWaitAfter: true });
    const other = await browser.newContext({ baseURL: server.address });
    const victim = await other.newPage();
    await victim.goto((await back).url());
    await expect(victim).toHaveURL(/\/login\?problem=outside-over/);
    expect((await other.cookies()).map((cookie) => cookie.name)).not.toContain("__Host-session");
    await other.close();
});

test.describe("who may not come in", () => {
    for (const [name, sentence] of [
        ["冯雪", "管理员不能用浙政钉登录"],
        ["陌生人", "还没有关联本系统的账号"],
    ] as const) {
        test(`is told why on the sign-in page: ${name} @phone`, async ({ page }) => {
            await page.goto("/dingtalk/sign-in");
            await page.getByRole("link", { name }).click();
            await page.waitForURL(/\/login\?problem=outside-/);
            await interactive(page);
            await expect(page.getByRole("alert")).toContainText(sentence);
            await fit(page);
        });
    }

    test("nobody is led to another site", async ({ page, server }) => {
        for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
            // The page that is left must not ask for anything without its session.
            await page.goto("about:blank");
            await page.context().clearCookies();
            await page.goto(`/dingtalk/sign-in?next=${encodeURIComponent(next)}`);
            await page.getByRole("link", { name: "李敏" }).click();
            await page.waitForURL(`${server.address}/`);
        }
    });
});

test("inside the app one is signed in without a page @phone", async ({ page, gateway }) => {
    await inApp(page.context(), gateway, ID.李敏);
    await page.goto("/dingtalk/enter?next=/orders/waiting");
    await page.waitForURL("**/orders/waiting");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("outside of the app the entrance leads to the sign-in page, which goes on @phone", async ({ page }) => {
    await page.goto("/dingtalk/enter?next=/orders/waiting");
    await page.waitForURL("**/login?next=/orders/waiting");
    await interactive(page);
    await expect(page.getByLabel("账号")).toBeVisible();
});

test("a notification's link opens the order on the phone, without a page in between @phone", async ({ page, browser, server, gateway }, info) => {
    const name = `通知直达_${info.project.name}`;
    const staff = await as(browser, server.address, "王建国", "/");
    const order = await submits(staff, name);
    const told = async () => (await gateway.sent()).find((sent) => sent.reached.includes(ID.李敏) && sent.msg.action_card.title.includes(name));
    await expect.poll(told).toBeTruthy();
    const card = (await told())!.msg.action_card;
    expect(card.single_pc_url).toContain(order);

    const seen: string[] = [];
    page.on("framenavigated", (frame) => seen.push(new URL(frame.url()).pathname));
    await inApp(page.context(), gateway, ID.李敏);
    await page.goto(card.single_url.replace(/^http:\/\/[^/]+/, server.address));
    await page.waitForURL(`**${order}`);
    await interactive(page);
    await expect(page.getByRole("button", { name: "同意" })).toBeVisible();
    expect(seen).not.toContain("/login");
    await fit(page);

    // Signed in, the next link opens at once; and what was decided is withdrawn from the app.
    await page.goto(`/dingtalk/enter?next=${order}`);
    await page.waitForURL(`**${order}`);
    await staff.goto(order);
    await interactive(staff);
    await staff.getByRole("button", { name: "撤回" }).click();
    await staff.getByRole("dialog").getByRole("button", { name: /撤回/ }).click();
    await expect.poll(async () => (await told())?.is_revoked).toBe(true);
    await staff.context().close();
});

test.describe("contacts", () => {
    // The server refuses what the browser can not know.
    test.use({ tolerated: [/422/] });

    test("the contacts' numbers are looked up: unknown ones are refused, and while the gateway is away they are taken with a notice", async ({ page, gateway }) => {
        await signIn(page, "王建国", "/");
        const unknown = registers(page, "没有此人", { "draft[contacts][0][phone]": "13800000077" });
        await expect(unknown).rejects.toThrow(/浙政钉里没有这个手机号/);
        // A correction is asked for the same.
        await registers(page, "联系人核对");
        await page.goto("/service?q=联系人核对");
        await interactive(page);
        await page.getByRole("row", { name: /联系人核对/ }).getByRole("link", { name: "修改登记信息" }).first().click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("修改登记信息：联系人核对");
        await page.getByRole("button", { name: "添加联系人" }).click();
        await page.getByLabel("真实姓名").nth(1).fill("孙悦");
        await page.getByLabel("手机号").nth(1).fill("13800000077");
        await page.getByRole("button", { name: "保存修改" }).click();
        await expect(page.getByRole("group", { name: /1 处需要修改/ })).toBeFocused();
        await expect(page.getByLabel("手机号").nth(1)).toHaveAccessibleDescription(/浙政钉里没有这个手机号/);
        // Both numbers are asked for at once: who is asked first is open.
        await gateway.fails("http500", "/mozi/employee/get_by_mobile", 2);
        await page.getByRole("button", { name: "保存修改" }).click();
        await expect(page.getByRole("status").filter({ hasText: "没有核对" })).toBeVisible();
        await expect(page.getByRole("heading", { level: 1 })).toContainText("联系人核对");
        await fit(page);
    });
});
