// screens.md, Shell and Look.
import { expect, fit, interactive, test } from "./support/test.ts";

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

test("the theme goes round and is kept by the server's first byte @phone", async ({ page }) => {
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
