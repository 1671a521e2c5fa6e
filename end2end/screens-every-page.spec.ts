// screens.md: every page of app/src/routes.rs, for the person who may see it: opened at its address, in the dark, and without scripts.
import { type Page } from "@playwright/test";
import { as, asksForApproval, goesLive, rowOf, WEB } from "./support/ordering.ts";
import { accepts, sends, submitsForAcceptance } from "./support/publishing.ts";
import { GOVERNANCE, registers } from "./support/registering.ts";
import { test as base, expect, fit, interactive } from "./support/test.ts";
import { fixture } from "./support/zip.ts";

/** What there is to be seen: the ids of publications, and the path of an order. */
interface Made {
    waiting: string;
    unapproved: string;
    inReview: string;
    live: string;
    governance: string;
    order: string;
    stock: string;
}

/** An address, its heading, and a text that only the page with its data has. */
type Row = [address: (made: Made) => string, heading: string | RegExp, shows: string | RegExp];

const WAITING = "逐页_待验收";
const UNAPPROVED = "逐页_待发布审批";
const IN_REVIEW = "逐页_发布审批中";
const LIVE = "逐页_已发布";
const GOVERNED = "逐页_治理侧";

const PAGES: Record<string, Row[]> = {
    "": [
        [() => "/", "工作台", "一个应用从登记、部署、验收、审批到上线"],
        [() => "/login", "登录", "赵磊"],
        [() => "/about", "关于", "本次启动"],
        [() => "/channels/zheli_app", "浙里办APP应用目录", LIVE],
        [() => "/channels/service_web", "政务服务网应用目录", ""],
        [() => "/channels/zhezhengding", "浙政钉应用目录", ""],
    ],
    王建国: [
        [() => "/", "工作台", WAITING],
        [() => "/systems", "应用系统", "更多"],
        [() => "/service", "服务侧名称列表", LIVE],
        [() => "/service?q=没有这样的名称", "服务侧名称列表", "没有符合条件的结果"],
        [() => "/service/register", "注册服务侧名称", "统一社会信用代码"],
        [() => "/governance", "治理侧名称列表", GOVERNED],
        [() => "/governance/register", "注册治理侧名称", "是否统建"],
        [({ waiting }) => `/publications/${waiting}`, WAITING, "待验收"],
        [({ live }) => `/publications/${live}`, LIVE, "已发布"],
        [({ live }) => `/publications/${live}?tab=versions`, LIVE, "1.0.0"],
        [({ live }) => `/publications/${live}?tab=orders`, LIVE, "已通过"],
        [({ live }) => `/publications/${live}?tab=history`, LIVE, "验收成功"],
        [({ governance }) => `/publications/${governance}`, GOVERNED, "部署准备中"],
        [({ inReview }) => `/publications/${inReview}`, IN_REVIEW, "发布审批中"],
        [({ waiting }) => `/publications/${waiting}/acceptance`, `验收：${WAITING}`, "验收结论"],
        [({ waiting }) => `/publications/${waiting}/act/redeploy`, `重新部署：${WAITING}`, "由开发商重新上传"],
        [({ unapproved }) => `/publications/${unapproved}/approval`, `提交审批：${UNAPPROVED}`, "测试情况"],
        [({ unapproved }) => `/publications/${unapproved}/correction`, `修改登记信息：${UNAPPROVED}`, "服务介绍"],
        [({ live }) => `/publications/${live}/change`, `信息变更：${LIVE}`, "上架信息"],
        [({ live }) => `/publications/${live}/offline`, `下线：${LIVE}`, "下线原因"],
        [({ live }) => `/publications/${live}?tab=channels`, LIVE, "浙里办APP"],
        [({ live }) => `/publications/${live}/channels`, `渠道申请：${LIVE}`, "自助终端"],
        [() => "/inbox", "收件箱", LIVE],
        [() => "/me", "我的", "治理侧名称列表"],
        [() => "/me/authenticator", "动态口令", "没有启用"],
        [() => "/dashboard", "工单看板", "审批中"],
        [() => "/dashboard/live", "今日上线", LIVE],
        [() => "/orders/administered?ended=lately&tab=over", "所管系统的工单", "30 天内办结"],
        [() => "/stock", "存量应用", "OLD-00100"],
        [() => "/stock?q=没有这样的应用", "存量应用", "没有符合条件的结果"],
        [({ stock }) => `/stock/${stock}/link`, /^关联：/, "原平台上的应用"],
        [({ live }) => `/publications/${live}/rollback`, "现在不能这样做", "回到详情"],
        [({ live }) => `/publications/${live}/act/upgrade`, `版本升级：${LIVE}`, "由开发商上传新版本"],
        [({ live }) => `/publications/${live}/act/cancel_upgrade`, `撤销升级：${LIVE}`, "回到详情"],
        [({ live }) => `/publications/${live}/act/republish`, `重新发布：${LIVE}`, "回到详情"],
        [() => "/orders/initiated", "我发起的", IN_REVIEW],
        [({ order }) => order, `发布：${IN_REVIEW}`, "撤回申请"],
    ],
    赵磊: [
        [() => "/", "工作台", GOVERNED],
        [() => "/dev", "开发者工作台", WAITING],
        [({ waiting }) => `/dev/${waiting}`, WAITING, "版本 1.0.0"],
        [({ waiting }) => `/dev/${waiting}/tokens`, `API 令牌：${WAITING}`, "还没有令牌"],
        [({ governance }) => `/dev/${governance}`, GOVERNED, "部署准备中"],
        [({ live }) => `/publications/${live}`, LIVE, "已发布"],
        [() => "/rules", "检测规则", "使用了 eval"],
    ],
    李敏: [
        [() => "/", "工作台", IN_REVIEW],
        [() => "/orders/waiting", "待我审批", IN_REVIEW],
        [({ order }) => order, `发布：${IN_REVIEW}`, "同意"],
        [({ inReview }) => `/publications/${inReview}`, IN_REVIEW, "发布审批中"],
    ],
    郑凯: [
        [() => "/", "工作台", ""],
        [() => "/orders/waiting", "待我审批", ""],
        [() => "/stock", "存量应用", "OLD-00200"],
        [({ live }) => `/publications/${live}`, LIVE, "已发布"],
    ],
    冯雪: [
        [() => "/admin/hosts", "外部域名", "还没有设置"],
        [() => "/", "工作台", ""],
        [() => "/admin/accounts", "账号", "王建国"],
        [() => "/admin/sign-ins", "待关联的登录", "没有待关联的登录"],
        [() => "/admin/accounts/new", "新建账号", "新建并生成激活链接"],
        [() => "/admin/departments", "部门", "GO_330100_0017"],
        [() => "/systems", "应用系统", "王建国"],
        [() => "/admin/import/stock", "导入存量应用", "下载模板"],
        [() => "/admin/import/systems", "导入应用系统", "管理员账号"],
        [() => "/admin/health", "运行状况", "数据目录"],
        [() => "/admin/backups", "备份", "还没有备份"],
        [() => "/admin/limits", "限制", "现在全部是默认值"],
        [() => "/admin/settings", "系统设置", "package-megabytes"],
        [() => "/admin/notifications", "通知", "没有发送失败的通知"],
        [() => "/rules", "检测规则", "现行版本"],
    ],
    褚强: [
        [() => "/", "工作台", "看审计员的操作"],
        [() => "/admin/roles", "角色", "杭州市审核人员"],
        [() => "/admin/sessions", "会话", "本机，正在使用"],
        [() => "/me/sessions", "我的会话", "本机，正在使用"],
        [() => "/admin/policy", "登录策略", "系统默认的策略"],
        [() => "/admin/routing", "审批路由", "第 4 条规则"],
        [() => "/admin/import/roles", "导入角色", "不收回已有的"],
        [() => "/admin/audit", "审计", "其余由审计员查看"],
    ],
    卫平: [
        [() => "/", "工作台", "查审计日志"],
        [() => "/admin/audit", "审计", "王建国"],
        [() => "/admin/audit?who=没有这个人", "审计", "没有符合条件的记录"],
    ],
};

