// packages.md; screens.md, Developer workbench: a vendor's whole day, by keyboard alone.
import { type Browser, type Locator, type Page } from "@playwright/test";
import { as, goesLive, rowOf } from "./support/ordering.ts";
import { accepts, sendsBack } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, interactive, test } from "./support/test.ts";
import { version } from "./support/workbench.ts";
import { zip } from "./support/zip.ts";

/** Tab stops on a page, at most. */
const MOST = 150;

/** Goes there by Tab, as whoever has no mouse; what is reached shows that it is. */
async function reaches(page: Page, target: Locator): Promise<void> {
    await expect(target).toBeAttached();
    for (let n = 0; n < MOST; n++) {
        await page.keyboard.press("Tab");
        if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${target} is not reached by ${MOST} times Tab`);
}

async function presses(page: Page, target: Locator, key = "Enter"): Promise<void> {
    await reaches(page, target);
    await page.keyboard.press(key);
}

/** Opens what the system asks a file with, and answers it. */
async function chooses(page: Page, buffer: Buffer): Promise<void> {
    const asked = page.waitForEvent("filechooser");
    await presses(page, page.getByLabel("选择 zip 文件"), "Space");
    await (await asked).setFiles({ name: "app.zip", mimeType: "application/zip", buffer });
}

/** Sends what was chosen, with a number; waits for the four stages. */
async function sends(page: Page, number: string): Promise<void> {
    await reaches(page, page.getByLabel("版本号"));
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(number);
    await presses(page, page.getByRole("button", { name: "上传", exact: true }));
    const done = version(page, number).locator(".stage-line-one").filter({ hasText: "已完成" });
    await expect(done).toHaveCount(4, { timeout: 60_000 });
}

async function registered(browser: Browser, address: string, name: string): Promise<{ staff: Page; id: string }> {
    const staff = await as(browser, address, "王建国", "/service");
    await registers(staff, name);
    return { staff, id: (await rowOf(staff, name)).id };
}

function app(script: string): Buffer {
    const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>公交</title>';
    const body = `<body><h1>公交查询</h1><script src="app.js"></script></body>`;
    return zip({ "index.html": `<!doctype html><html lang="zh-CN"><head>${head}</head>${body}</html>`, "app.js": script });
}

test("开发者的一天：登录、检测、上传、仍要继续、日志、预览、提交验收、被拒绝、再来一次、上线、运行情况，不碰鼠标", async ({ page, browser, server }) => {
    test.setTimeout(180_000);
    const name = "键盘上的一天";
    const { staff, id } = await registered(browser, server.address, name);

    // In the morning: sign in, and to the publication.
    await page.goto("/login");
    await interactive(page);
    await presses(page, page.getByRole("button", { name: /^赵磊/ }));
    await expect(page.getByRole("heading", { name: "演示：选一个人，直接登录" })).toBeHidden();
    await presses(page, page.getByRole("link", { name: "开发者工作台" }).first());
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("开发者工作台");
    await presses(page, page.getByRole("link", { name, exact: true }));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    await interactive(page);

    // What would be refused is known before anything is sent; so another one is chosen.
    await chooses(page, app("eval('1')"));
    await expect(page.getByText("app.js:1:1")).toBeVisible();
    await chooses(page, app("if (window.name === 'slow') { debugger; }"));
    await sends(page, "1.0.0");

    // The warning is taken over, the log read.
    await presses(page, page.getByRole("region", { name: "检测结果" }).or(page.locator(".findings").last()).locator("summary").first());
    await reaches(page, page.locator(".findings").last().getByRole("textbox"));
    await page.keyboard.type("内容是自己写的常量");
    await presses(page, page.locator(".findings").last().getByRole("button", { name: "仍要继续" }));
    await expect(page.getByText("内容是自己写的常量（刚刚）")).toBeVisible();
    await presses(page, page.getByText("部署测试环境日志"));
    await expect(page.getByLabel("部署测试环境日志")).toContainText("200 app.js");

    // The preview opens beside it.
    const opened = page.context().waitForEvent("page");
    await presses(page, page.locator(".preview-address a"));
    const preview = await opened;
    await expect(preview.getByRole("heading", { name: "公交查询" })).toBeVisible();
    await preview.close();

    await presses(page, page.getByRole("button", { name: "提交验收" }));
    await expect(page.locator(".state-chip").first()).toHaveText("待验收");

    // Around noon the department refuses it, with a reason; the next one is better.
    await sendsBack(staff, id, "首页没有返回按钮");
    await page.reload();
    await interactive(page);
    await expect(page.getByText("首页没有返回按钮").first()).toBeVisible();
    await chooses(page, app("document.title = '公交'"));
    await sends(page, "1.0.1");
    await presses(page, page.getByRole("button", { name: "提交验收" }));
    await expect(page.locator(".state-chip").first()).toHaveText("待验收");
    await accepts(staff, id);
    await staff.goto(`/publications/${id}`);
    await goesLive(staff, browser, name);

    // In the evening: it is live, and how it runs.
    await page.reload();
    await interactive(page);
    await expect(page.locator(".state-chip").first()).toHaveText("已发布");
    await presses(page, page.getByRole("link", { name: "运行情况" }));
    await expect(page.getByRole("heading", { name: "健康" })).toBeVisible();
    await presses(page, page.getByRole("button", { name: "退出" }));
    await expect(page).toHaveURL(/\/login/);
    await staff.context().close();
});
