// identity.md, Sign-in: OpenID Connect against a real provider. The first sign-in waits for the system administrator, unless a rule
// maps it.
import { type Page } from "@playwright/test";
import { OpenIdProvider, type Subject } from "./support/provider.ts";
import { Server } from "./support/server.ts";
import { test as base, expect, fit, interactive, lends, processes, signIn } from "./support/test.ts";

const PEOPLE: Subject[] = [
    { sub: "u-1", name: "小李" },
    { sub: "u-2", name: "小赵" },
    { sub: "u-3", name: "赵磊", employee_id: "zhaolei" },
    { sub: "u-4", name: "冯雪", employee_id: "fengxue" },
];

/** A site of its own, which has a provider. */
const test = base.extend<object, { provider: OpenIdProvider; server: Server }>({
    provider: [
        async ({}, use) => {
            const provider = await OpenIdProvider.start(PEOPLE);
            await use(provider);
            await provider.stop();
        },
        { scope: "worker" },
    ],
    server: [
        async ({ provider }, use, worker) => {
            const server = await Server.start(provider.flags, { processes: processes(worker.project.name) });
            provider.serves(server.address);
            await lends(server, use);
            expect(server.log, "no code and no secret is logged").not.toMatch(/s3cret|[?&]code=/);
        },
        { scope: "worker" },
    ],
});

/** From the sign-in page to the provider's, as this person. */
async function leavesAs(page: Page, name: string, next = "/"): Promise<void> {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await interactive(page);
    await page.getByRole("link", { name: "单位账号登录" }).click();
    await page.getByRole("link", { name, exact: true }).click();
}

/** The next person at this browser. */
async function forgets(page: Page, { alsoThere = false } = {}): Promise<void> {
    // The page that is left must not ask for anything without its session.
    await page.goto("about:blank");
    await page.context().clearCookies(alsoThere ? {} : { name: "__Host-session" });
}

test("the first sign-in waits, the administrator links it, and the person enters @phone", async ({ page }) => {
    await page.goto("/login?next=/orders/waiting");
    await interactive(page);
    await expect(page.getByRole("link", { name: "单位账号登录" })).toBeVisible();
    await fit(page);
    await leavesAs(page, "小李", "/orders/waiting");
    await page.waitForURL(/\/login\?problem=oidc-waits/);
    await interactive(page);
    await expect(page.getByRole("alert")).toContainText("要等系统管理员关联你的账号");
    const told = (await page.getByRole("alert").innerText()).match(/编号 ([0-9A-F]{6})/)?.[1] ?? "no code was told";
    await fit(page);

    await signIn(page, "冯雪", "/admin/accounts");
    await page.getByRole("link", { name: /待关联的登录（\d+）/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "待关联的登录" })).toBeVisible();
    await expect(page.getByRole("row", { name: /小李/ })).toContainText("u-1");
    await expect(page.getByRole("row", { name: /小李/ })).toContainText(told);
    await fit(page);
    await page.getByRole("link", { name: /^选择账号.*小李/ }).click();
    await page.getByLabel("姓名、账号或部门").fill("没有这个人");
    await page.getByRole("button", { name: "查找账号" }).click();
    await expect(page.getByText("没有找到在用的账号")).toBeVisible();
    await page.getByLabel("姓名、账号或部门").fill("冯雪");
    await page.getByRole("button", { name: "查找账号" }).click();
    await expect(page.getByText("管理员的账号不能关联")).toBeVisible();
    await page.getByLabel("姓名、账号或部门").fill("李敏");
    await page.getByRole("button", { name: "查找账号" }).click();
    await interactive(page);
    await fit(page);
    await page.getByRole("button", { name: /^关联.*李敏/ }).click();
    await expect(page.getByText("已处理。")).toBeVisible();
    await expect(page.getByRole("row", { name: /小李/ })).toHaveCount(0);

    await forgets(page);
    await page.goto("/login?next=/orders/waiting");
    await interactive(page);
    // The provider still knows who is at this browser.
    await page.getByRole("link", { name: "单位账号登录" }).click();
    await page.waitForURL("**/orders/waiting");
    await interactive(page);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

    // Undone on the account's page, it is as it was.
    await forgets(page);
    await signIn(page, "冯雪", "/admin/accounts?q=limin");
    await page.getByRole("link", { name: "李敏" }).click();
    await expect(page.getByRole("heading", { name: "关联的登录" })).toBeVisible();
    await interactive(page);
    await fit(page);
    await page.getByRole("button", { name: /^解除关联.*小李/ }).click();
    await expect(page.getByRole("heading", { name: "关联的登录" })).toHaveCount(0);
    await forgets(page);
    await page.goto("/oidc/login");
    await page.waitForURL(/\/login\?problem=oidc-waits/);
});

