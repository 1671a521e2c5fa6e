// identity.md, First start and the three administrators; lifecycle.md, Transitions, and Work orders: 无人可审; from an empty database to an application that is live.
import { type Page } from "@playwright/test";
import { approves, asksForApproval, rowOf } from "./support/ordering.ts";
import { accepts, asks, liveAddress, sends, submitsForAcceptance } from "./support/publishing.ts";
import { PASSWORD, activates, emptySite, names } from "./support/real.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, test } from "./support/test.ts";
import { fixture } from "./support/zip.ts";

const NAME = "空库里的第一个应用";

/** Imports a table; expects this many rows to be new. */
async function imports(page: Page, kind: string, head: string, rows: string[]): Promise<void> {
    await page.goto(`/admin/import/${kind}`);
    await interactive(page);
    const buffer = Buffer.from([head, ...rows].join("\n"));
    await page.getByLabel("文件").setInputFiles({ name: `${kind}.csv`, mimeType: "text/csv", buffer });
    await page.getByRole("button", { name: "导入", exact: true }).click();
    await expect(page.getByRole("heading", { name: "上次导入" })).toBeVisible();
    await expect(page.locator(".import-counts div").filter({ hasText: "新增" })).toContainText(String(rows.length));
    await expect(page.locator(".import-counts div").filter({ hasText: "未导入" })).toContainText("0");
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

// Three servers on PostgreSQL, as sites have them that begin with nothing; what an administrator may not see answers 403.
test.use({ server: emptySite(), tolerated: [/403/] });

test("从空库到上线：导入部门、账号、应用系统和角色，各自激活登录，一个 H5 应用走完全程", async ({ page, browser, server }) => {
    test.setTimeout(240_000);
    const [system = "", security = ""] = await names(page, server, [
        ["系统管理员", "冯雪", "fengxue"],
        ["安全管理员", "褚强", "chuqiang"],
        ["审计员", "卫平", "weiping"],
    ]);
    const feng = await activates(browser, server.address, system, "fengxue");
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

    const chu = await activates(browser, server.address, security, "chuqiang");
    await imports(chu, "roles", "账号,角色,区域", ["qianduo,政府工作人员,", "zhaolei,开发商,", "shenyi,审核人员,宁波市", "shener,审核人员,浙江省"]);
    expect((await chu.goto("/admin/accounts"))?.status()).toBe(403);
    // The rules of this site: the same two steps for all kinds.
    await imports(chu, "routes", "顺序,步骤,侧,工单类型,是否统建,区域,部门浙政钉ID", [
        "10,宁波市审核人员（或签）→ 沈二（shener）,服务侧,,,宁波市,",
        "20,浙江省审核人员,,,,,",
    ]);
    await chu.goto("/admin/routing");
    await expect(chu.getByText("宁波市审核人员（或签） → 沈二（shener）（或签）").first()).toBeVisible();

    const enter = async (account: string) => await activates(browser, server.address, links.get(account) ?? "", account);
    const qian = await enter("qianduo");
    const service = await registers(qian, NAME, { "draft[scope][0]": "330200" });
    const { id } = await rowOf(qian, NAME);
    const zhao = await enter("zhaolei");
    await submitsForAcceptance(zhao, id, await sends(zhao, id, fixture("static-card")));
    await accepts(qian, id);
    const order = await asksForApproval(qian, NAME);
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
        const reviewer = await enter(account);
        await reviewer.goto(order);
        await interactive(reviewer);
        await approves(reviewer);
        await reviewer.context().close();
    }
    await qian.goto(`/publications/${id}`);
    await expect(qian.locator(".state-chip").first()).toHaveText("已发布");
    expect((await asks(qian, liveAddress(server.address, service))).status).toBe(200);
    for (const person of [feng, chu, qian, zhao]) await person.context().close();
    expect(server.log).not.toContain(PASSWORD);
});
