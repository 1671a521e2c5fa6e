// design.md, Toolchain: splitting, by areas of pages. Every page opens directly and by navigation.
import { expect, fit, interactive, test } from "./support/test.ts";

const PAGES = [
    { path: "/", heading: "工作台" },
    { path: "/about", heading: "关于" },
    { path: "/login", heading: "登录" },
];

for (const { path, heading } of PAGES) {
    test(`${path} opens directly and is taken over @phone`, async ({ page }) => {
        await page.goto(path);
        await interactive(page);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
        await expect(page).toHaveTitle(`${heading} · 应用发布`);
        await fit(page);
    });
}

test("pages load their part by navigation, without a new document @phone", async ({ page }) => {
    await page.goto("/");
    await interactive(page);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.getByRole("link", { name: "关于" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("关于");
    await expect(page.getByText("MIT 或 Apache-2.0")).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("a part is not loaded before a page of its area is opened", async ({ page }) => {
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(request.url()));
    await page.goto("/");
    await interactive(page);
    const parts = () => loaded.filter((url) => /split_.*\.wasm/.test(url));
    expect(parts().some((url) => url.includes("desk"))).toBe(true);
    expect(parts().filter((url) => url.includes("lists"))).toEqual([]);
    expect(parts().filter((url) => url.includes("open"))).toEqual([]);
    await page.getByRole("link", { name: "关于" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("关于");
    expect(parts().some((url) => url.includes("open"))).toBe(true);
});

test.describe("a part that does not arrive", () => {
    test.use({ tolerated: [/ERR_FAILED|RuntimeError|unreachable|Failed to fetch/] });

    test("the page says so, and is whole when it is loaded again @phone", async ({ page }) => {
        await page.goto("/");
        await interactive(page);
        await page.route(/split_.*open.*\.wasm/, (route) => route.abort());
        await page.getByRole("link", { name: "关于" }).click();
        const notice = page.getByRole("alert").filter({ hasText: "页面没有加载完整" });
        await expect(notice).toBeVisible();
        await fit(page);
        await page.unroute(/split_.*open.*\.wasm/);
        await notice.getByRole("button", { name: "重新加载" }).click();
        await interactive(page);
        await expect(notice).toHaveCount(0);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    });
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("a page is whole when the server sends it @phone", async ({ page }) => {
        await page.goto("/about");
        await expect(page.getByText("MIT 或 Apache-2.0")).toBeVisible();
        await page.getByRole("link", { name: "应用发布" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
    });
});
