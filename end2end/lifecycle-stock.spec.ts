// lifecycle.md: stock application (存量应用), its import, and the small table of 关联.
import { type Page } from "@playwright/test";
import { approves, as } from "./support/ordering.ts";
import { png } from "./support/png.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

/** The rows of the demo's list that a project of the tests uses. */
const rowsOf = (project: string) => 
    project === "phone"
        ? { first: "OLD-00011", name: "地铁换乘查询", english: "metro transfer enq", second: "OLD-00012" }
        : { first: "OLD-00001", name: "公交线路查询", english: "bus line enq", second: "OLD-00002" };

/** A picture of 180 × 180 pixels, as the browser writes JPG. */
async function jpg(page: Page): Promise<Buffer> {
    const url = await page.evaluate(() => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 180;
        canvas.getContext("2d")?.fillRect(0, 0, 180, 90);
        return canvas.toDataURL("image/jpeg");
    });
    return Buffer.from(url.split(",")[1] ?? "", "base64");
}

/** Fills in what the stock list does not know. */
async function fillsIn(page: Page, icon: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await page.getByLabel("应用系统").selectOption({ index: 1 });
    await page.getByLabel("服务介绍").fill("在原平台运行多年的应用");
    await page.getByLabel("选择图片").setInputFiles(icon);
    await expect(page.getByRole("img", { name: "60 像素的图标" }).first()).toBeVisible();
    await page.getByRole("radio", { name: "个人", exact: true }).check();
    await page.getByRole("group", { name: "是否支持国产操作系统" }).getByRole("radio", { name: "是" }).check();
    await page.getByLabel("搜索站点").fill("上城");
    await page.getByRole("checkbox", { name: "上城区" }).check();
    await page.getByLabel("开发商", { exact: false }).first().fill("杭州云途科技有限公司");
    await page.getByLabel("统一社会信用代码").fill("91330100MA20000120");
    await page.getByLabel("真实姓名").first().fill("赵磊");
    await page.getByLabel("手机号").first().fill("13800000001");
}

test("关联: found by its English name, asked for on the form, decided by the operator, live at its old address @phone", async ({
    page,
    browser,
    server,
}, info) => {
    test.slow();
    const { first, name, english } = rowsOf(info.project.name);
    await signIn(page, "王建国", "/stock");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("存量应用");
    await fit(page);
    await page.getByLabel("关键字").fill(english);
    const row = page.getByRole("row").filter({ hasText: first });
    await expect(page.getByRole("row").filter({ hasText: "OLD-" })).toHaveCount(1);
    await expect(row).toContainText(name);
    await row.getByRole("link", { name: /^关联/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`关联：${name}`);
    await interactive(page);
    await expect(page.getByLabel("服务名称")).toHaveValue(name);
    await expect(page.getByRole("textbox", { name: "移动端地址" })).toHaveValue(/^https:\/\/old\.example/);
    await expect(page.getByText("郑凯"), "who decides is known before").toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: "提交", exact: true }).click();
    await expect(page.getByRole("group", { name: /处需要修改/ })).toBeFocused();
    await fit(page);
    await fillsIn(page, { name: "图标.jpg", mimeType: "image/jpeg", buffer: await jpg(page) });
    await expect(page.getByText(/已保存草稿/)).toBeVisible();
    await page.reload();
    await interactive(page);
    await expect(page.getByLabel("服务介绍")).toHaveValue("在原平台运行多年的应用");
    await page.getByRole("button", { name: "提交", exact: true }).click();
    await page.waitForURL("**/stock");
    await page.goto(`/stock?q=${first}`);
    await interactive(page);
    await expect(row).toContainText("关联审核中");
    await expect(row.getByRole("button", { name: /^关联/ }), "not twice").toHaveAttribute("aria-disabled", "true");
    const order = (await row.getByRole("link", { name: /^工单/ }).getAttribute("href")) ?? "";

    const operator = await as(browser, server.address, "郑凯", order);
    await expect(operator.getByRole("heading", { level: 1 })).toHaveText(`存量关联：${name}`);
    await expect(operator.getByText("138****0001")).toBeVisible();
    await fit(operator);
    await approves(operator);
    await operator.context().close();

    await page.getByRole("button", { name: /有 1 条更新/ }).click();
    await expect(row).toContainText("已关联");
    await row.getByRole("link", { name: /^详情/ }).click();
    await interactive(page);
    await expect(page.locator(".state-chip").first()).toHaveText("已发布");
    await expect(page.getByText(/old\.example\.gov\.cn/).first()).toBeVisible();
    await fit(page);
    const feed = await page.request.get("/channels/zheli_app/feed.json");
    const entries = ((await feed.json()) as { entries: { name: string; mobile_url?: string }[] }).entries;
    expect(entries.find((entry) => entry.name === name)?.mobile_url).toContain("https://old.example.gov.cn/h5/");
});

