// design.md, Security: health addresses; screens.md, Publication: 运行. What is live is probed, and its people are told.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WEB, as, goesLive, rowOf } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { type Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, ownSite, signIn } from "./support/test.ts";

/** A site that probes every second, and may look at its own network. */
const test = base.extend<object, { server: Server }>({
    server: ownSite(["--probe-seconds", "1", "--probe-private"]),
});

test("三次没有通过，管理人员从通知看到原因；恢复后再通知一次 @phone", async ({ page, browser, server }, info) => {
    const name = `健康检测_${info.project.name}`;
    let well = true;
    const theirs = createServer((request, answer) => answer.writeHead(well || request.url !== "/health" ? 200 : 503).end());
    await new Promise<void>((resolve) => theirs.listen(0, "127.0.0.1", resolve));
    const address = `http://localhost:${(theirs.address() as AddressInfo).port}`;
    await signIn(page, "王建国", "/");
    await registers(page, name, { ...WEB, "draft[pc_url]": `${address}/app`, "draft[health_url]": `${address}/health` });
    const { id } = await rowOf(page, name);
    await page.goto(`/publications/${id}?tab=running`);
    await expect(page.getByText("上线后，平台定期检测访问地址和健康地址。")).toBeVisible();
    await goesLive(page, browser, name);

    const probed = (what: string) => page.locator(".health").filter({ hasText: what });
    const reads = async (what: string, word: RegExp | string) =>
        await expect(async () => {
            await page.goto(`/publications/${id}?tab=running`);
            await expect(probed(what).locator(".state-chip")).toHaveText(word, { timeout: 1_000 });
        }).toPass();
    await reads("健康地址", "正常");
    await expect(probed("访问地址")).toContainText(`${address}/app`);

    well = false;
    await reads("健康地址", /连续 ([3-9]|\d\d+) 次没有通过/);
    await expect(probed("健康地址")).toContainText("对方答复 HTTP 503");
    await expect(probed("访问地址").locator(".state-chip")).toHaveText("正常");
    await interactive(page);
    await probed("健康地址").getByText("最近的检测").click();
    await expect(probed("健康地址").getByRole("row", { name: /对方答复 HTTP 503/ }).first()).toBeVisible();
    await fit(page);

    await page.goto("/inbox");
    const notice = page.getByRole("link", { name: `「${name}」连续 3 次健康检测没有通过，请尽快查看` });
    await expect(notice).toHaveCount(1);
    await notice.click();
    await expect(page).toHaveURL(/tab=running/);
    const developer = await as(browser, server.address, "赵磊", "/inbox");
    await expect(developer.getByRole("link", { name: `「${name}」连续 3 次健康检测没有通过，请尽快查看` })).toHaveCount(1);

    well = true;
    await reads("健康地址", "正常");
    await page.goto("/inbox");
    await expect(page.getByRole("link", { name: `「${name}」的健康检测恢复正常` })).toHaveCount(1);
    await page.goto(`/publications/${id}?tab=history`);
    await expect(page.getByRole("listitem").filter({ hasText: "健康检测没有通过" })).toBeVisible();
    await developer.context().close();
    await new Promise((resolve) => theirs.close(resolve));
});
