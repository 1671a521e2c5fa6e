// lifecycle.md, Transitions: 修改登记信息, 信息变更, 下线, 重新发布, 版本升级, 版本回退.
import { approves, as, asksForApproval, orderOf, rowOf, submits, WEB } from "./support/ordering.ts";
import { asks, liveAddress, publishes } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { fixture, zip } from "./support/zip.ts";

test("修改登记信息 while nothing is live: only what changes is sent, and it stands at once @phone", async ({ page }, info) => {
    const name = `改登记_${info.project.name}`;
    await signIn(page, "王建国", "/service");
    await registers(page, name, WEB);
    await page.goto(`/service?q=${name}`);
    await interactive(page);
    await page.getByRole("row", { name: new RegExp(name) }).locator("summary").click();
    await page.getByRole("link", { name: "修改登记信息" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`修改登记信息：${name}`);
    await interactive(page);
    await expect(page.getByText("还没有改动。")).toBeVisible();
    await expect(page.getByRole("button", { name: "保存修改" })).toBeDisabled();
    await fit(page);
    await page.getByLabel("服务介绍").fill("投诉的登记和查询");
    await expect(page.getByRole("row", { name: /服务介绍.*查询公交到站时间.*投诉的登记和查询/ })).toBeVisible();
    await page.getByLabel("统一社会信用代码").fill("91350211M0000XUF46");
    await page.getByRole("button", { name: "保存修改" }).click();
    await expect(page.getByRole("group", { name: /处需要修改/ })).toBeFocused();
    await page.getByLabel("统一社会信用代码").fill("91350100M000100Y43");
    await page.getByRole("button", { name: "保存修改" }).click();
    await expect(page.getByText("投诉的登记和查询")).toBeVisible();
    await page.getByRole("link", { name: "历史" }).click();
    await expect(page.locator("main").getByText("修改登记信息").last()).toBeVisible();
});

test("信息变更, 下线 and 重新发布 of what is live @phone", async ({ page, browser, server }, info) => {
    test.setTimeout(180_000);
    const name = `变更下线_${info.project.name}`;
    await signIn(page, "王建国", "/service");
    const order = await submits(page, name);
    const city = await as(browser, server.address, "李敏", order);
    await approves(city);
    const province = await as(browser, server.address, "周涛", order);
    await approves(province);
    const { id } = await rowOf(page, name);

    await page.goto(`/publications/${id}`);
    await interactive(page);
    await page.locator("summary").filter({ hasText: "更多" }).first().click();
    await page.getByRole("link", { name: "信息变更" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`信息变更：${name}`);
    await interactive(page);
    await expect(page.getByLabel("服务名称")).toBeHidden();
    await page.getByRole("checkbox", { name: "上架信息" }).check();
    await expect(page.getByLabel("统一社会信用代码")).toBeHidden();
    await page.getByLabel("服务名称").fill(`${name}_新`);
    await page.getByLabel("搜索站点").fill("西湖");
    await page.getByRole("checkbox", { name: "西湖区" }).check();
    await expect(page.getByRole("row", { name: /适用范围.*增加/ })).toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: "提交变更申请" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("信息变更中");
    await city.goto(await orderOf(page, name));
    await interactive(city);
    await expect(city.getByRole("row", { name: /服务名称/ })).toContainText(`${name}_新`);
    await fit(city);
    await approves(city);
    await page.goto(`/publications/${id}`);
    await interactive(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name}_新`);
    await expect(page.locator(".state-chip").first()).toHaveText("已发布");

    await page.locator("summary").filter({ hasText: "更多" }).first().click();
    await page.getByRole("link", { name: "下线", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`下线：${name}_新`);
    await interactive(page);
    await page.getByRole("button", { name: "提交下线申请" }).click();
    await expect(page.getByRole("group", { name: /处需要修改/ })).toBeFocused();
    await fit(page);
    await page.getByLabel("下线原因").fill("业务并入浙里办统一入口");
    await page.getByLabel("下线后的替代服务").fill("浙里办 > 投诉");
    await page.getByRole("button", { name: "提交下线申请" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("下线审批中");
    const offline = await orderOf(page, name);
    for (const reviewer of [city, province]) {
        await reviewer.goto(offline);
        await interactive(reviewer);
        await approves(reviewer);
    }
    await page.reload();
    await interactive(page);
    await expect(page.locator(".state-chip").first()).toHaveText("已下线");
    await page.goto("/channels/service_web");
    await expect(page.getByText(`${name}_新`)).toHaveCount(0);
    await page.goto(`/publications/${id}/act/republish`);
    await interactive(page);
    await page.getByRole("button", { name: "重新发布" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");
});

test.describe("other contacts", () => {
    // Who is no contact any more finds nothing.
    test.use({ tolerated: [/404/] });

    test("信息变更 of the contacts moves the developers' access with its approval, not before", async ({ page, browser, server }) => {
        const name = "换了联系人";
        await publishes(browser, server.address, name, fixture("static-card"));
        await signIn(page, "王建国", "/service");
        const { id } = await rowOf(page, name);
        const [before, after] = [await as(browser, server.address, "赵磊", `/dev/${id}`), await as(browser, server.address, "孙悦", "/dev")];
        await expect(before.getByRole("heading", { level: 1 })).toHaveText(name);
        await expect(after.getByRole("link", { name })).toHaveCount(0);

        await page.goto(`/publications/${id}/change`);
        await interactive(page);
        await page.getByRole("checkbox", { name: "发布信息" }).check();
        await page.locator("[name='draft[contacts][0][name]']").fill("孙悦");
        await page.locator("[name='draft[contacts][0][phone]']").fill("13800000002");
        await page.getByRole("button", { name: "提交变更申请" }).click();
        await expect(page.locator(".state-chip").first()).toHaveText("信息变更中");
        expect((await before.goto(`/dev/${id}`))?.status()).toBe(200);
        expect((await after.goto(`/dev/${id}`))?.status()).toBe(404);

        const city = await as(browser, server.address, "李敏", await orderOf(page, name));
        await approves(city);
        expect((await before.goto(`/dev/${id}`))?.status()).toBe(404);
        expect((await after.goto(`/dev/${id}`))?.status()).toBe(200);
        await expect(after.getByRole("heading", { level: 1 })).toHaveText(name);
    });
});

test("版本升级 leaves the live version alone until its approval; 版本回退 makes the old one live again", async ({ page, browser, server }) => {
    test.setTimeout(240_000);
    const name = "升级又回退";
    await signIn(page, "王建国", "/service");
    const service = await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    const city = await as(browser, server.address, "李敏", "/orders/waiting");
    const province = await as(browser, server.address, "周涛", "/orders/waiting");
    const live = liveAddress(server.address, service);
    const shown = async () => (await asks(page, live)).text;
    const goesLive = async (number: string, mark: string) => {
        const page_ = `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>${mark}</title></head><body><h1>${mark}</h1></body></html>`;
        await developer.getByLabel("选择 zip 文件").setInputFiles({ name: "a.zip", mimeType: "application/zip", buffer: zip({ "index.html": page_ }) });
        await developer.getByLabel("版本号").fill(number);
        await developer.getByRole("button", { name: "上传", exact: true }).click();
        await developer.getByRole("button", { name: "提交验收" }).click();
        await expect(developer.locator(".state-chip").first()).toHaveText(/待(升级)?验收/);
        await page.goto(`/publications/${id}/acceptance`);
        await interactive(page);
        await page.getByRole("button", { name: "验收成功" }).click();
        await expect(page.locator(".state-chip").first()).toHaveText(/待(发布|升级)审批/);
        await approved(await asksForApproval(page, name));
    };
    const approved = async (order: string) => {
        for (const reviewer of [city, province]) {
            await reviewer.goto(order);
            await interactive(reviewer);
            await approves(reviewer);
        }
    };
    await goesLive("1.0.0", "第一版");
    expect(await shown()).toContain("第一版");

    await page.goto(`/publications/${id}/act/upgrade`);
    await interactive(page);
    await fit(page);
    await page.getByRole("button", { name: "版本升级" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("升级部署中");
    expect(await shown()).toContain("第一版");
    await developer.reload();
    await interactive(developer);
    await goesLive("1.1.0", "第二版");
    expect(await shown()).toContain("第二版");

    await page.goto(`/publications/${id}/rollback`);
    await interactive(page);
    await page.getByRole("button", { name: "提交回退申请" }).click();
    await expect(page.getByRole("group", { name: /处需要修改/ })).toBeFocused();
    await fit(page);
    await page.getByRole("radio", { name: /1\.0\.0/ }).check();
    await page.getByLabel("原因").fill("新版首页打不开");
    await page.getByRole("button", { name: "提交回退申请" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("已发布");
    const order = await orderOf(page, name);
    // 版本回退 takes the last step of the route alone.
    await province.goto(order);
    await interactive(province);
    await fit(province);
    await approves(province);
    expect(await shown()).toContain("第一版");
});
