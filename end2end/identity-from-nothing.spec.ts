// identity.md, First start and the three administrators; lifecycle.md, Transitions, and Work orders: 无人可审; from an empty database to an application that is live.
import { type Page } from "@playwright/test";
import { counted, sendsTable } from "./support/importing.ts";
import { approves, fillsApproval, shownOrder } from "./support/ordering.ts";
import { liveAddress } from "./support/publishing.ts";
import { PASSWORD, activates, emptySite, names } from "./support/real.ts";
import { fillsRegistration } from "./support/registering.ts";
import { expect, fit, interactive, test } from "./support/test.ts";
import { delivers } from "./support/workbench.ts";
import { fixture } from "./support/zip.ts";

const NAME = "空库里的第一个应用";

/** Imports a table; expects this many rows to be new. */
async function imports(page: Page, kind: string, head: string, rows: string[]): Promise<void> {
    await sendsTable(page, kind, `${kind}.csv`, Buffer.from([head, ...rows].join("\n")));
    await expect(page.getByRole("heading", { name: "上次导入" })).toBeVisible();
    await expect(counted(page, "新增")).toHaveText(String(rows.length));
    await expect(counted(page, "未导入")).toHaveText("0");
    await fit(page);
}

/** Makes activation links for all of these; answers them by account. */
async function linksOf(page: Page, people: [account: string, name: string][]): Promise<Map<string, string>> {
    await page.goto("/admin/accounts?standing=no_password");
    await interactive(page);
    for (const [, name] of people) await page.getByRole("checkbox", { name: `选择 ${name}`, exact: true }).check();
    await page.getByRole("button", { name: "生成激活链接" }).click();
    const lines = page.locator(".new-links li");
    await expect(lines).toHaveCount(people.length);
    await fit(page);
    const found = new Map<string, string>();
    for (const [account, name] of people) {
        const line = lines.filter({ hasText: `${name}（${account}）` });
        found.set(account, (await line.locator("code").textContent()) ?? "");
    }
    return found;
}

/** Sets the region of 沈一, who has one role. */
async function setsRegion(page: Page, region: string): Promise<void> {
    await page.goto("/admin/roles?q=shenyi");
    await page.getByRole("link", { name: /^设置角色/ }).click();
    await interactive(page);
    await page.getByLabel("区域，第 1 个角色").selectOption(region);
    await page.getByRole("button", { name: "保存角色" }).click();
    await page.waitForURL("**/admin/roles");
}

/** Demands an authenticator of everybody. */
async function demandsOfAll(page: Page): Promise<void> {
    await page.goto("/admin/policy");
    await interactive(page);
    await page.getByRole("radio", { name: "所有本地账号" }).check();
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("现行的是第 1 版，褚强")).toBeVisible();
}

/** Who is signed in has an authenticator, and can not take it off. */
async function isBound(page: Page): Promise<void> {
    await page.goto("/me/authenticator");
    await expect(page.getByText("已启用。还有 10 个恢复码可用。")).toBeVisible();
    await expect(page.getByText("登录策略要求这个账号使用动态口令，不能关闭。")).toBeVisible();
}

/** Registers an H5 application on its form; answers the 服务ID that it got. */
async function registersOnItsForm(page: Page, name: string): Promise<string> {
    await page.goto("/service");
    await interactive(page);
    await page.getByRole("link", { name: "注册服务侧名称" }).first().click();
    await fillsRegistration(page, name, "海曙区");
    await page.getByRole("button", { name: "完成", exact: true }).click();
    await page.waitForURL(/\/service$/);
    const row = page.getByRole("row", { name: new RegExp(name) });
    await expect(row.getByText("部署准备中", { exact: true })).toBeVisible();
    return (await row.getByText(/^SV-\d{8}$/).textContent()) ?? "";
}

