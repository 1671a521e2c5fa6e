// packages.md, Immutability; screens.md, Acceptance and Work order: what differs from the version that was live before.
import { as, asksForApproval, goesLive, rowOf } from "./support/ordering.ts";
import { accepts, sends, submitsForAcceptance } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { zip } from "./support/zip.ts";

function app(title: string, more: Record<string, string>): Buffer {
    const head = `<meta name="viewport" content="width=device-width"><title>${title}</title>`;
    return zip({ "index.html": `<!doctype html><html lang="zh-CN"><head>${head}</head><body><h1>${title}</h1></body></html>`, ...more });
}

test("what differs: the developer sees it before 提交验收, staff at 验收, reviewers on the order; any two can be compared @phone", async ({ page, browser, server }, info) => {
    test.setTimeout(180_000);
    const name = `看差异_${info.project.name}`;
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    const first = await sends(developer, id, app("第一版", { "same.css": "a{color:#123}", "old.js": "1" }));
    await developer.reload();
    await interactive(developer);
    const card = (person: typeof page) => person.getByRole("region", { name: "与之前版本的差异" });
    await expect(card(developer)).toContainText("之前没有上线过的版本");
    await submitsForAcceptance(developer, id, first);
    await accepts(page, id);
    await goesLive(page, browser, name);

    await page.goto(`/publications/${id}/act/upgrade`);
    await interactive(page);
    await page.getByRole("button", { name: "版本升级" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("升级部署中");
    const changed = { "same.css": "a{color:#123}", "new.js": "document.body.innerHTML = window.name" };
    const second = await sends(developer, id, app("第二版", changed), "1.1.0");
    await developer.goto(`/dev/${id}`);
    await interactive(developer);
    await expect(card(developer)).toContainText("与版本 1.0.0（最近上线的版本）比较");
    const files = card(developer).getByText("新增 1 · 修改 1 · 删除 1 · 未变 1");
    await files.click();
    await expect(card(developer).getByRole("listitem").filter({ hasText: /新增：\s*new\.js/ })).toBeVisible();
    await expect(card(developer).getByRole("listitem").filter({ hasText: /删除：\s*old\.js/ })).toBeVisible();
    await expect(card(developer)).toContainText("0 → 1 处");
    await fit(developer);
    // Any two.
    await developer.getByRole("link", { name: "1.0.0", exact: true }).click();
    await developer.getByRole("link", { name: /^与它比较\s*：1\.1\.0$/ }).click();
    await expect(card(developer)).toContainText("与版本 1.1.0 比较");
    await expect(card(developer)).toContainText("1 → 0 处");

    await submitsForAcceptance(developer, id, second);
    await page.goto(`/publications/${id}/acceptance`);
    await interactive(page);
    await expect(page.getByText("新增 1 · 修改 1 · 删除 1 · 未变 1")).toBeVisible();
    await fit(page);
    await accepts(page, id);
    const order = await asksForApproval(page, name);
    const city = await as(browser, server.address, "李敏", order);
    await expect(city.getByRole("heading", { name: "与之前版本的差异" })).toBeVisible();
    await expect(city.getByText("新增 1 · 修改 1 · 删除 1 · 未变 1")).toBeVisible();
    await fit(city);
});
