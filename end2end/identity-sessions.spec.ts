// identity.md, Sign-in: sessions, listed and ended by their owner and by the 安全管理员; the policy is a setting.
import { as } from "./support/ordering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

test("会话：自己结束其他设备；安全管理员结束任何人的 @phone", async ({ page, browser, server }) => {
    const elsewhere = await as(browser, server.address, "吴芳", "/");
    await signIn(page, "吴芳", "/me");
    await page.getByRole("link", { name: "我的会话" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("我的会话");
    await expect(page.getByText("本机，正在使用")).toHaveCount(1);
    await interactive(page);
    await fit(page);
    await page.getByRole("button", { name: "结束其他会话" }).click();
    await expect(page.getByRole("button", { name: "结束其他会话" })).toHaveCount(0);
    await elsewhere.reload();
    await expect(elsewhere.getByRole("button", { name: "退出" })).toHaveCount(0);
    await elsewhere.context().close();

    const chu = await as(browser, server.address, "褚强", "/admin/sessions");
    await chu.getByLabel("关键字").fill("吴芳");
    await expect(chu.getByRole("row")).toHaveCount(2);
    await fit(chu);
    await chu.getByRole("button", { name: /^结束/ }).first().click();
    await expect(chu.getByText("没有符合条件的会话")).toBeVisible();
    await chu.context().close();
    await page.reload();
    await expect(page.getByRole("button", { name: "退出" })).toHaveCount(0);
});

test("a page that nobody sits at says so of what it asks", async ({ page }) => {
    await page.clock.install();
    await signIn(page, "郑凯", "/dashboard");
    // The figures are asked for every minute.
    const header = async (millis: number) => {
        const [asked] = await Promise.all([page.waitForRequest(/\/api\/dashboard\/figures/), page.clock.runFor(millis)]);
        return asked.headers()["x-by-itself"];
    };
    await page.clock.runFor(30_000);
    await page.keyboard.press("Shift");
    expect(await header(31_000), "somebody was there half a minute ago").toBeUndefined();
    expect(await header(60_000), "nobody is any more").toBe("1");
    await page.clock.runFor(30_000);
    await page.keyboard.press("Shift");
    expect(await header(31_000), "somebody is back").toBeUndefined();
});

test("whoever reads for long is there, and so is a wall", async ({ page }) => {
    await page.clock.install();
    await signIn(page, "郑凯", "/inbox");
    const told: boolean[] = [];
    page.on("request", (request) => {
        if (request.url().endsWith("/api/session/current")) told.push(request.headers()["x-by-itself"] === undefined);
    });
    const rooms = page.getByRole("navigation", { name: "主导航" }).getByRole("link");
    for (let minute = 0; minute < 14; minute++) {
        // What a page asks when another is opened need not be use.
        await rooms.nth(minute % 2).click();
        await page.clock.runFor(60_000);
    }
    await expect.poll(() => told, "every five minutes or so").toEqual([true, true]);
    await page.clock.runFor(20 * 60_000);
    expect(told, "who left is not told of").toHaveLength(2);

    await page.goto("/dashboard?wall=1");
    await interactive(page);
    await page.clock.runFor(5 * 60_000);
    const [asked] = await Promise.all([page.waitForRequest(/\/api\/dashboard\/figures/), page.clock.runFor(60_000)]);
    expect(asked.headers()["x-by-itself"], "whoever hung it up is there").toBeUndefined();
});

test.describe("the policy", () => {
    test.use({ tolerated: [/422/] });

    test("登录策略改了就用在新密码上；填错的留着", async ({ page, browser, server }) => {
        await signIn(page, "褚强", "/admin/policy");
        await interactive(page);
        await fit(page);
        await page.getByLabel("密码最少字符数").fill("3");
        await page.getByRole("button", { name: "保存" }).click();
        await expect(page.getByText("密码最少字符数：请填写 8 到 64 的整数").first()).toBeVisible();
        await page.getByLabel("密码最少字符数").fill("14");
        await page.getByRole("button", { name: "保存" }).click();
        await expect(page.getByText(/现行的是第 \d+ 版，褚强/)).toBeVisible();
        await expect(page.getByRole("table").getByRole("row").nth(1)).toContainText("至少 14 个字符");
        await fit(page);
        const stranger = await browser.newPage({ baseURL: server.address });
        await stranger.goto("/password");
        await expect(stranger.getByText("至少 14 个字符")).toBeVisible();
        await stranger.close();
        await page.getByLabel("密码最少字符数").fill("12");
        await page.getByRole("button", { name: "保存" }).click();
        await expect(page.getByText(/现行的是第 \d+ 版，褚强/)).toBeVisible();
    });
});
