// screens.md, List page: 服务侧名称列表.
import { readFile } from "node:fs/promises";
import { registers } from "./support/registering.ts";
import { expect, filters, fit, interactive, signIn, test } from "./support/test.ts";

test("tabs, filters and pages are addresses; Back works @phone", async ({ page }, info) => {
    const mark = `列表${info.project.name}`;
    await signIn(page, "陈静", "/service");
    for (let n = 1; n <= 12; n += 1) await registers(page, `${mark}_${n}号`);
    const web = { "draft[channels][0]": "service_web", "draft[pc_mode]": "fill", "draft[pc_url]": "https://example.gov.cn" };
    const id = await registers(page, `${mark}_投诉`, web);

    await page.goto(`/service?q=${encodeURIComponent(mark)}&size=10`);
    await interactive(page);
    await expect(page.getByText("共 13 条")).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(11);
    await expect(page.getByRole("row").nth(1)).toContainText(`${mark}_投诉`);
    await fit(page);
    await page.getByRole("link", { name: "下一页" }).click();
    await expect(page.getByRole("row")).toHaveCount(4);
    await expect(page.getByRole("row").nth(3)).toContainText(`${mark}_1号`);
    await page.getByRole("link", { name: "上一页" }).click();
    await expect(page.getByRole("row").nth(1)).toContainText(`${mark}_投诉`);

    await page.getByRole("link", { name: /^待发布审批/ }).click();
    await expect(page).toHaveURL((url) => url.searchParams.get("state") === "awaiting_release");
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.goBack();
    await expect(page.getByRole("row")).toHaveCount(11);

    await filters(page, () => page.getByRole("combobox", { name: "发布端" }).selectOption("政务服务网"));
    await expect(page.getByRole("row")).toHaveCount(2);
    await expect(page).toHaveURL((url) => url.searchParams.get("channel") === "service_web");
    await page.getByRole("link", { name: "重置" }).click();
    await expect(page.getByLabel("关键字")).toHaveValue("");
    // Typing asks by itself, and a 服务ID is found, too.
    await page.getByLabel("关键字").fill(id);
    await expect(page.getByText("共 1 条")).toBeVisible();
    await expect(page.getByLabel("关键字"), "the field keeps the focus").toBeFocused();
    await page.getByLabel("关键字").fill("没有的名字");
    await expect(page.getByText("没有符合条件的结果")).toBeVisible();
    await fit(page);
    await page.getByRole("link", { name: "清除筛选" }).click();
    await expect(page.getByRole("rowheader", { name: new RegExp(`${mark}_投诉`) })).toBeVisible();
});

test("a row says whose turn it is and has its menu, by keyboard, too", async ({ page }) => {
    await signIn(page, "何敏", "/service");
    await registers(page, "键盘可达服务");
    await page.goto("/service?q=键盘可达");
    await interactive(page);
    const row = page.getByRole("row", { name: /键盘可达服务/ });
    await expect(row.getByText("部署准备中", { exact: true })).toBeVisible();
    await expect(row.getByText(/开发商 · 刚刚/)).toBeVisible();
    const more = row.locator("summary");
    await more.focus();
    await page.keyboard.press("Enter");
    await expect(row.getByRole("link", { name: "详情" })).toBeVisible();
    await fit(page);
    await page.keyboard.press("Escape");
    await expect(row.getByRole("link", { name: "详情" })).toBeHidden();
    await expect(more).toBeFocused();
});

test("density and columns are kept, and what is listed goes out as a file", async ({ page }) => {
    await signIn(page, "何敏", "/service");
    await registers(page, "导出的服务");
    await page.goto("/service?q=导出的");
    await interactive(page);
    const compact = page.getByRole("button", { name: "紧凑" });
    await compact.click();
    await expect(compact).toHaveAttribute("aria-pressed", "true");
    await page.locator("summary", { hasText: "显示哪些列" }).click();
    await page.getByRole("checkbox", { name: "发布端" }).uncheck();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("columnheader", { name: "发布端" })).toBeHidden();
    await page.reload();
    await interactive(page);
    await expect(compact).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByRole("columnheader", { name: "发布端" })).toBeHidden();
    await expect(page.getByRole("columnheader", { name: "更新时间" })).toBeVisible();
    await fit(page);

    await page.locator("summary", { hasText: "导出：" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
    expect(download.suggestedFilename()).toBe("服务侧名称列表.csv");
    const text = await readFile(await download.path(), "utf8");
    expect(text.trimEnd().split("\n")).toHaveLength(2);
    expect(text).toMatch(/SV-\d{8},导出的服务,浙里办APP,H5,部署准备中,开发商,/);
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("the list reads, filters and pages @phone", async ({ page }, info) => {
        const name = `无脚本列表_${info.project.name}`;
        await page.goto("/login?next=/service");
        await page.getByRole("button", { name: "何敏" }).click();
        await registers(page, name);
        await page.getByLabel("关键字").fill(name);
        await page.getByRole("button", { name: "查询" }).click();
        await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
        await page.getByRole("link", { name: /^待验收/ }).click();
        await expect(page.getByText("没有符合条件的结果")).toBeVisible();
    });
});
