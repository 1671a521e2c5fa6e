// identity.md, Work notifications: what is told outside of the product, and what could not be.
import { as } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { Robot } from "./support/robot.ts";
import { Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, lends, processes, signIn } from "./support/test.ts";

const NONE = "没有发送失败的通知";

/** A site of its own, which tells a group. */
const test = base.extend<object, { robot: Robot; server: Server }>({
    robot: [
        async ({}, use) => {
            const robot = await Robot.start();
            await use(robot);
            await robot.stop();
        },
        { scope: "worker" },
    ],
    server: [
        async ({ robot }, use, worker) => lends(await Server.start(robot.flags, { processes: processes(worker.project.name) }), use),
        { scope: "worker" },
    ],
});

test("what the group's robot refuses is listed, and sent again under the same id @phone", async ({ page, browser, server, robot }, info) => {
    const name = `通知失败_${info.project.name}`;
    await signIn(page, "冯雪", "/");
    await page.goto("/admin/notifications");
    await interactive(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("通知");
    await expect(page.getByRole("row", { name: /群机器人.*127\.0\.0\.1/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /电子邮件.*未配置/ })).toBeVisible();
    await expect(page.getByText(NONE)).toBeVisible();
    await expect(page.getByText("access_token")).toHaveCount(0);
    await fit(page);

    robot.refuses = true;
    const staff = await as(browser, server.address, "王建国", "/");
    await registers(staff, name);
    const row = page.getByRole("row", { name: new RegExp(`「${name}」已登记.*群机器人.*赵磊.*对方答复 HTTP 400`) });
    await expect(async () => {
        await page.reload();
        await expect(row).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await interactive(page);
    await fit(page);

    robot.refuses = false;
    await row.getByRole("button", { name: /重新发送/ }).click();
    await expect(page.getByRole("status").filter({ hasText: "已重新排队" })).toBeVisible();
    await expect(page.getByText(NONE)).toBeVisible();
    const sent = () => robot.came.filter(({ title }) => title.includes(name));
    await expect.poll(() => sent().length).toBe(2);
    expect(new Set(sent().map(({ id }) => id)).size, "one id").toBe(1);
    await staff.context().close();
});

test("without scripts all that failed is sent again at once; nobody else sees it", async ({ browser, server, robot }) => {
    const administrator = await as(browser, server.address, "冯雪", "/");
    const context = await browser.newContext({
        baseURL: server.address,
        javaScriptEnabled: false,
        storageState: await administrator.context().storageState(),
    });
    const plain = await context.newPage();
    const staff = await as(browser, server.address, "王建国", "/");
    robot.refuses = true;
    for (const name of ["无脚本通知一", "无脚本通知二"]) await registers(staff, name);
    await expect(async () => {
        await plain.goto("/admin/notifications");
        await expect(plain.getByRole("button", { name: /^重新发送/ })).toHaveCount(2, { timeout: 1_000 });
    }).toPass();
    robot.refuses = false;
    await plain.getByRole("button", { name: "全部重新发送（2）" }).click();
    await expect(plain).toHaveURL(/\/admin\/notifications$/);
    await expect(plain.getByText(NONE)).toBeVisible();
    expect((await staff.request.get("/admin/notifications")).status()).toBe(403);
    await context.close();
    for (const page of [administrator, staff]) await page.context().close();
});
