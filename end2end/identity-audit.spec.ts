// identity.md, Audit: who searches the log, what is taken of it, and whether it is whole.
import { readFile } from "node:fs/promises";
import { as } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { expect, filters, fit, interactive, signIn, test } from "./support/test.ts";
import { type Page } from "@playwright/test";

/** The events that the page shows: a line each. */
const rows = (page: Page) => page.locator(".audit-one");

/** A name of its own for each screen: the server is shared. */
const NAME = "审计_公交";

test.describe("searching", () => {
    test("by person, object, action, day and result, each in the address; a line opens on before and after @phone", async ({ page, browser, server }, info) => {
        const name = `${NAME}_${info.project.name}`;
        const staff = await as(browser, server.address, "王建国", "/");
        await registers(staff, name);
        expect((await staff.request.get("/admin/audit")).status()).toBe(403);
        await staff.context().close();

        await signIn(page, "卫平", "/");
        await page.goto("/admin/audit");
        await interactive(page);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("审计");
        await expect(rows(page).first()).toBeVisible();
        await fit(page);

        await filters(page, () => page.getByLabel("人员").fill("王建国"));
        await expect(page).toHaveURL(/who=%E7%8E%8B/);
        await expect(rows(page).filter({ hasNotText: "王建国" })).toHaveCount(0);

        await page.goto(`/admin/audit?object=${encodeURIComponent(name)}`);
        await interactive(page);
        await expect(rows(page)).toHaveCount(1);
        const row = rows(page).first();
        await expect(row).toContainText("注册");
        await expect(row).toContainText(/SV-\d{8}/);
        await row.locator("summary").click();
        await expect(row.getByRole("row", { name: /状态.*部署准备中/ })).toBeVisible();
        await expect(row.getByText("请求编号")).toBeVisible();
        await fit(page);

        await row.getByRole("link", { name: "只看此人" }).click();
        await expect(page).toHaveURL(/who=wangjianguo/);
        await expect(page).toHaveURL(/object=/);
        await page.goBack();
        await expect(page).not.toHaveURL(/who=/);

        await page.goto("/admin/audit");
        await interactive(page);
        await filters(page, () => page.getByLabel("动作").selectOption("登录"));
        await expect(page).toHaveURL(/action=session\.sign_in/);
        await filters(page, () => page.getByLabel("结果").selectOption("拒绝"));
        await expect(page).toHaveURL(/result=refused/);
        await page.goBack();
        await expect(page).not.toHaveURL(/result=/);
        await expect(page.getByLabel("结果")).toHaveValue("");

        await page.goto("/admin/audit?since=2020-01-01&until=2020-01-02");
        await interactive(page);
        await expect(page.getByText("没有符合条件的记录")).toBeVisible();
        await fit(page);
        await page.getByRole("link", { name: "清除筛选" }).click();
        await expect(rows(page).first()).toBeVisible();
    });

    test("pages go on by the log's numbers @phone", async ({ page, browser, server }) => {
        const staff = await as(browser, server.address, "王建国", "/");
        for (let n = 0; n < 22; n++) await staff.request.get("/export/service/csv");
        await staff.context().close();
        await signIn(page, "卫平", "/");
        await page.goto("/admin/audit?action=publication.export_list");
        await interactive(page);
        await expect(rows(page)).toHaveCount(20);
        await page.getByRole("link", { name: "下一页 ›" }).click();
        await expect(page).toHaveURL(/before=\d+/);
        await expect(rows(page).first()).toBeVisible();
        await page.getByRole("link", { name: "‹ 上一页" }).click();
        await expect(rows(page)).toHaveCount(20);
        await fit(page);
    });
});

test.describe("the auditors' own actions", () => {
    test("are for the security administrator, who sees nothing else @phone", async ({ page, browser, server }) => {
        const auditor = await as(browser, server.address, "卫平", "/");
        expect((await auditor.request.get("/admin/audit/export/csv")).status()).toBe(200);
        await auditor.goto("/admin/audit?action=audit.export");
        await expect(auditor.getByText("没有符合条件的记录")).toBeVisible();
        await auditor.context().close();

        await signIn(page, "褚强", "/");
        await page.goto("/admin/audit");
        await interactive(page);
        await expect(rows(page).filter({ hasText: "导出审计日志" }).first()).toBeVisible();
        await expect(rows(page).filter({ hasNotText: "卫平" })).toHaveCount(0);
        await expect(page.getByRole("heading", { name: "日志完整性" })).toHaveCount(0);
        expect((await page.request.get("/admin/audit/anchor")).status()).toBe(403);
        await fit(page);
    });
});

test.describe("export", () => {
    test("takes what the filter shows, says its limit, and is noted itself", async ({ page, server }) => {
        await signIn(page, "卫平", "/");
        await page.goto("/admin/audit?action=session.sign_in");
        await interactive(page);
        const link = page.getByRole("link", { name: "导出 CSV" });
        await expect(link).toHaveAccessibleDescription(/最多最新的 10,000 条/);
        const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
        expect(file.suggestedFilename()).toBe("审计日志.csv");
        const text = await readFile(await file.path(), "utf8");
        expect(text.split("\r\n")[0]).toContain("编号,时间,人员");
        expect(text).toContain("登录");
        expect(text).not.toContain("卫平");
        const address = `${server.address}/admin/audit/export/csv`;
        expect((await page.request.head(address)).status()).toBe(405);
        expect((await page.request.get(address, { headers: { "sec-fetch-site": "cross-site" } })).status()).toBe(403);
    });
});

test.describe("the chain", () => {
    test("is verified with a button, and the day's anchor is taken @phone", async ({ page }) => {
        await signIn(page, "卫平", "/");
        await page.goto("/admin/audit");
        await interactive(page);
        await page.getByRole("button", { name: "校验" }).click();
        await expect(page.getByText(/完整（共 \d+ 条，最后一条的哈希 [0-9a-f]{64}）/)).toBeVisible();
        await fit(page);
        const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载锚点" }).click()]);
        const anchor = JSON.parse(await readFile(await file.path(), "utf8")) as { date: string; seq: number; hash: string };
        expect(file.suggestedFilename()).toBe(`审计锚点-${anchor.date}.json`);
        expect(anchor.hash).toMatch(/^[0-9a-f]{64}$/);
        expect(anchor.seq).toBeGreaterThan(0);
    });
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("it is searched, opened and verified all the same @phone", async ({ page }) => {
        await page.goto("/login");
        await page.getByRole("button", { name: "王建国" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
        await page.context().clearCookies();
        await page.goto("/login");
        await page.getByRole("button", { name: "卫平" }).click();
        await page.goto("/admin/audit");
        await page.getByLabel("人员").fill("王建国");
        await page.getByLabel("动作").selectOption("登录");
        await page.getByRole("button", { name: "查询" }).click();
        await expect(page).toHaveURL(/who=.*action=session\.sign_in/);
        await expect(rows(page).first()).toContainText("王建国");
        await rows(page).first().locator("summary").click();
        await expect(rows(page).first().getByText("链上编号")).toBeVisible();
        await page.getByRole("button", { name: "校验" }).click();
        await expect(page).toHaveURL(/\/admin\/audit$/);
        await expect(page.getByText(/完整（共 \d+ 条/)).toBeVisible();
        await fit(page);
    });
});
