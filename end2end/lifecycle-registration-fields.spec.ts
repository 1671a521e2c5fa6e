// lifecycle.md, Registration fields; screens.md, Registration and change forms.
import { type Page } from "@playwright/test";
import { png } from "./support/png.ts";
import { VENDOR, fillsRegistration, registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

/** Opens the form, maybe with what an earlier test of this worker left as a draft. */
async function open(page: Page, name: string): Promise<void> {
    await signIn(page, name, "/service/register");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("注册服务侧名称");
}

async function finish(page: Page): Promise<void> {
    await page.getByRole("button", { name: "完成", exact: true }).click();
}

test("all errors at once, each beside its field, each line of the summary leads there @phone", async ({ page }) => {
    await open(page, "何敏");
    await finish(page);
    const summary = page.getByRole("group", { name: /处需要修改/ });
    await expect(summary).toBeFocused();
    await expect(page).toHaveTitle(/^错误：/);
    for (const text of ["请选择应用系统", "请填写服务名称", "请填写服务介绍", "请选择图标", "请填写开发商"]) {
        await expect(summary.getByRole("link", { name: text, exact: true })).toBeVisible();
        await expect(page.locator(".field-errors").getByText(text, { exact: true })).toBeVisible();
    }
    await fit(page);
    await summary.getByRole("link", { name: "请填写服务名称" }).click();
    await expect(page.getByLabel("服务名称")).toBeFocused();
});

test("an error is said on leaving a field, never while typing, and goes when it is mended", async ({ page }) => {
    await open(page, "何敏");
    const code = page.getByLabel("统一社会信用代码");
    await code.fill("91350211M0000XUF46");
    await expect(page.locator(".field-errors").getByText(/统一社会信用代码/)).toHaveCount(0);
    await code.blur();
    await expect(page.locator(".field-errors").getByText(/统一社会信用代码/)).toBeVisible();
    await code.fill("91350100M000100Y43");
    await expect(page.locator(".field-errors").getByText(/统一社会信用代码/)).toHaveCount(0);
    await page.getByLabel("服务名称").fill("1号公交");
    await page.getByLabel("服务介绍").focus();
    await expect(page.locator(".field-errors").getByText(/服务名称/)).toBeVisible();
    await expect(page.getByText("4/20", { exact: true })).toBeVisible();
});

test("an icon is checked for real before it is kept @phone", async ({ page }) => {
    await open(page, "何敏");
    const choose = page.getByLabel("选择图片");
    await choose.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(200, 180) });
    await expect(page.getByText("图标当前 200×180，需要 180×180，请调整后再传").last()).toBeVisible();
    await choose.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("GIF89a") });
    await expect(page.getByText("图标要是 PNG 图片，请换一个文件（只改扩展名没有用）").last()).toBeVisible();
    await choose.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(180, 180) });
    await expect(page.getByRole("img", { name: /像素的图标/ })).toHaveCount(6);
    await expect(page.locator(".field-errors").getByText(/图标/)).toHaveCount(0);
    await fit(page);
});

test("a whole city with one box, tags to take away, a search", async ({ page }) => {
    await open(page, "何敏");
    const scope = page.getByRole("group", { name: "适用范围" });
    await page.getByLabel("搜索站点").fill("舟山");
    await scope.getByRole("checkbox", { name: "舟山市（全部）" }).check();
    await expect(scope.getByRole("status")).toHaveText("已选 5 个站点");
    await scope.getByRole("checkbox", { name: "定海区" }).uncheck();
    await expect(scope.getByRole("status")).toHaveText("已选 4 个站点");
    await page.getByLabel("搜索站点").fill("");
    await scope.getByRole("checkbox", { name: "省本级" }).check();
    await page.getByRole("button", { name: "去掉嵊泗县" }).click();
    await expect(scope.getByRole("status")).toHaveText("已选 4 个站点");
    await page.getByLabel("搜索站点").fill("没有的地方");
    await expect(page.getByText("没有这样的站点，请换一个词")).toBeVisible();
});

test("the three cases of the service side ask for what each needs", async ({ page }) => {
    await open(page, "何敏");
    const [app, web] = [page.getByRole("checkbox", { name: "浙里办APP" }), page.getByRole("checkbox", { name: "政务服务网" })];
    const pc = page.getByRole("group", { name: "PC端地址" });
    await app.check();
    await web.uncheck();
    const type = page.locator(".field", { hasText: /^发布类型/ });
    await expect(type).toContainText("H5");
    await expect(page.getByText("上线后生成")).toBeVisible();
    await expect(pc).toBeHidden();
    await web.check();
    await expect(pc.getByRole("radio", { name: "同移动端地址" })).toBeVisible();
    await pc.getByRole("radio", { name: "同移动端地址" }).check();
    await expect(pc.getByRole("textbox")).toBeHidden();
    await app.uncheck();
    await expect(type).toContainText("PC");
    await expect(page.getByText("上线后生成")).toHaveCount(0);
    await expect(pc.getByRole("radio", { name: "填充" })).toBeHidden();
    await expect(pc.getByRole("textbox")).toBeVisible();
});

test("an error that comes on leaving a field does not move away what is being pressed", async ({ page }) => {
    await open(page, "王建国");
    await page.getByLabel("服务名称").fill("1坏名字");
    const web = page.getByRole("checkbox", { name: "政务服务网" });
    await web.click({ delay: 150 });
    await expect(web).toBeChecked();
    await expect(page.locator(".field-errors").filter({ hasText: /./ }).first()).toBeVisible();
    await expect(page.getByText(/处需要修改/), "the summary is of what was sent").toHaveCount(0);
});

