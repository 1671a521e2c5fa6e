// lifecycle.md, Hosting and Transitions: the governance side, from 应用系统 to 配置完成.
import { approves, as, asksForApproval, rowOf } from "./support/ordering.ts";
import { png } from "./support/png.ts";
import { GOVERNANCE, registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { fixture } from "./support/zip.ts";

test("应用系统 > 更多 > 治理侧发布; a mini-program needs its address, an H5 is hosted unless staff choose no @phone", async ({ page }, info) => {
    test.slow();
    const name = `督办小程序_${info.project.name}`;
    await signIn(page, "王建国", "/systems");
    await page.locator("summary").filter({ hasText: "更多" }).first().click();
    await page.getByRole("link", { name: "治理侧发布" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("治理侧名称列表");
    await page.getByRole("link", { name: "注册治理侧名称" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("注册治理侧名称");
    await interactive(page);
    await fit(page);

    await page.getByRole("radio", { name: "H5" }).check();
    const hosting = page.getByRole("group", { name: "代码托管" });
    await expect(hosting.getByRole("radio", { name: "是" })).toBeChecked();
    await expect(page.getByLabel("备用地址")).toBeVisible();
    await expect(page.getByText("上线后生成")).toBeVisible();
    await hosting.getByRole("radio", { name: "否" }).check();
    await expect(page.getByRole("textbox", { name: /^移动端地址/ })).toBeVisible();
    await expect(page.getByLabel("备用地址")).toBeHidden();
    await page.getByRole("radio", { name: "小程序" }).check();
    await expect(page.getByRole("textbox", { name: /^移动端地址/ })).toBeVisible();

    await page.getByRole("button", { name: "提交", exact: true }).click();
    const summary = page.getByRole("group", { name: /处需要修改/ });
    await expect(summary).toBeFocused();
    for (const field of [/移动端地址/, /是否统建/, /所属区域/]) await expect(summary.getByRole("link", { name: field })).toBeVisible();
    await fit(page);

    await page.getByLabel("服务名称").fill(name);
    await page.getByLabel("服务介绍").fill("督办事项的交办和反馈");
    await page.getByLabel("选择图片").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(180, 180) });
    await expect(page.getByRole("img", { name: "60 像素的图标" }).first()).toBeVisible();
    await page.getByRole("radio", { name: "个人", exact: true }).check();
    await page.getByRole("group", { name: "是否支持国产操作系统" }).getByRole("radio", { name: "是" }).check();
    await page.getByRole("textbox", { name: /^移动端地址/ }).fill("https://duban.example.gov.cn/app");
    await page.getByLabel("搜索站点").fill("上城");
    await page.getByRole("checkbox", { name: "上城区" }).check();
    await page.getByLabel("开发商", { exact: false }).first().fill("杭州云途科技有限公司");
    await page.getByLabel("统一社会信用代码").fill("91330100MA20000120");
    await page.getByLabel("真实姓名").first().fill("赵磊");
    await page.getByLabel("手机号").first().fill("13800000001");
    await page.getByRole("group", { name: "是否统建" }).getByRole("radio", { name: "否" }).check();
    await page.getByLabel("所属区域").selectOption("330102");
    await page.getByRole("button", { name: "提交", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("治理侧名称列表");
    const row = page.getByRole("row", { name: new RegExp(name) });
    await expect(row.getByText("待发布审批", { exact: true })).toBeVisible();
    await expect(row.getByText("浙政钉")).toBeVisible();
});

test("the approval of a hosted H5 leads to 配置中; 配置完成 makes it 已发布", async ({ page, browser, server }) => {
    test.setTimeout(150_000);
    const name = "值班值守助手";
    await signIn(page, "王建国", "/governance");
    await registers(page, name, GOVERNANCE);
    const developer = await as(browser, server.address, "赵磊", "/dev");
    await developer.getByRole("link", { name }).click();
    const upload = async (number: string) => {
        const file = { name: "card.zip", mimeType: "application/zip", buffer: fixture("static-card") };
        await developer.getByLabel("选择 zip 文件").setInputFiles(file);
        await developer.getByLabel("版本号").fill(number);
        await developer.getByRole("button", { name: "上传", exact: true }).click();
    };
    await upload("1.0.0");
    await developer.getByRole("button", { name: "提交验收" }).click();
    await expect(developer.locator(".state-chip").first()).toHaveText("待验收");

    const { id } = await rowOf(page, name, "governance");
    await page.goto(`/publications/${id}/acceptance`);
    await interactive(page);
    await page.getByRole("button", { name: "验收成功" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");
    const order = await asksForApproval(page, name, { side: "governance" });
    // 自建 in 上城区, which has no reviewers of its own: the city's decide.
    const limin = await as(browser, server.address, "李敏", order);
    await approves(limin);
    await page.goto(`/publications/${id}`);
    await expect(page.locator(".state-chip").first()).toHaveText("配置中");

    await developer.reload();
    await interactive(developer);
    await upload("1.0.1");
    await developer.getByRole("button", { name: "配置完成" }).click();
    await expect(developer.locator(".state-chip").first()).toHaveText("已发布");
    await limin.goto(order);
    await expect(limin.getByRole("heading", { name: "配置完成的版本与批准的版本的差异" })).toBeVisible();
    await expect(limin.getByText("内容相同，没有差异。")).toBeVisible();
    await expect(limin.getByText("之前没有上线过的版本")).toBeVisible();
    await page.goto("/channels/zhezhengding");
    await expect(page.getByText(name)).toBeVisible();
    await fit(page);
});
