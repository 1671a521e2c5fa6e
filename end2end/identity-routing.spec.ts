// identity.md, The three administrators: 路由 of the 安全管理员; lifecycle.md, Work orders.
import { type Locator, type Page } from "@playwright/test";
import { approves, as, submits } from "./support/ordering.ts";
import { expect, fit, interactive, ownSite, signIn, test } from "./support/test.ts";

// The rules of this site are for this file alone.
test.use({ server: ownSite() });

const tried = (page: Page): Locator => page.getByRole("region", { name: "试一试" }).getByRole("status");
const rule = (page: Page, n: number): Locator => page.getByRole("group", { name: `第 ${n} 条规则` });

/** The line for one more rule: the first that is open, as the others are folded. */
const empty = (page: Page): Locator => page.getByRole("group", { name: /^第 \d+ 条规则$/ }).first();

test.describe("the rules", () => {
    test.use({ tolerated: [/422/] });

    test("看空缺、加规则、试一试、保存、打开旧版本 @phone", async ({ page }) => {
        await signIn(page, "褚强", "/admin/routing");
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("审批路由");
        await interactive(page);
        await page.getByText(/个步骤现在没有足够的人审批/).click();
        await expect(page.getByText("宁波市审核人员")).toBeVisible();
        await fit(page);

        // By the rules as they are: the city, then the province.
        await page.getByLabel("建设部门在").selectOption("浙江省 / 杭州市");
        await page.getByRole("button", { name: "试一试" }).click();
        await expect(tried(page).getByRole("listitem")).toHaveCount(2);
        await expect(tried(page)).toContainText("李敏");

        const last = rule(page, 5);
        await last.getByLabel("顺序").fill("1");
        await last.getByLabel("侧", { exact: true }).selectOption("服务侧");
        await page.getByRole("button", { name: "保存为新版本" }).click();
        await expect(page.getByText("第 5 条规则没有步骤").first()).toBeVisible();
        await last.getByLabel("建设部门浙政钉ID").fill("GO_330100_0017");
        await last.getByLabel("由谁审批").first().selectOption("审核人员");
        await last.getByLabel("哪里的").first().selectOption("浙江省");
        await last.getByLabel("几人同意").first().selectOption("任意 2 人");
        await fit(page);
        await page.getByLabel("部门浙政钉ID（可不填）").fill("GO_330100_0017");
        await page.getByRole("button", { name: "试一试" }).click();
        await expect(tried(page).getByRole("listitem")).toHaveCount(1);
        await expect(tried(page)).toContainText("任意 2 人");

        const versions = page.getByRole("table");
        const before = await versions.getByRole("row").count();
        await page.getByRole("button", { name: "保存为新版本" }).click();
        await expect(versions.getByRole("row")).toHaveCount(before + 1);
        await expect(versions.getByRole("row").nth(1)).toContainText("褚强");
        await expect(page.locator("summary").filter({ hasText: "第 1 条" })).toContainText("部门 GO_330100_0017");

        // Back to the default: a version of its own.
        await versions.getByRole("row").filter({ hasText: "系统默认" }).getByRole("link").click();
        await expect(page.getByText("下面是系统默认的规则")).toBeVisible();
        await interactive(page);
        await page.getByRole("button", { name: "保存为新版本" }).click();
        await expect(versions.getByRole("row")).toHaveCount(before + 2);
        await fit(page);
    });

    test("一步由指定的人员审批：写错的说明白，别人看不到，指定的人同意后上线 @phone", async ({ page, browser, server }, info) => {
        test.slow();
        await signIn(page, "褚强", "/admin/routing");
        await interactive(page);
        const last = empty(page);
        const [who, where] = [last.getByLabel("指定哪些人").first(), last.getByLabel("哪里的").first()];
        await last.getByLabel("顺序").fill("1");
        await last.getByLabel("建设部门浙政钉ID").fill("GO_330100_0017");
        await last.getByLabel("由谁审批").first().selectOption("审核人员");
        await expect(who).toBeHidden();
        await where.selectOption("指定的人员");
        await who.fill("吴芳、没有此人");
        await page.getByRole("button", { name: "保存为新版本" }).click();
        await expect(page.getByText("没有叫「没有此人」的审核人员").first()).toBeVisible();
        await expect(who).toHaveValue("吴芳、没有此人");
        await fit(page);
        await who.fill("吴芳、李敏（limin）");
        await last.getByLabel("几人同意").first().selectOption("会签（全部）");
        await page.getByLabel("部门浙政钉ID（可不填）").fill("GO_330100_0017");
        await page.getByRole("button", { name: "试一试" }).click();
        await expect(tried(page).getByRole("listitem")).toHaveText([/吴芳、李敏/]);
        await page.getByRole("button", { name: "保存为新版本" }).click();
        await expect(page.locator("summary").filter({ hasText: "第 1 条" })).toContainText("吴芳（wufang）、李敏（limin）（会签）");
        await fit(page);

        const name = `指定审批_${info.project.name}`;
        const wang = await as(browser, server.address, "王建国", "/");
        const order = await submits(wang, name);
        await wang.goto(order);
        await expect(wang.getByText("可以审批：李敏、吴芳")).toBeVisible();
        const wu = await as(browser, server.address, "吴芳", "/orders/waiting");
        await wu.getByRole("row", { name: new RegExp(name) }).getByRole("link", { name: /^审批/ }).click();
        await wu.getByRole("button", { name: "同意", exact: true }).click();
        await expect(wu.getByRole("dialog")).toContainText("您同意后，这一步还要 1 人同意。");
        await fit(wu);
        await wu.getByRole("button", { name: "确认同意" }).click();
        await expect(wu.getByRole("status").filter({ hasText: "已同意" })).toBeVisible();
        const li = await as(browser, server.address, "李敏", order);
        await approves(li);
        await expect(li.locator(".order-title").getByText("已通过")).toBeVisible();
        await fit(li);
        const zhou = await as(browser, server.address, "周涛", "/orders/waiting");
        await expect(zhou.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);
        for (const one of [wang, wu, li, zhou]) await one.context().close();
    });

    test.describe("without scripts", () => {
        test.use({ javaScriptEnabled: false });

        test("规则照样改，填错的留在页面上", async ({ page }) => {
            await page.goto("/login?next=/admin/routing");
            await page.getByRole("button", { name: "褚强" }).click();
            const last = empty(page);
            await last.getByLabel("由谁审批").first().selectOption("审核人员");
            await page.getByRole("button", { name: "保存为新版本" }).click();
            await expect(page.getByText("请选择审批人的区域").first()).toBeVisible();
            await expect(last.getByLabel("由谁审批").first()).toHaveValue("reviewer");
        });
    });
});