const test = base.extend<object, { made: Made }>({
    made: [
        async ({ browser, server }, use) => {
            const staff = await as(browser, server.address, "王建国", "/service");
            const developer = await as(browser, server.address, "赵磊", "/dev");
            const id = async (name: string, side = "service") => (await rowOf(staff, name, side)).id;
            const hosted = async (name: string) => {
                await registers(staff, name);
                const made = await id(name);
                await submitsForAcceptance(developer, made, await sends(developer, made, fixture("static-card")));
                return made;
            };
            const waiting = await hosted(WAITING);
            const live = await hosted(LIVE);
            await accepts(staff, live);
            await goesLive(staff, browser, LIVE);
            await registers(staff, UNAPPROVED, WEB);
            await registers(staff, IN_REVIEW, WEB);
            const order = await asksForApproval(staff, IN_REVIEW);
            await registers(staff, GOVERNED, GOVERNANCE);
            const [unapproved, inReview, governance] = [await id(UNAPPROVED), await id(IN_REVIEW), await id(GOVERNED, "governance")];
            const listed = await staff.request.get("/api/stock/list?query[keyword]=&query[size]=20&query[from]=start");
            const stock = ((await listed.json()) as { rows: { id: string }[] }).rows[0]?.id ?? "";
            for (const person of [staff, developer]) await person.context().close();
            await use({ waiting, unapproved, inReview, live, governance, order, stock });
        },
        { scope: "worker", timeout: 120_000 },
    ],
});

/** Signs in as any browser can; nobody stays outside. */
async function enters(page: Page, name: string): Promise<void> {
    if (name === "") return;
    await page.goto("/login");
    await page.getByRole("button", { name }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
}

async function opened(page: Page, made: Made, [address, heading, shows]: Row): Promise<void> {
    const answer = await page.goto(address(made));
    expect(answer?.status()).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await expect(page.getByRole("main")).toContainText(shows);
}

test.describe("opened at its address", () => {
    // Colours that fade are neither the ones nor the others.
    test.use({ contextOptions: { reducedMotion: "reduce" } });

    for (const [name, rows] of Object.entries(PAGES)) {
        test(`each page of ${name || "nobody"} comes to life, by day and by night @phone`, async ({ page, made }) => {
            test.setTimeout(300_000);
            await enters(page, name);
            for (const row of rows) {
                await test.step(row[0](made), async () => {
                    await page.emulateMedia({ colorScheme: "light" });
                    await opened(page, made, row);
                    await interactive(page);
                    await fit(page);
                    await page.emulateMedia({ colorScheme: "dark" });
                    await fit(page);
                });
            }
        });
    }
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    for (const [name, rows] of Object.entries(PAGES)) {
        test(`each page of ${name || "nobody"} is all there @phone`, async ({ page, made }) => {
            test.setTimeout(120_000);
            await enters(page, name);
            for (const row of rows) await test.step(row[0](made), () => opened(page, made, row));
        });
    }
});
