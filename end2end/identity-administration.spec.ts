// identity.md, Operations: what the system administrator looks after: 运行状况, 备份, 系统设置.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { as } from "./support/ordering.ts";
import { Server } from "./support/server.ts";
import { unsafeSettings } from "./support/shared.ts";
import { test as base, expect, fit, interactive, lends, processes, signIn } from "./support/test.ts";

/** The time of day in China twelve hours from now: no backup is made by itself meanwhile. */
const IN_HALF_A_DAY = new Date(Date.now() + (8 + 12) * 3_600_000).toISOString().slice(11, 16);

/**
 * A server with a settings file, secrets in it, a folder of backups, and a robot that nobody answers for; where there are three, they have
 * one folder of backups, as docs/operations.md asks.
 */
const test = base.extend<object, { server: Server }>({
    server: [
        async ({}, use, worker) => {
            const folder = await mkdtemp(join(tmpdir(), "irs-settings-"));
            const file = join(folder, "server.toml");
            await writeFile(file, 'overdue-hours = 36\nwebhook-url = "http://127.0.0.1:9/robot/send?access_token=secret1"\nwebhook-secret = "secret2"\n');
            const backups = ["--backups", join(folder, "backups"), "--backup-time", IN_HALF_A_DAY, "--backups-kept", "7"];
            const flags = ["--config", file, "--builds", "0", "--package-megabytes", "60", ...backups];
            await lends(await Server.start(flags, { processes: processes(worker.project.name) }), use);
            await rm(folder, { recursive: true });
        },
        { scope: "worker" },
    ],
});

/** Nobody else sees any of it. */
async function isRefusedToOthers(browser: Parameters<typeof as>[0], address: string, path: string): Promise<void> {
    for (const other of ["褚强", "卫平", "王建国"]) {
        const page = await as(browser, address, other, "/");
        expect((await page.request.get(path)).status(), other).toBe(403);
        await page.context().close();
    }
}

test("运行状况 says what is wrong and what to do, and looks again when asked @phone", async ({ page, browser, server }, { project }) => {
    await isRefusedToOthers(browser, server.address, "/admin/health");
    // Before the robot come those of the tests' PostgreSQL, which does not sync.
    const ofDatabase = processes(project.name) === 1 ? 0 : await unsafeSettings();
    await signIn(page, "冯雪", "/admin/health");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("运行状况");
    const row = (name: string) => page.locator(".doctor tbody tr").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
    await expect(row("数据目录")).toContainText("正常");
    await expect(row("编译沙箱")).toContainText("未检查");
    // What is wrong stands first, with the way out of it.
    const robot = page.locator(".doctor tbody tr").nth(ofDatabase);
    await expect(robot).toContainText("群机器人");
    await expect(robot).toContainText("故障");
    await expect(robot).toContainText("办法：");
    await expect(page.getByRole("main")).not.toContainText("secret");
    await expect(page.getByRole("main").locator(".notice").first()).toContainText(`有 ${ofDatabase + 1} 项故障`);
    await expect(page.getByRole("row", { name: /检测和编译/ })).toBeVisible();
    await expect(row("每日备份")).toContainText(`还没有做过，第一次在 ${IN_HALF_A_DAY}`);
    // What one server does for all of the site: when, how long, and where.
    await expect(page.getByRole("row", { name: /清理结束的会话/ })).toContainText(/(刚刚|分钟前).*(毫秒|秒).*正常/);
    await expect(page.getByRole("row", { name: /编译的剩余文件/ })).toContainText("这一台");
    await fit(page);
    const checked = page.locator("p", { hasText: "下面各项检查于" }).locator("time").first();
    const before = (await checked.textContent()) ?? "";
    // The page says it to the second.
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(`${before.replace(" ", "T")}+08:00`) + 1000);
    await page.getByRole("button", { name: "重新检查" }).click();
    await expect(checked).not.toHaveText(before);
    await expect(page.getByRole("button", { name: "重新检查" })).toBeEnabled();
});

test("备份 is made and verified on the screen, and the page says the command that brings it back @phone", async ({ page, browser, server }) => {
    await isRefusedToOthers(browser, server.address, "/admin/backups");
    await signIn(page, "冯雪", "/admin/backups");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("备份");
    await expect(page.getByText(`每天 ${IN_HALF_A_DAY} 自动备份一次，保留最近 7 份自动备份`)).toBeVisible();
    const many = await page.locator(".table tbody tr").count();
    await page.getByRole("button", { name: "立即备份" }).click();
    await expect(page.locator(".table tbody tr")).toHaveCount(many + 1);
    const made = page.locator(".table tbody tr").first();
    await expect(made).toContainText("冯雪");
    await expect(page.getByText("最近一次备份：")).toBeVisible();
    await fit(page);
    await made.getByRole("button", { name: /^校验/ }).click();
    await expect(made).toContainText("完好");
    await expect(page.locator(".backup-command code")).toContainText(/server --data \/srv\/irs-new restore .*backups\/\d{4}-/);
    await fit(page);
    const auditor = await as(browser, server.address, "卫平", "/");
    await auditor.goto("/admin/audit?action=backup.make");
    await interactive(auditor);
    await expect(auditor.locator(".audit-one").first()).toContainText("冯雪");
    await auditor.context().close();
});

