// screens.md, Shell and Look.
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

test.describe("an address that names nothing", () => {
    test.use({ tolerated: [/404/] });

    test("answers 404 with the way back @phone", async ({ page }) => {
        const answer = await page.goto("/nowhere");
        expect(answer?.status()).toBe(404);
        await interactive(page);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("没有这个页面");
        await fit(page);
        await page.getByRole("link", { name: "回到首页" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
    });
});

test("the theme goes round and is kept by the server's first byte @phone", async ({ page, context }) => {
    await page.goto("/");
    await interactive(page);
    const theme = page.getByRole("button", { name: "配色" });
    await expect(theme).toHaveText("配色：跟随系统");
    await theme.click();
    await expect(theme).toHaveText("配色：浅色");
    await theme.click();
    await expect(theme).toHaveText("配色：深色");
    await fit(page);
    expect(await (await page.request.get("/")).text()).toContain('data-theme="dark"');
    // Nothing else is kept, and this, as all that scripts keep, by this host alone.
    const kept = { name: "__Host-theme", value: "dark", domain: "localhost", path: "/", secure: true, httpOnly: false, sameSite: "Lax" };
    expect(await context.cookies()).toEqual([expect.objectContaining(kept)]);
    await page.reload();
    await interactive(page);
    await expect(theme).toHaveText("配色：深色");
    await theme.click();
    await expect(theme).toHaveText("配色：跟随系统");
});

test("by keyboard: the skip link leads to the page's text", async ({ page }) => {
    await page.goto("/");
    await interactive(page);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "跳到正文" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
});

test("Ctrl+K searches in all that the person may see; a phone has 搜索 among 我的 @phone", async ({ page }, info) => {
    const [name, phone] = [`搜得到的服务_${info.project.name}`, info.project.name === "phone"];
    await signIn(page, "何敏", "/service");
    await registers(page, name);
    await page.goto(phone ? "/me" : "/");
    await interactive(page);
    if (phone) {
        await page.getByRole("main").getByRole("link", { name: "搜索" }).click();
        await page.getByRole("searchbox", { name: "名称或服务ID" }).focus();
    } else {
        await page.keyboard.press("Control+k");
        await expect(page.getByRole("searchbox", { name: "搜索全部" })).toBeFocused();
    }
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("搜索");
    await fit(page);
    await page.getByRole("link", { name: new RegExp(name) }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    // The way back up.
    await page.getByRole("navigation", { name: "面包屑" }).getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("服务侧名称列表");
    await page.goto("/search?q=没有这样的东西");
    await expect(page.getByText("没有找到“没有这样的东西”")).toBeVisible();
    await fit(page);
    await page.goto(`/search?q=${encodeURIComponent("工单")}`);
    await expect(page.getByRole("main").getByRole("link", { name: "工单看板" })).toBeVisible();
});

test("single keys go to the filter and through the rows, and can be switched off", async ({ page }) => {
    await signIn(page, "何敏", "/service");
    await registers(page, "按键一号");
    await registers(page, "按键二号");
    await page.goto("/service?q=按键");
    await interactive(page);
    await page.keyboard.press("j");
    await expect(page.getByRole("link", { name: "按键二号" })).toBeFocused();
    await page.keyboard.press("j");
    await expect(page.getByRole("link", { name: "按键一号" })).toBeFocused();
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("按键二号");
    await page.goBack();
    await expect(page.getByRole("link", { name: "按键一号" })).toBeVisible();
    await page.keyboard.press("/");
    await expect(page.getByLabel("关键字")).toBeFocused();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1 }).click();
    await page.getByLabel("关键字").blur();
    await page.keyboard.press("?");
    await expect(page.getByRole("heading", { name: "快捷键" })).toBeVisible();
    await page.getByRole("checkbox", { name: /单键快捷键/ }).uncheck();
    await fit(page);
    await page.goto("/service?q=按键");
    await interactive(page);
    await page.keyboard.press("j");
    await expect(page.getByRole("link", { name: "按键二号" })).not.toBeFocused();
});

test("the navigation folds to icons, and stays so", async ({ page }) => {
    await signIn(page, "王建国");
    const place = page.getByRole("navigation", { name: "主导航" });
    const wide = (await place.boundingBox())?.width ?? 0;
    await page.getByRole("button", { name: "收起导航" }).click();
    await expect(page.getByRole("button", { name: "展开导航" })).toBeVisible();
    await page.reload();
    await interactive(page);
    expect((await place.boundingBox())?.width ?? wide).toBeLessThan(wide / 2);
    await fit(page);
    await place.getByRole("link", { name: "服务侧名称列表" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("服务侧名称列表");
});
