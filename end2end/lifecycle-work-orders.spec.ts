// lifecycle.md, Work orders; screens.md, Work order and Phone approval.
import { approves, as, submits } from "./support/ordering.ts";
import { expect, filters, fit, interactive, signIn, test } from "./support/test.ts";

test("the city approves, then the province, and it is live at once @phone", async ({ page, browser, server }, info) => {
    test.slow();
    const name = `交通投诉受理_${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    const order = await submits(page, name);
    await page.goto(order);
    await interactive(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`发布：${name}`);
    await expect(page.getByText("审批中", { exact: true })).toBeVisible();
    await expect(page.getByText("首次发布，面向全市市民")).toBeVisible();
    await expect(page.getByText("可以审批：周涛、吴芳")).toBeVisible();
    await expect(page.getByRole("button", { name: "同意" })).toHaveCount(0);
    await fit(page);

    const li = await as(browser, server.address, "李敏", "/orders/waiting");
    await li.getByLabel("关键字").fill(name);
    await li.getByRole("row", { name: new RegExp(name) }).getByRole("link", { name: /^审批/ }).click();
    await li.getByRole("button", { name: "同意", exact: true }).click();
    await expect(li.getByRole("dialog")).toContainText("转到浙江省审核人员审批");
    await li.getByLabel("审批意见").fill("材料齐全");
    await fit(li);
    await li.getByRole("button", { name: "确认同意" }).click();
    await expect(li.getByRole("status").filter({ hasText: "已同意，现在等待浙江省审核人员审批" })).toBeVisible();
    await expect(li.getByRole("button", { name: "同意" }), "no dead button").toHaveCount(0);
    await expect(li.getByText("材料齐全")).toBeVisible();

    const zhou = await as(browser, server.address, "周涛", order);
    await zhou.getByRole("button", { name: "同意", exact: true }).click();
    await expect(zhou.getByRole("dialog")).toContainText("立即上线");
    await zhou.getByRole("button", { name: "确认同意" }).click();
    await expect(zhou.getByRole("status").filter({ hasText: "的申请已通过" })).toBeVisible();
    await expect(zhou.locator(".order-title").getByText("已通过")).toBeVisible();
    await fit(zhou);
    await page.goto(`/service?q=${encodeURIComponent(name)}`);
    await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("已发布", { exact: true })).toBeVisible();
    await li.context().close();
    await zhou.context().close();
});

test("拒绝 needs a reason, which the initiator reads", async ({ page, browser, server }, info) => {
    test.slow();
    const name = `出租车投诉_${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    const order = await submits(page, name);
    const li = await as(browser, server.address, "李敏", order);
    await li.getByRole("button", { name: "拒绝", exact: true }).click();
    await li.getByRole("button", { name: "确认拒绝" }).click();
    await expect(li.locator(".field-errors").getByText("请填写原因")).toBeVisible();
    await expect(li.getByLabel("拒绝原因")).toBeFocused();
    await fit(li);
    await li.getByLabel("拒绝原因").fill("测试报告缺少兼容性结果");
    await li.getByRole("button", { name: "确认拒绝" }).click();
    await expect(li.getByRole("status").filter({ hasText: "已拒绝" })).toBeVisible();
    await page.goto(order);
    await expect(page.locator(".notice").getByText("测试报告缺少兼容性结果")).toBeVisible();
    await expect(page.getByText("没有走到这一步")).toBeVisible();
    await page.goto("/orders/initiated?tab=over");
    await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("已拒绝")).toBeVisible();
    await li.context().close();
});