/** 验收成功 of what was delivered, and 提交审批; answers the order's path. */
async function acceptsAndAsks(page: Page, service: string): Promise<string> {
    await page.goto(`/service?q=${service}`);
    await interactive(page);
    await page.getByRole("link", { name: "验收", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`验收：${NAME}`);
    await expect(page.frameLocator("iframe").locator("body")).not.toBeEmpty();
    await page.getByRole("button", { name: "验收成功" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("待发布审批");
    await page.getByRole("link", { name: "提交审批" }).first().click();
    await expect(page.getByText("宁波市审核人员")).toBeVisible();
    await fillsApproval(page);
    await page.getByRole("button", { name: "提交审批" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("发布审批中");
    return await shownOrder(page);
}

// What an administrator may not see answers 403.
test.use({ server: emptySite(), tolerated: [/403/] });

test("从空库到上线：导入部门、账号、应用系统和角色，各自用密码和动态口令登录，一个 H5 应用走完全程", async ({ page, browser, server }) => {
    test.setTimeout(300_000);
    const [system = "", security = "", audit = ""] = await names(page, server, [
        ["系统管理员", "冯雪", "fengxue"],
        ["安全管理员", "褚强", "chuqiang"],
        ["审计员", "卫平", "weiping"],
    ]);
    const enters = async (account: string, link: string) => {
        const person = await activates(browser, server.address, link, account);
        await isBound(person);
        return person;
    };
    const chu = await enters("chuqiang", security);
    await demandsOfAll(chu);
    const feng = await enters("fengxue", system);
    await imports(feng, "departments", "浙政钉ID,部门,所属区域", ["GO_330200_01,宁波市交通运输局,宁波市"]);
    await imports(feng, "accounts", "账号,姓名,部门,手机号,邮箱,人员浙政钉ID", [
        "qianduo,钱多,宁波市交通运输局,,,",
        "zhaolei,赵磊,,13800000001,,",
        "shenyi,沈一,,,,",
        "shener,沈二,,,,",
    ]);
    await imports(feng, "systems", "应用系统,英文名,部门浙政钉ID,所属区域,管理员账号", ["宁波公交服务系统,Ningbo Bus,GO_330200_01,宁波市,qianduo"]);
    const links = await linksOf(feng, [["qianduo", "钱多"], ["zhaolei", "赵磊"], ["shenyi", "沈一"], ["shener", "沈二"]]);
    // What was imported is there, to be looked for.
    await feng.getByRole("link", { name: "部门" }).click();
    await expect(feng.getByRole("row", { name: /宁波市交通运输局/ })).toContainText("GO_330200_01");
    await fit(feng);
    await feng.goto("/systems?q=bus");
    await expect(feng.getByRole("row", { name: /宁波公交服务系统/ })).toContainText("钱多");
    await fit(feng);
    // The system administrator gives no roles.
    expect((await feng.goto("/admin/roles"))?.status()).toBe(403);

    await imports(chu, "roles", "账号,角色,区域", ["qianduo,政府工作人员,", "zhaolei,开发商,", "shenyi,审核人员,宁波市", "shener,审核人员,浙江省"]);
    expect((await chu.goto("/admin/accounts"))?.status()).toBe(403);
    // The rules of this site: the same two steps for all kinds.
    await imports(chu, "routes", "顺序,步骤,侧,工单类型,是否统建,区域,部门浙政钉ID", [
        "10,宁波市审核人员（或签）→ 沈二（shener）,服务侧,,,宁波市,",
        "20,浙江省审核人员,,,,,",
    ]);
    await chu.goto("/admin/routing");
    await expect(chu.getByText("宁波市审核人员（或签） → 沈二（shener）（或签）").first()).toBeVisible();

    const entersByLink = async (account: string) => await enters(account, links.get(account) ?? "");
    const qian = await entersByLink("qianduo");
    const service = await registersOnItsForm(qian, NAME);
    const zhao = await entersByLink("zhaolei");
    await zhao.goto("/dev");
    await interactive(zhao);
    await delivers(zhao, NAME, fixture("static-card"));
    const order = await acceptsAndAsks(qian, service);
    // Ningbo's reviewer is taken away: the security administrator sees what hurts, and mends it.
    await setsRegion(chu, "浙江省 / 温州市");
    await chu.goto("/");
    await chu.getByText("有 1 张工单无人可审").getByRole("link").click();
    await expect(chu.getByRole("region", { name: "无人可审的工单" }).getByRole("row", { name: new RegExp(NAME) })).toContainText("宁波市审核人员");
    await fit(chu);
    await setsRegion(chu, "浙江省 / 宁波市");
    await chu.goto("/admin/routing");
    await expect(chu.getByRole("heading", { name: "审批路由" })).toBeVisible();
    await expect(chu.getByRole("region", { name: "无人可审的工单" })).toHaveCount(0);
    for (const account of ["shenyi", "shener"]) {
        const reviewer = await entersByLink(account);
        await reviewer.goto("/orders/waiting");
        await interactive(reviewer);
        await reviewer.getByRole("row", { name: new RegExp(NAME) }).getByRole("link", { name: /^审批/ }).click();
        await expect(reviewer).toHaveURL(new RegExp(`${order}$`));
        await approves(reviewer);
        await reviewer.context().close();
    }
    await qian.goto(`/service?q=${service}`);
    await expect(qian.getByRole("row", { name: new RegExp(NAME) }).getByText("已发布", { exact: true })).toBeVisible();
    const opened = await qian.goto(liveAddress(server.address, service));
    expect(opened?.status()).toBe(200);
    await expect(qian.getByRole("button", { name: "公积金" })).toBeVisible();

    // The auditor sees who did it.
    const wei = await enters("weiping", audit);
    await wei.goto("/admin/audit?action=work_order.approve");
    await expect(wei.locator(".audit-one").first()).toContainText("沈二");
    for (const person of [feng, chu, qian, zhao, wei]) await person.context().close();
    expect(server.log).not.toContain(PASSWORD);
});
