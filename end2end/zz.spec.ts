import { registers } from "./support/registering.ts";
import { expect, interactive, signIn, test } from "./support/test.ts";
import { fixture } from "./support/zip.ts";
test("debug", async ({ page }) => {
    test.setTimeout(60_000);
    await signIn(page, "王建国", "/service"); await registers(page, "调试服务");
    await signIn(page, "赵磊", "/dev"); await page.getByRole("link", { name: "调试服务" }).click();
    await page.reload();
    await interactive(page);
    await page.getByRole("button", { name: "上传", exact: true }).click();
    await expect(page.getByText("请先选择要上传的 zip 文件")).toBeVisible();
});