test("without scripts the administrator links and removes as well", async ({ page, browser, server }) => {
    await leavesAs(page, "小赵");
    await page.waitForURL(/\/login\?problem=oidc-waits/);
    const context = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto("/login?next=/admin/sign-ins");
    await plain.getByRole("button", { name: "冯雪" }).click();
    await plain.getByRole("link", { name: /^选择账号.*小赵/ }).click();
    await plain.getByLabel("姓名、账号或部门").fill("wangjianguo");
    await plain.getByRole("button", { name: "查找账号" }).click();
    await plain.getByRole("button", { name: /^关联.*王建国/ }).click();
    await expect(plain).toHaveURL(/\/admin\/sign-ins$/);
    await expect(plain.getByRole("row", { name: /小赵/ })).toHaveCount(0);
    await plain.goto("/admin/accounts?q=wangjianguo");
    await plain.getByRole("link", { name: "王建国" }).click();
    await plain.getByRole("button", { name: /^解除关联.*小赵/ }).click();
    await expect(plain.getByRole("heading", { name: "关联的登录" })).toHaveCount(0);
    await page.goto("/oidc/login");
    await page.waitForURL(/\/login\?problem=oidc-waits/);
    await plain.goto("/admin/sign-ins");
    await plain.getByRole("button", { name: /^移除.*小赵/ }).click();
    await expect(plain.getByRole("row", { name: /小赵/ })).toHaveCount(0);
    await context.close();
});

test("a rule knows the account, and administrators do not come in so @phone", async ({ page }) => {
    await leavesAs(page, "赵磊", "/dev");
    await page.waitForURL("**/dev");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await forgets(page, { alsoThere: true });
    await leavesAs(page, "冯雪");
    await page.waitForURL(/\/login\?problem=oidc-administrator/);
    await interactive(page);
    await expect(page.getByRole("alert")).toContainText("管理员不能这样登录");
    await fit(page);
});

test("who cancels at the provider is told so", async ({ page }) => {
    await leavesAs(page, "取消");
    await page.waitForURL(/\/login\?problem=oidc-cancelled/);
    await interactive(page);
    await expect(page.getByRole("alert")).toContainText("你在登录平台上取消了登录");
});

test("the way back is gone once, and a sign-in makes a new session", async ({ page }) => {
    await signIn(page, "李敏", "/");
    const before = (await page.context().cookies()).find((cookie) => cookie.name === "__Host-session")?.value;
    const came = page.waitForRequest(/\/oidc\/callback\?/);
    await page.goto("/oidc/login?next=/dev");
    await page.getByRole("link", { name: "赵磊", exact: true }).click();
    await page.waitForURL("**/dev");
    const after = (await page.context().cookies()).find((cookie) => cookie.name === "__Host-session");
    expect(after?.value).not.toBe(before);
    expect(after).toMatchObject({ httpOnly: true, secure: true });

    // The same address again, as from the history of a shared machine.
    const back = (await came).url();
    await forgets(page);
    await page.goto(back);
    await page.waitForURL(/\/login\?problem=oidc-over/);
    await expect(page.getByRole("alert")).toContainText("这次登录已过期、已经用过");
});

test("the way back begun in another browser signs nobody in", async ({ page, browser, server }) => {
    await page.goto("/oidc/login?next=/");
    const back = page.waitForRequest(/\/oidc\/callback\?/);
    await page.route("**/oidc/callback?*", (route) => route.abort());
    await page.getByRole("link", { name: "赵磊", exact: true }).click({ noWaitAfter: true });
    const other = await browser.newContext({ baseURL: server.address });
    const victim = await other.newPage();
    await victim.goto((await back).url());
    await expect(victim).toHaveURL(/\/login\?problem=oidc-over/);
    expect((await other.cookies()).map((cookie) => cookie.name)).not.toContain("__Host-session");
    await other.close();
});

test("nobody is led to another site", async ({ page, server }) => {
    for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
        await forgets(page, { alsoThere: true });
        await page.goto(`/oidc/login?next=${encodeURIComponent(next)}`);
        await page.getByRole("link", { name: "赵磊", exact: true }).click();
        await page.waitForURL(`${server.address}/`);
    }
});

test("a provider that is away is said so, and a site without one has no button", async ({ page, provider }, { project }) => {
    test.slow();
    const many = processes(project.name);
    const nowhere = provider.flags.map((flag) => (flag === provider.issuer ? "http://127.0.0.1:9" : flag));
    await Server.during([...nowhere, "--oidc-name", "统一认证"], many, async (away) => {
        await page.goto(`${away.address}/login?next=/orders/waiting`);
        await interactive(page);
        await page.getByRole("link", { name: "统一认证登录" }).click();
        await page.waitForURL(/\/login\?next=\/orders\/waiting&problem=oidc-away/);
        await expect(page.getByRole("alert")).toContainText("暂时连接不上登录平台");
        await page.goto("about:blank");
        expect(await away.stop(), away.log).toBe(0);
    });
    await Server.during([], many, async (without) => {
        await page.goto(`${without.address}/login`);
        await interactive(page);
        await expect(page.getByLabel("账号", { exact: true })).toBeVisible();
        await expect(page.getByRole("link", { name: /单位账号/ })).toHaveCount(0);
        expect((await page.request.get(`${without.address}/oidc/login`)).status()).toBe(404);
        await page.goto("about:blank");
        expect(await without.stop(), without.log).toBe(0);
    });
});
