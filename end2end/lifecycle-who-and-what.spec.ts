// lifecycle.md, Who and what: roles and reach; the application systems a person administers.
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

test("staff see the systems that they administer, and find one by its name @phone", async ({ page }) => {
    await signIn(page, "王建国", "/systems");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("应用系统");
    await expect(page.getByText("共 22 条")).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(21);
    await expect(page.getByText("门诊预约挂号系统")).toHaveCount(0);
    await fit(page);
    await page.getByRole("link", { name: "下一页" }).click();
    await expect(page.getByRole("rowheader", { name: /公共交通出行服务系统/ })).toBeVisible();
    await expect(page.getByRole("link", { name: "下一页" })).toHaveCount(0);
    await page.getByLabel("名称").fill("taxi");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/systems\?q=taxi$/);
    await expect(page.getByRole("rowheader", { name: /出租汽车电召系统/ })).toBeVisible();
    await expect(page.getByText("共 1 条")).toBeVisible();
    await page.goBack();
    await expect(page.getByText("共 22 条")).toBeVisible();
});

test("what does not exist is said, with the way out @phone", async ({ page }) => {
    await signIn(page, "何敏", "/systems");
    await expect(page.getByText("共 8 条")).toBeVisible();
    await page.goto("/systems?q=没有的系统");
    await interactive(page);
    await expect(page.getByText("没有符合条件的结果")).toBeVisible();
    await fit(page);
    await page.getByRole("link", { name: "清除筛选" }).click();
    await expect(page.getByText("共 8 条")).toBeVisible();
});

test.describe("a function that the role lacks", () => {
    test.use({ tolerated: [/403/] });

    for (const name of ["赵磊", "李敏", "郑凯", "褚强", "卫平"]) {
        test(`answers ${name} 403, with a page`, async ({ page }) => {
            await signIn(page, name);
            await expect(page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "应用系统" })).toHaveCount(0);
            const answer = await page.goto("/systems");
            expect(answer?.status()).toBe(403);
            await interactive(page);
            await expect(page.getByRole("heading", { level: 1 })).toHaveText("没有权限");
            await fit(page);
        });
    }
});