test("a refused 关联 says why in the list, and nothing is lost without scripts", async ({ page, browser, server }, info) => {
    const { second } = rowsOf(info.project.name);
    await signIn(page, "王建国", `/stock?q=${second}`);
    const row = page.getByRole("row").filter({ hasText: second });
    const href = (await row.getByRole("link", { name: /^关联/ }).getAttribute("href")) ?? "";
    const plain = await browser.newContext({
        baseURL: server.address,
        javaScriptEnabled: false,
        storageState: await page.context().storageState(),
    });
    const form = await plain.newPage();
    await form.goto(href);
    await form.getByLabel("服务介绍").fill("没有脚本也能填写");
    await form.getByRole("button", { name: "提交", exact: true }).click();
    await expect(form.getByRole("heading", { level: 1 })).toContainText("关联：");
    await expect(form.getByText(/处需要修改/)).toBeVisible();
    await expect(form.getByLabel("服务介绍")).toHaveValue("没有脚本也能填写");
    await form.locator("#plain-icon").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(180, 180) });
    await form.getByRole("button", { name: "上传图标" }).click();
    await expect(form.getByLabel("服务介绍")).toHaveValue("没有脚本也能填写");
    await expect(form.locator("input[name='draft[icon]']")).toHaveValue(/^[0-9a-f]{64}$/);
    await plain.close();

    await page.goto(href);
    await interactive(page);
    await fillsIn(page, { name: "a.png", mimeType: "image/png", buffer: png(180, 180) });
    await page.getByRole("button", { name: "提交", exact: true }).click();
    await page.waitForURL("**/stock");
    await page.goto(`/stock?q=${second}`);
    const order = (await row.getByRole("link", { name: /^工单/ }).getAttribute("href")) ?? "";
    const operator = await as(browser, server.address, "郑凯", order);
    await operator.getByRole("button", { name: "拒绝", exact: true }).click();
    await operator.getByRole("dialog").getByLabel("拒绝原因").fill("名称与备案不符");
    await operator.getByRole("dialog").getByRole("button", { name: "确认拒绝" }).click();
    await expect(operator.getByRole("status").filter({ hasText: "已拒绝" })).toBeVisible();
    await operator.context().close();
    await page.goto(`/stock?q=${second}`);
    await expect(row).toContainText("上次被拒绝：名称与备案不符");
    await expect(row).toContainText("未关联");
    await expect(row.getByRole("link", { name: /^关联/ })).toBeVisible();
});

test("the system administrator imports a table, and each row says what came of it", async ({ page }, info) => {
    const id = `NEW-${info.project.name}`;
    await signIn(page, "冯雪", "/stock");
    await page.getByRole("link", { name: "导入", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("导入存量应用");
    await interactive(page);
    await fit(page);
    const send = async (name: string, text: string) => {
        await page.getByLabel("文件").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
        await page.getByRole("button", { name: "导入", exact: true }).click();
        await expect(page.getByText(new RegExp(name))).toBeVisible();
    };
    const head = "原应用ID,中文名,英文名,建设部门,状态,移动端地址\n";
    const good = `${id},轮渡时刻查询,Ferry Timetable,杭州市交通运输局,已发布,https://old.example.gov.cn/ferry\n`;
    await send("存量一.csv", `${head}${good}X-1,审批中的应用,,杭州市交通运输局,发布审批中,https://old.example.gov.cn/x\n`);
    const row = (text: string) => page.getByRole("row").filter({ hasText: text });
    await expect(row(id)).toContainText("新增");
    await expect(row("X-1")).toContainText("请先在原平台办结");
    await fit(page);
    await send("存量二.csv", `${head}${good}`);
    await expect(row(id)).toContainText("没有变化");
    await send("不是表.csv", "中文名\nx\n");
    await expect(page.getByRole("alert")).toContainText("第一行缺少这些列");
    await page.goto(`/stock?q=${id}`);
    await expect(row("轮渡时刻查询")).toContainText("未关联");
    const template = await page.request.get("/stock-template.csv");
    expect(await template.text()).toContain("原应用ID,中文名");
});