test("系统设置 says each value with where it comes from, and no secret @phone", async ({ page, browser, server }) => {
    await isRefusedToOthers(browser, server.address, "/admin/settings");
    await signIn(page, "冯雪", "/admin/settings");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("系统设置");
    const row = (name: string) => page.getByRole("row").filter({ has: page.locator("code", { hasText: new RegExp(`^${name}$`) }) });
    await expect(row("overdue-hours")).toContainText("36 小时");
    await expect(row("overdue-hours")).toContainText("文件");
    await expect(row("builds")).toContainText("命令行");
    await expect(row("probe-seconds")).toContainText("环境变量");
    await expect(row("package-megabytes")).toContainText("60 MB");
    await expect(row("build-minutes")).toContainText("10 分钟");
    await expect(row("build-minutes")).toContainText("默认");
    await expect(row("webhook-secret")).toContainText("已设置（保密）");
    await expect(row("smtp-url")).toContainText("未设置");
    expect(await page.content()).not.toMatch(/secret1|secret2/);
    await fit(page);
    await page.getByRole("link", { name: "检测规则" }).last().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("检测规则");
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("a backup is made and verified, and the checks are made again @phone", async ({ page }) => {
        await page.goto("/login");
        await page.getByRole("button", { name: "冯雪" }).click();
        await page.goto("/admin/backups");
        await page.getByRole("button", { name: "立即备份" }).click();
        await expect(async () => {
            await page.goto("/admin/backups");
            await expect(page.locator(".table tbody tr").first()).toContainText("冯雪", { timeout: 500 });
        }).toPass();
        await page.goto("/admin/health");
        await page.getByRole("button", { name: "重新检查" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("运行状况");
        await expect(page.getByRole("row", { name: /^数据目录/ })).toContainText("正常");
    });
});

test("限制 are changed on the screen, those of the server's own settings are fixed, and wrong ones are named @phone", async ({ page, browser, server }) => {
    await isRefusedToOthers(browser, server.address, "/admin/limits");
    await signIn(page, "冯雪", "/admin/limits");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("限制");
    await expect(page.getByText("已在服务器上用命令行固定，不能在这里改")).toBeVisible();
    await expect(page.getByLabel("程序包（zip）的大小")).toHaveCount(0);
    await fit(page);
    await interactive(page);
    const minutes = page.getByLabel(/^一次编译的时间/);
    await minutes.fill("999");
    const files = page.getByLabel(/^文件和目录的个数/);
    const before = await files.inputValue();
    await files.fill("x");
    await page.getByRole("button", { name: "保存" }).click();
    // All of them at the top, in the order of the page; each leads to its field.
    const summary = page.getByRole("group", { name: "有 2 处需要修改" });
    await expect(summary).toBeFocused();
    await expect(page).toHaveTitle(/^错误：限制/);
    await expect(summary.getByRole("link")).toHaveText([/^文件和目录的个数：请填写 10 到 200000/, /^一次编译的时间.*请填写 1 到 120 的整数/]);
    await expect(minutes).toHaveAttribute("aria-invalid", "true");
    await fit(page);
    await summary.getByRole("link", { name: /^一次编译的时间/ }).click();
    await expect(minutes).toBeFocused();
    await files.fill(before);
    await expect(page.getByRole("group", { name: "有 1 处需要修改" })).toBeVisible();
    await expect(files).not.toHaveAttribute("aria-invalid");
    // Each width another number: the server is one worker's.
    const value = String((page.viewportSize()?.width ?? 0) > 800 ? 15 : 16);
    await minutes.fill(value);
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByRole("row", { name: new RegExp(`一次编译的时间.*→ ${value} 分钟`) })).toBeVisible();
    await fit(page);
    await page.goto("/admin/settings");
    await interactive(page);
    const row = page.getByRole("row").filter({ has: page.locator("code", { hasText: /^build-minutes$/ }) });
    await expect(row).toContainText(`${value} 分钟`);
    await expect(row).toContainText("页面");
});
