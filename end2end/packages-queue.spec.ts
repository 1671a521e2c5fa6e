// packages.md, Stages: versions wait for their turn; 取消运行 and 重新运行.
import { as } from "./support/ordering.ts";
import { Server } from "./support/server.ts";
import { expect, fit, interactive, lends, test } from "./support/test.ts";
import { atTheWorkbench, uploads, version } from "./support/workbench.ts";
import { fixture, zip } from "./support/zip.ts";

// One at a time, so that there is a queue.
test.use({ server: [async ({}, use) => lends(await Server.start(["--builds", "1"], { processes: 1 }), use), { scope: "worker" }] });

test("a version that waits says its place; 取消运行 stops a build, and the next one begins", async ({ page, browser, server }) => {
    test.setTimeout(120_000);
    const endless = { name: "x", version: "1.0.0", scripts: { build: "node -e 'setInterval(() => {}, 1000)'" } };
    const id = await atTheWorkbench(page, "排队的第一个");
    await interactive(page);
    await uploads(page, zip({ "package.json": JSON.stringify(endless) }), "1.0.0");
    const first = version(page, "1.0.0");
    await expect(first.locator(".stage-line-running")).toContainText("代码编译", { timeout: 30_000 });
    const context = await browser.newContext({ baseURL: server.address, locale: "zh-CN" });
    const other = await context.newPage();
    await atTheWorkbench(other, "排队的第二个");
    await interactive(other);
    await uploads(other, fixture("static-card"), "1.0.0");
    const second = version(other, "1.0.0");
    await expect(second.getByText("排队中，前面还有 1 个")).toBeVisible();
    await fit(other);

    await first.getByRole("button", { name: "取消运行" }).click();
    await expect(first.locator(".stage-line-one").filter({ hasText: "已取消" })).toHaveCount(3);
    await expect(first.getByRole("button", { name: "重新运行" })).toBeVisible();
    await expect(first.getByRole("button", { name: "取消运行" })).toHaveCount(0);
    await fit(page);
    await expect(second.locator(".stage-line-one").filter({ hasText: "已完成" })).toHaveCount(4, { timeout: 30_000 });
    // Another developer of the publication sees the same.
    const colleague = await as(browser, server.address, "赵磊", `/dev/${id}`);
    await expect(version(colleague, "1.0.0").getByText("已取消").first()).toBeVisible();
    await context.close();
});