test("催办 once in ten minutes, then 撤回申请 @phone", async ({ page }, info) => {
    test.slow();
    const name = `网约车服务_${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    await page.goto(await submits(page, name));
    await interactive(page);
    await page.getByRole("button", { name: "催办" }).click();
    await expect(page.getByText("10 分钟后可再次催办")).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "已催办" })).toBeVisible();
    await expect(page.getByText("发起人催办 · 刚刚")).toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: "撤回申请" }).click();
    await page.getByRole("button", { name: "确认撤回" }).click();
    await expect(page.getByRole("status").filter({ hasText: "已撤回申请" })).toBeVisible();
    await expect(page.locator(".order-title").getByText("已撤回")).toBeVisible();
    await expect(page.getByRole("button", { name: "撤回申请" })).toHaveCount(0);
});

test.describe("somebody was faster", () => {
    // The browser notes an answer of 409 by itself.
    test.use({ tolerated: [/409/] });

    test("the second reviewer reads who it was, and sees the result", async ({ page, browser, server }, info) => {
        test.slow();
        const name = `停车泊位查询_${info.project.name}`;
        await signIn(page, "王建国", "/orders/initiated");
        const order = await submits(page, name);
        const li = await as(browser, server.address, "李敏", order);
        await approves(li);
        await li.context().close();
        const wu = await as(browser, server.address, "吴芳", order);
        const zhou = await as(browser, server.address, "周涛", order);
        await approves(zhou);
        await zhou.context().close();
        await wu.getByRole("button", { name: "同意", exact: true }).click();
        await wu.getByRole("button", { name: "确认同意" }).click();
        await expect(wu.getByRole("alert")).toHaveText(/周涛 已于 .* 通过了此工单/);
        await expect(wu.locator(".order-title").getByText("已通过")).toBeVisible();
        await expect(wu.getByRole("button", { name: "同意" })).toHaveCount(0);
        await wu.context().close();
    });
});

test("on a phone three taps decide; what, who and since when are on the first screen", async ({ page, browser, server }) => {
    test.slow();
    await signIn(page, "王建国", "/orders/initiated");
    const order = await submits(page, "手机审批服务");
    const other = await submits(page, "手机审批下一个");
    const context = await browser.newContext({ baseURL: server.address, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const li = await context.newPage();
    await signIn(li, "李敏", "/orders/waiting");
    const bar = li.getByRole("navigation", { name: "主导航" });
    await expect(bar.getByRole("link", { name: /待办|待我审批/ })).toContainText(/[1-9]/);
    await li.getByLabel("关键字").fill("手机审批");
    await li.locator(`a[href="${order}"]`).first().tap();
    await expect(li.getByRole("heading", { level: 1 })).toBeInViewport();
    for (const text of ["王建国", "刚刚"]) await expect(li.locator(".order-facts").getByText(text)).toBeInViewport();
    const [refuse, approve] = [li.getByRole("button", { name: "拒绝", exact: true }), li.getByRole("button", { name: "同意", exact: true })];
    const [left, right] = [await refuse.boundingBox(), await approve.boundingBox()];
    expect(left?.height).toBeGreaterThanOrEqual(48);
    expect(left?.y).toBe(right?.y);
    expect(left?.x ?? 0).toBeLessThan(right?.x ?? 0);
    await fit(li);
    await approve.tap();
    await li.getByRole("button", { name: "确认同意" }).tap();
    await expect(li.getByRole("status").filter({ hasText: "已同意" })).toBeVisible();
    const next = li.getByRole("link", { name: /^下一个待审批/ });
    await expect(next, "one key away").toBeFocused();
    await li.keyboard.press("Enter");
    await expect(li).not.toHaveURL(new RegExp(order));
    await li.goto(other);
    await expect(li.getByRole("button", { name: "同意", exact: true })).toBeVisible();
    await context.close();
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("an order is refused, with its reason asked for again, and approved @phone", async ({ page }, info) => {
        test.slow();
        const name = `无脚本工单_${info.project.name}`;
        await page.goto("/login?next=/orders/initiated");
        await page.getByRole("button", { name: "王建国" }).click();
        const [first, second] = [await submits(page, `${name}_甲`), await submits(page, `${name}_乙`)];
        await page.goto(first);
        await page.getByRole("button", { name: "催办" }).click();
        await expect(page.getByText("已催办")).toBeVisible();
        await page.context().clearCookies();
        await page.goto(`/login?next=${first}`);
        await page.getByRole("button", { name: "李敏" }).click();
        await page.getByRole("button", { name: "拒绝", exact: true }).click();
        await page.getByRole("button", { name: "确认拒绝" }).click();
        await expect(page.locator(".field-errors").getByText("请填写原因")).toBeVisible();
        await page.getByLabel("拒绝原因").fill("请补充测试报告");
        await page.getByRole("button", { name: "确认拒绝" }).click();
        await expect(page.getByText("已拒绝", { exact: false }).first()).toBeVisible();
        await page.goto(second);
        await page.getByRole("button", { name: "同意", exact: true }).click();
        await expect(page.getByText("转到浙江省审核人员审批")).toBeVisible();
        await page.getByRole("button", { name: "确认同意" }).click();
        await expect(page.getByText("已同意，现在等待浙江省审核人员审批")).toBeVisible();
        await page.goto("/orders/waiting?tab=over");
        await expect(page.getByRole("row", { name: new RegExp(`${name}_乙`) })).toBeVisible();
    });
});

test("the lists find, filter and page by their addresses @phone", async ({ page, browser, server }, info) => {
    test.slow();
    const name = `列表工单${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    for (let n = 1; n <= 11; n += 1) await submits(page, `${name}_${n}号`);
    await page.goto(`/orders/initiated?q=${name}&size=10`);
    await interactive(page);
    await expect(page.getByRole("row")).toHaveCount(11);
    await fit(page);
    await page.getByRole("link", { name: "下一页" }).click();
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.getByRole("link", { name: "上一页" }).click();
    await expect(page.getByRole("row")).toHaveCount(11);
    await filters(page, () => page.getByLabel("类型").selectOption("下线"));
    await expect(page).toHaveURL((url) => url.searchParams.get("kind") === "offline");
    await expect(page.getByText("没有符合条件的结果")).toBeVisible();
    await fit(page);
    await page.getByRole("link", { name: "清除筛选" }).click();
    await expect(page.getByRole("link", { name: /^审批中/ })).toHaveAttribute("aria-current", "true");
    await page.getByRole("link", { name: /^已完成/ }).click();
    await expect(page).toHaveURL(/tab=over/);
    const operator = await as(browser, server.address, "郑凯", "/orders/waiting");
    await expect(operator.getByText("没有等你审批的工单")).toBeVisible();
    await fit(operator);
    await operator.context().close();
});

test.describe("an order out of reach", () => {
    test.use({ tolerated: [/404|403/] });

    test("is not found; a role without orders is refused", async ({ page, browser, server }) => {
        await signIn(page, "王建国", "/orders/initiated");
        const order = await submits(page, "够不到的工单");
        for (const [who, status] of [["陈静", 404], ["赵磊", 403]] as const) {
            const other = await as(browser, server.address, who, "/");
            const answer = await other.goto(order);
            expect(answer?.status()).toBe(status);
            await other.context().close();
        }
        const none = await page.goto("/orders/nothing");
        expect(none?.status()).toBe(404);
    });
});

test("several orders at once, with a result in each row @phone", async ({ page, browser, server }, info) => {
    test.slow();
    const names = [1, 2, 3].map((n) => `批量${n}_${info.project.name}`);
    await signIn(page, "王建国", "/orders/initiated");
    const orders: string[] = [];
    for (const name of names) orders.push(await submits(page, name));
    const li = await as(browser, server.address, "李敏", `/orders/waiting?q=_${info.project.name}`);
    if (info.project.name === "phone") await li.setViewportSize({ width: 390, height: 844 });
    await interactive(li);
    for (const name of names) await li.getByRole("checkbox", { name: `选择 ${name}` }).check();
    await expect(li.getByText("已选 3 项").first()).toBeVisible();
    await fit(li);

    // One of them is withdrawn meanwhile: its row says so, the others are decided.
    await page.goto(orders[1] ?? "");
    await interactive(page);
    await page.getByRole("button", { name: "撤回申请" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "确认撤回" }).click();
    await expect(page.getByText("已撤回").first()).toBeVisible();

    await li.getByRole("button", { name: "同意", exact: true }).click();
    await li.getByRole("dialog").getByRole("button", { name: "确认同意" }).click();
    await expect(li.getByRole("row", { name: new RegExp(names[0] ?? "") }).getByText("已同意")).toBeVisible();
    await expect(li.getByRole("row", { name: new RegExp(names[1] ?? "") }).getByRole("alert")).toContainText("撤回");
    await expect(li.getByRole("row", { name: new RegExp(names[2] ?? "") }).getByText("已同意")).toBeVisible();
    // What was decided is not offered once more, and a sentence has room.
    await expect(li.getByRole("row", { name: new RegExp(names[0] ?? "") }).getByRole("link", { name: /^查看/ })).toBeVisible();
    const sentence = await li.getByRole("row", { name: new RegExp(names[1] ?? "") }).getByRole("alert").boundingBox();
    expect(sentence?.width).toBeGreaterThan(150);
    await fit(li);

    const zhou = await as(browser, server.address, "周涛", `/orders/waiting?q=${encodeURIComponent("批量")}`);
    await interactive(zhou);
    for (const name of [names[0], names[2]]) await zhou.getByRole("checkbox", { name: `选择 ${name ?? ""}` }).check();
    await zhou.getByRole("button", { name: "拒绝", exact: true }).click();
    await zhou.getByRole("dialog").getByRole("button", { name: "确认拒绝" }).click();
    await expect(zhou.getByRole("dialog").getByText("请填写原因")).toBeVisible();
    await zhou.getByLabel("拒绝原因").fill("材料不全");
    await zhou.getByRole("dialog").getByRole("button", { name: "确认拒绝" }).click();
    for (const name of [names[0], names[2]]) {
        await expect(zhou.getByRole("row", { name: new RegExp(name ?? "") }).getByText("已拒绝")).toBeVisible();
    }
});
