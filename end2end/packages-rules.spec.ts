// packages.md, 源码检测: the rules, what they weigh, and warnings that are taken over.
import { as } from "./support/ordering.ts";
import { sends, submitsForAcceptance } from "./support/publishing.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { atTheWorkbench, uploads, version } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

const DOCUMENT = "<!doctype html><html lang=zh-CN><meta name=viewport content=width=device-width><title>公交</title><h1>公交</h1><script src=a.js></script>";
const PACKAGE = zip({ "index.html": DOCUMENT, "a.js": "const stop = 1;\ndebugger;\n" });

test("检测规则: the system administrator changes a level; it counts for the next package, and is on record", async ({ page, browser, server }) => {
    const developer = await as(browser, server.address, "赵磊", "/dev");
    await signIn(page, "冯雪", "/rules");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("检测规则");
    const level = page.getByLabel("级别：留有 debugger 语句");
    await expect(level).toHaveValue("warn");
    await level.selectOption("阻断");
    await expect(page.getByText("1 条规则待保存")).toBeVisible();
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("留有 debugger 语句：警告 → 阻断").first()).toBeVisible();
    await expect(page.getByText("（默认警告）")).toBeVisible();
    await fit(page);

    await atTheWorkbench(developer, "规则改了的服务");
    await uploads(developer, PACKAGE, "1.0.0");
    const card = version(developer, "1.0.0");
    await expect(card.getByText("源码检测未通过：")).toBeVisible();
    // The rule's page, from the finding.
    const opened = developer.context().waitForEvent("page");
    await developer.getByRole("link", { name: "规则说明" }).first().click();
    const rules = await opened;
    await expect(rules.getByRole("heading", { level: 1 })).toHaveText("检测规则");
    await expect(rules.getByLabel("级别：留有 debugger 语句")).toHaveCount(0);
    await expect(rules.getByRole("button", { name: "保存" })).toHaveCount(0);

    await level.selectOption("警告");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("留有 debugger 语句：阻断 → 警告").first()).toBeVisible();
    await developer.context().close();
});

test("仍要继续: a warning is taken over with a reason, which acceptance sees @phone", async ({ page, browser, server }) => {
    const name = "写明理由的服务";
    const id = await atTheWorkbench(page, name);
    const uploaded = await sends(page, id, PACKAGE);
    await page.goto(`/dev/${id}`);
    await interactive(page);
    await page.getByText("留有 debugger 语句").click();
    await page.getByRole("button", { name: "仍要继续" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await page.getByLabel("仍要继续的理由").fill("只在调试开关打开时执行");
    await page.getByRole("button", { name: "仍要继续" }).click();
    await expect(page.getByText("只在调试开关打开时执行")).toBeVisible();
    await fit(page);
    await submitsForAcceptance(page, id, uploaded);
    const staff = await as(browser, server.address, "王建国", `/publications/${id}/acceptance`);
    await staff.getByText("留有 debugger 语句").first().click();
    await expect(staff.getByText(/只在调试开关打开时执行/)).toBeVisible();
    await expect(staff.getByRole("button", { name: "仍要继续" })).toHaveCount(0);
    await staff.context().close();
});
