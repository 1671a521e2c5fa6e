// packages.md, 外链检查: the allow-list, the system's; identity.md, The three administrators: 外链 allow-list of the 系统管理员.
import { expect, fit, interactive, ownSite, signIn, test } from "./support/test.ts";
import { atTheWorkbench, uploads, version } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

// The list of this site is for this file alone.
test.use({ server: ownSite(), tolerated: [/422/] });

const PAGE = `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>公交</title></head><body><h1>公交</h1><script src="a.js"></script></body></html>`;
const asks = zip({ "index.html": PAGE, "a.js": "fetch('https://map.example.cn/tiles.json');\n" });

test("平台允许的域名不用声明，禁止的声明了也不行，移除后回到声明 @phone", async ({ page }, info) => {
    test.slow();
    await signIn(page, "冯雪", "/admin/hosts");
    await expect(page.getByText("还没有设置")).toBeVisible();
    await page.getByLabel("域名", { exact: true }).fill("https://map.example.cn/");
    await page.getByLabel("用途或原因").fill("省级地图");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByRole("alert")).toContainText("不带 http:// 和路径");
    await expect(page.getByLabel("用途或原因")).toHaveValue("省级地图");
    await fit(page);
    await page.getByLabel("域名", { exact: true }).fill("map.example.cn");
    await page.getByRole("button", { name: "保存" }).click();
    const row = page.getByRole("row", { name: /map\.example\.cn/ });
    await expect(row).toContainText("允许");
    await expect(page.getByLabel("域名", { exact: true })).toHaveValue("");
    await fit(page);

    await atTheWorkbench(page, `外部域名_${info.project.name}`);
    const developer = page.url();
    await uploads(page, asks, "1.0.0");
    await expect(version(page, "1.0.0").locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4, { timeout: 60_000 });
    await expect(page.getByText("平台允许")).toBeVisible();

    await signIn(page, "冯雪", "/admin/hosts");
    await page.getByLabel("域名", { exact: true }).fill("map.example.cn");
    await page.getByLabel("允许或禁止").selectOption("禁止");
    await page.getByLabel("用途或原因").fill("地图服务停用");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(row).toContainText("禁止");
    await signIn(page, "赵磊", new URL(developer).pathname);
    await uploads(page, asks, "1.0.1");
    await expect(page.getByText("有 1 个外部域名被平台禁止：map.example.cn（a.js:1:7）。请从代码中去掉后重新上传。")).toBeVisible({ timeout: 60_000 });
    await fit(page);

    await signIn(page, "冯雪", "/admin/hosts");
    await interactive(page);
    await row.getByRole("button", { name: /移除/ }).click();
    await expect(page.getByText("还没有设置")).toBeVisible();
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("名单照样设置和移除", async ({ page }) => {
        await page.goto("/login?next=/admin/hosts");
        await page.getByRole("button", { name: "冯雪" }).click();
        await page.getByLabel("域名", { exact: true }).fill("tiles.example.cn");
        await page.getByRole("button", { name: "保存" }).click();
        await expect(page.getByRole("alert")).toContainText("没有保存");
        await page.getByLabel("域名", { exact: true }).fill("tiles.example.cn");
        await page.getByLabel("用途或原因").fill("瓦片");
        await page.getByRole("button", { name: "保存" }).click();
        await page.getByRole("row", { name: /tiles/ }).getByRole("button", { name: /移除/ }).click();
        await expect(page.getByText("还没有设置")).toBeVisible();
    });
});