test("a draft survives a reload; the finished form is listed in its state @phone", async ({ page }, info) => {
    const name = `公交查询_${info.project.name}`;
    await open(page, "王建国");
    await fillsRegistration(page, name);
    await page.getByRole("button", { name: "添加联系人" }).click();
    await page.getByLabel("真实姓名").nth(1).fill("孙悦");
    // That something was saved may also be said of an earlier draft.
    const saved = page.waitForResponse((answer) => answer.url().endsWith("/save_draft") && (answer.request().postData() ?? "").includes("138-0000-0002"));
    await page.getByLabel("手机号").nth(1).fill("+86 138-0000-0002");
    await saved;
    await expect(page.getByText(/已保存草稿 \d\d:\d\d/)).toBeVisible();
    await page.reload();
    await interactive(page);
    await expect(page.getByLabel("服务名称")).toHaveValue(name);
    await expect(page.getByLabel("手机号").nth(1)).toHaveValue("+86 138-0000-0002");
    await expect(page.getByRole("img", { name: "60 像素的图标" }).first()).toBeVisible();
    await expect(page.getByText("已选 1 个站点")).toBeVisible();
    await finish(page);
    await page.waitForURL(/\/service$/);
    const row = page.getByRole("row", { name: new RegExp(name) });
    await expect(row.getByText("部署准备中", { exact: true })).toBeVisible();
    await expect(row.getByText(/SV-\d{8}/)).toBeVisible();
    await fit(page);
    await page.goto("/service/register");
    await interactive(page);
    await expect(page.getByLabel("服务名称"), "the draft is gone").toHaveValue("");
});

test.describe("what only the server knows", () => {
    // The browser notes an answer of 422 by itself.
    test.use({ tolerated: [/422/] });

    test("a name that is taken is said beside the field, and nothing typed is lost", async ({ page }, info) => {
        const name = `重名服务_${info.project.name}`;
        await open(page, "何敏");
        await fillsRegistration(page, name);
        await finish(page);
        await page.waitForURL(/\/service$/);
        await page.getByRole("link", { name: "注册服务侧名称" }).first().click();
        await fillsRegistration(page, name.toUpperCase());
        await finish(page);
        await expect(page.locator(".field-errors").getByText("服务名称已被使用，请换一个")).toBeVisible();
        await expect(page.getByLabel("开发商", { exact: false }).first()).toHaveValue(VENDOR.name);
    });
});

test("coming from 更多 of one application system, that system is fixed", async ({ page }) => {
    await signIn(page, "何敏", "/systems");
    const row = page.getByRole("row").nth(1);
    const system = (await row.getByRole("rowheader").innerText()).split(/\s/)[0] ?? "";
    await row.getByText("更多").click();
    await row.getByRole("link", { name: "服务侧发布" }).click();
    await page.waitForURL(/\/service\?system=/);
    await page.getByRole("link", { name: "注册服务侧名称" }).first().click();
    await expect(page.getByText(system)).toBeVisible();
    await expect(page.getByLabel("应用系统")).toHaveCount(0);
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("a form with errors comes back whole, and a good one registers @phone", async ({ page }, info) => {
        const name = `无脚本服务_${info.project.name}`;
        await page.goto("/login?next=/service/register");
        await page.getByRole("button", { name: "陈静" }).click();
        await page.getByRole("checkbox", { name: "浙里办APP" }).check();
        await page.getByLabel("服务名称").fill(name);
        await page.getByLabel("真实姓名").first().fill("孙悦");
        await page.getByLabel("手机号").first().fill("12345");
        await finish(page);
        await expect(page.getByRole("group", { name: /处需要修改/ })).toBeVisible();
        await expect(page.locator(".field-errors").getByText("请填写服务介绍")).toBeVisible();
        await expect(page.getByLabel("服务名称")).toHaveValue(name);
        await expect(page.getByRole("checkbox", { name: "浙里办APP" })).toBeChecked();
        await page.getByLabel("图标（先保存草稿，再上传）").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(180, 180) });
        await page.getByRole("button", { name: "上传图标" }).click();
        await page.getByLabel("应用系统").selectOption({ index: 1 });
        await page.getByLabel("服务介绍").fill("预约门诊");
        await page.getByRole("radio", { name: "个人", exact: true }).check();
        await page.getByRole("group", { name: "是否支持国产操作系统" }).getByRole("radio", { name: "是" }).check();
        await page.getByRole("checkbox", { name: "省本级" }).check();
        await page.getByLabel("开发商", { exact: false }).first().fill(VENDOR.name);
        await page.getByLabel("统一社会信用代码").fill(VENDOR.code);
        await page.getByLabel("手机号").first().fill("13800000002");
        await finish(page);
        await page.waitForURL(/\/service$/);
        await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("部署准备中", { exact: true })).toBeVisible();
    });
});

test.describe("what only the server knows", () => {
    test.use({ tolerated: [/422/] });

    test("a name that is taken is said together with what else is wrong", async ({ page }) => {
        await signIn(page, "何敏", "/service");
        await registers(page, "占用的名称");
        await page.goto("/service/register");
        await interactive(page);
        await page.getByLabel("服务名称").fill("占用的名称");
        await finish(page);
        const summary = page.getByRole("group", { name: /处需要修改/ });
        await expect(summary.getByRole("link", { name: /服务名称已被使用/ })).toBeVisible();
        await expect(summary.getByRole("link", { name: "请填写服务介绍" })).toBeVisible();
    });
});
