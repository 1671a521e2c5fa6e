// lifecycle.md, Transitions: service side, 浙里办APP, H5, hosted, from registration to live, by four people.
import { approves, as, fillsApproval, rowOf, shownOrder } from "./support/ordering.ts";
import { asks, liveAddress, sends, submitsForAcceptance } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { delivers } from "./support/workbench.ts";
import { fixture, zip } from "./support/zip.ts";

test("registered, uploaded, rejected, accepted, approved twice: live at once and in the directory", async ({ page, browser, server }) => {
    test.setTimeout(120_000);
    const name = "杭州公交到站";
    await signIn(page, "王建国", "/service");
    const id = await registers(page, name);

    const developer = await as(browser, server.address, "赵磊", "/dev");
    await delivers(developer, name, fixture("static-card"));

    // 验收拒绝 with a reason, and 验收成功 after it.
    await page.goto("/service?q=" + id);
    await interactive(page);
    await page.getByRole("link", { name: "验收", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`验收：${name}`);
    await expect(page.frameLocator("iframe").locator("body")).not.toBeEmpty();
    await expect(page.getByRole("img", { name: "预览地址的二维码" })).toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: "验收拒绝" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await page.getByLabel("拒绝原因").fill("首页文字太小");
    await page.getByRole("button", { name: "验收拒绝" }).click();
    await expect(page.getByText("上次验收未通过：首页文字太小")).toBeVisible();
    await page.getByRole("link", { name: "验收", exact: true }).first().click();
    await page.getByRole("button", { name: "验收成功" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");
    await fit(page);

    // 提交审批, with all errors at once and an attachment.
    await page.getByRole("link", { name: "提交审批" }).first().click();
    await expect(page.getByText("杭州市审核人员")).toBeVisible();
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.getByRole("group", { name: /处需要修改/ })).toBeFocused();
    await fit(page);
    await fillsApproval(page);
    await page.getByLabel("选择文件").setInputFiles({ name: "测试报告.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n") });
    await expect(page.getByText("测试报告.pdf")).toBeVisible();
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("发布审批中");
    const order = await shownOrder(page);

    // The live address answers nothing before it was ever live.
    const live = liveAddress(server.address, id);
    expect((await asks(page, live)).status).toBe(404);

    const city = await as(browser, server.address, "李敏", order);
    await expect(city.getByRole("link", { name: /测试报告/ })).toBeVisible();
    await expect(city.getByText("检测结果")).toBeVisible();
    await approves(city);
    const province = await as(browser, server.address, "周涛", order);
    await approves(province);

    const opened = await page.goto(live);
    expect(opened?.status()).toBe(200);
    await expect(page.locator("body")).not.toBeEmpty();
    await page.goto(`${server.address}/channels/zheli_app`);
    await expect(page.getByRole("link", { name: new RegExp(new URL(live).hostname) }).or(page.getByText(name)).first()).toBeVisible();
    await page.goto(`${server.address}/service?q=${id}`);
    await interactive(page);
    await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("已发布", { exact: true })).toBeVisible();
    for (const other of [developer, city, province]) await other.context().close();
});

test("重新部署 leads back, from 待验收", async ({ page, browser, server }) => {
    test.setTimeout(60_000);
    await signIn(page, "王建国", "/service");
    const id = await registers(page, "重新部署的服务");
    const developer = await as(browser, server.address, "赵磊", "/dev");
    await delivers(developer, "重新部署的服务", fixture("static-card"));
    await developer.context().close();
    await page.goto(`/service?q=${id}`);
    await interactive(page);
    const row = page.getByRole("row", { name: /重新部署的服务/ });
    await row.locator("summary").click();
    await row.getByRole("link", { name: "重新部署", exact: true }).click();
    await fit(page);
    await page.getByRole("button", { name: "重新部署", exact: true }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("部署准备中");
});

test("验收: what was found is offered as a reason of 验收拒绝", async ({ page, browser, server }) => {
    const name = "带调试语句的服务";
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", "/dev");
    const document = "<!doctype html><html lang=zh-CN><meta name=viewport content=width=device-width><title>公交</title><h1>公交</h1><script src=a.js></script>";
    const script = "const stop = 1;\ndebugger;\nif (stop) { debugger; }\n";
    await submitsForAcceptance(developer, id, await sends(developer, id, zip({ "index.html": document, "a.js": script })));
    await page.goto(`/publications/${id}/acceptance`);
    await interactive(page);
    await expect(page.getByText("把检测结果写进原因：")).toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: /（a\.js:2 等 2 处）/ }).click();
    await page.getByRole("button", { name: "页面打不开或显示不正常" }).click();
    await expect(page.getByLabel("拒绝原因")).toHaveValue(/a\.js:2 等 2 处.*页面打不开或显示不正常/s);
    await page.getByRole("button", { name: "验收拒绝" }).click();
    await expect(page.getByText(/上次验收未通过：.*a\.js:2 等 2 处/)).toBeVisible();
    await developer.context().close();
});
