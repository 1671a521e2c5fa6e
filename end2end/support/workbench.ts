import { type Locator, type Page, expect } from "@playwright/test";
import { rowOf } from "./ordering.ts";
import { registers } from "./registering.ts";
import { signIn } from "./test.ts";

/** Registers as 王建国 and opens the publication on the workbench as its developer; answers its id. */
export async function atTheWorkbench(page: Page, name: string): Promise<string> {
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    await signIn(page, "赵磊", "/dev");
    await page.getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    return id;
}

/** Chooses the package: then the form has its other fields. */
export async function chooses(page: Page, buffer: Buffer): Promise<void> {
    await page.getByLabel("选择 zip 文件").setInputFiles({ name: "app.zip", mimeType: "application/zip", buffer });
}

/** Chooses the package and presses 上传. */
export async function uploads(page: Page, buffer: Buffer, number?: string): Promise<void> {
    await chooses(page, buffer);
    if (number !== undefined) await page.getByLabel("版本号").fill(number);
    await page.getByRole("button", { name: "上传", exact: true }).click();
}

/** From the workbench's list: uploads the package to the publication of this name, and submits it for acceptance. */
export async function delivers(page: Page, name: string, buffer: Buffer): Promise<void> {
    await page.getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    await uploads(page, buffer);
    await page.getByRole("button", { name: "提交验收" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待验收");
}

/** The card of a version. */
export function version(page: Page, number: string): Locator {
    return page.getByRole("region", { name: `版本 ${number}`, exact: true });
}

/** Uploads a package that is good, as 1.0.0; answers where its preview is. */
export async function uploadsAGoodOne(page: Page, buffer: Buffer): Promise<string> {
    await uploads(page, buffer, "1.0.0");
    await expect(version(page, "1.0.0").locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4, { timeout: 60_000 });
    return await previewOf(page);
}

/** The address of the preview that is shown. */
export async function previewOf(page: Page): Promise<string> {
    return (await page.locator(".preview-address a").getAttribute("href")) ?? "";
}
