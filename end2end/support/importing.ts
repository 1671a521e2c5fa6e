import { type Locator, type Page } from "@playwright/test";
import { interactive } from "./test.ts";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Sends a table on the page of its kind. */
export async function sendsTable(page: Page, kind: string, name: string, buffer: Buffer): Promise<void> {
    await page.goto(`/admin/import/${kind}`);
    await interactive(page);
    await page.getByLabel("文件").setInputFiles({ name, mimeType: name.endsWith(".xlsx") ? XLSX : "text/csv", buffer });
    await page.getByRole("button", { name: "导入", exact: true }).click();
}

/** How many rows came to this, as the report says: 新增, 更新, 没有变化, 保留不变, 未导入. */
export function counted(page: Page, outcome: string): Locator {
    return page.locator(".import-counts div").filter({ hasText: outcome }).locator("dd");
}
