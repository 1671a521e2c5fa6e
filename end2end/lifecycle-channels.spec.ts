// lifecycle.md, Where published applications are seen: channels.
import { approves, as, goesLive, orderOf, rowOf, submits, WEB } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { expect, filters, fit, interactive, signIn, test } from "./support/test.ts";

type Feed = { channel: string; entries: { name: string; pc_url?: string; icon: string }[] };

test("what is published is in the directory at once, by site and user type @phone", async ({ page, browser, server }, info) => {
    test.slow();
    const name = `公路养护查询_${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    const order = await submits(page, name);
    const feed = "/channels/service_web/feed.json";
    const before = await page.request.get(feed);
    expect(((await before.json()) as Feed).entries.map((entry) => entry.name)).not.toContain(name);
    for (const reviewer of ["李敏", "周涛"]) {
        const other = await as(browser, server.address, reviewer, order);
        await approves(other);
        await other.context().close();
    }
    const etag = before.headers()["etag"] ?? "";
    const after = await page.request.get(feed, { headers: { "if-none-match": etag } });
    expect(after.status(), "it changed").toBe(200);
    const entry = ((await after.json()) as Feed).entries.find((listed) => listed.name === name);
    expect(entry?.pc_url).toBe("https://example.gov.cn/app");
    const again = await page.request.get(feed, { headers: { "if-none-match": `"other", ${after.headers()["etag"] ?? ""}` } });
    expect(again.status()).toBe(304);
    expect((await page.request.get(entry?.icon ?? "")).status()).toBe(200);

    // Nobody needs to sign in to read it.
    const context = await browser.newContext({ baseURL: server.address, viewport: page.viewportSize() });
    const anybody = await context.newPage();
    await anybody.goto("/channels/service_web");
    await interactive(anybody);
    await expect(anybody.getByRole("heading", { level: 1 })).toHaveText("政务服务网应用目录");
    await expect(anybody.getByRole("heading", { name })).toBeVisible();
    await fit(anybody);
    await filters(anybody, () => anybody.getByLabel("站点").selectOption("省本级"));
    await expect(anybody).toHaveURL((url) => url.searchParams.get("site") === "330000");
    await expect(anybody.getByRole("heading", { name })).toHaveCount(0);
    await anybody.goto("/channels/service_web?site=330102&audience=person");
    await expect(anybody.getByRole("heading", { name })).toBeVisible();
    await anybody.goto("/channels/service_web?site=330102&audience=enterprise");
    await expect(anybody.getByText("没有符合条件的应用")).toBeVisible();
    await interactive(anybody);
    await fit(anybody);
    await anybody.getByRole("link", { name: "浙政钉" }).click();
    await expect(anybody.getByText("还没有应用在这个渠道上线")).toBeVisible();
    await context.close();
});

test("渠道申请: applied for on the form, given by the last step, seen in that channel's directory, gone with 已下线 @phone", async ({
    page,
    browser,
    server,
}, info) => {
    test.setTimeout(120_000);
    const name = `停车缴费_${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    const order = await submits(page, name);
    const city = await as(browser, server.address, "李敏", order);
    await approves(city);
    const province = await as(browser, server.address, "周涛", order);
    await approves(province);
    const { id } = await rowOf(page, name);

    await page.goto(`/publications/${id}`);
    await interactive(page);
    await page.locator("summary").filter({ hasText: "更多" }).first().click();
    await page.getByRole("link", { name: "渠道申请" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`渠道申请：${name}`);
    await interactive(page);
    await expect(page.getByText("浙江省")).toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: "提交渠道申请" }).click();
    await expect(page.getByRole("group", { name: /处需要修改/ })).toBeFocused();
    await expect(page.getByText("请选择申请渠道").first()).toBeVisible();
    await fit(page);
    await page.getByRole("checkbox", { name: "自助终端" }).check();
    await page.getByLabel("申请说明").fill("在政务大厅的自助终端上使用");
    await expect(page.getByText(/已保存草稿/)).toBeVisible();
    await page.reload();
    await interactive(page);
    await expect(page.getByRole("checkbox", { name: "自助终端" })).toBeChecked();
    await page.getByRole("button", { name: "提交渠道申请" }).click();
    await expect(page).toHaveURL(`/publications/${id}`);
    await expect(page.locator(".state-chip").first()).toHaveText("已发布");

    await province.goto(await orderOf(page, name));
    await interactive(province);
    await expect(province.getByText("自助终端", { exact: true })).toBeVisible();
    await expect(province.getByText("在政务大厅的自助终端上使用")).toBeVisible();
    await fit(province);
    await approves(province);

    await page.goto(`/publications/${id}?tab=channels`);
    await interactive(page);
    await expect(page.getByRole("row", { name: /自助终端.*渠道申请.*已在目录中/ })).toBeVisible();
    await fit(page);
    await page.getByRole("row", { name: /自助终端/ }).getByRole("link", { name: "查看目录" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("自助终端应用目录");
    await expect(page.getByRole("heading", { name })).toBeVisible();
    await interactive(page);
    await fit(page);
    const feed = `${new URL(page.url()).pathname}/feed.json`;
    const listed = async () => ((await (await page.request.get(feed)).json()) as Feed).entries.map((entry) => entry.name);
    expect(await listed()).toContain(name);

    await page.goto(`/publications/${id}/offline`);
    await interactive(page);
    await page.getByLabel("下线原因").fill("并入新系统");
    await page.getByRole("button", { name: "提交下线申请" }).click();
    await expect(page.locator(".state-chip").first()).toHaveText("下线审批中");
    const offline = await orderOf(page, name);
    for (const reviewer of [city, province]) {
        await reviewer.goto(offline);
        await interactive(reviewer);
        await approves(reviewer);
    }
    expect(await listed()).not.toContain(name);
});

test("渠道申请 without scripts: a refused form comes back with what was typed", async ({ page, browser, server }) => {
    const name = "无脚本渠道申请";
    await signIn(page, "王建国", "/orders/initiated");
    await registers(page, name, WEB);
    await goesLive(page, browser, name);
    const { id } = await rowOf(page, name);
    const context = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false, storageState: await page.context().storageState() });
    const plain = await context.newPage();
    await plain.goto(`/publications/${id}/channels`);
    await plain.getByLabel("申请说明").fill("只写了说明");
    await plain.getByRole("button", { name: "提交渠道申请" }).click();
    await expect(plain.getByText("请选择申请渠道").first()).toBeVisible();
    await expect(plain.getByLabel("申请说明")).toHaveValue("只写了说明");
    await plain.getByRole("checkbox", { name: "微信小程序" }).check();
    await plain.getByRole("checkbox", { name: "支付宝小程序" }).check();
    await plain.getByRole("button", { name: "提交渠道申请" }).click();
    await expect(plain.getByRole("heading", { level: 1 })).toHaveText(name);
    await plain.goto(await orderOf(page, name));
    await expect(plain.getByText("支付宝小程序、微信小程序")).toBeVisible();
    await context.close();
});

test.describe("names that are refused", () => {
    test.use({ tolerated: [/422/] });

    test("the system administrator keeps the list of further channels @phone", async ({ page, browser, server }, info) => {
        const name = `银行网点_${info.project.name}`;
        await signIn(page, "冯雪", "/admin/channels");
        await interactive(page);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("渠道");
        await fit(page);
        await page.getByRole("button", { name: "添加渠道" }).click();
        await expect(page.getByRole("alert")).toHaveText("请填写渠道名称");
        await fit(page);
        await page.getByLabel("新渠道的名称").fill("政务服务网");
        await page.getByRole("button", { name: "添加渠道" }).click();
        await expect(page.getByRole("alert")).toContainText("请换一个名称");
        await page.getByLabel("新渠道的名称").fill(name);
        await page.getByRole("button", { name: "添加渠道" }).click();
        const row = page.getByRole("row", { name: new RegExp(name) });
        await expect(row).toContainText("可以申请");
        await row.getByRole("link", { name }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name}应用目录`);
        const feed = `${new URL(page.url()).pathname}/feed.json`;
        await page.goto("/admin/channels");
        await interactive(page);
        await row.getByText("改名", { exact: true }).click();
        await row.getByLabel("新名称").fill(`${name}_新`);
        await row.getByRole("button", { name: "保存" }).click();
        await expect(row.getByRole("link", { name: `${name}_新` })).toBeVisible();
        await row.getByRole("button", { name: /停用/ }).click();
        await expect(row).toContainText("已停用");
        expect((await page.request.get(feed)).status()).toBe(404);
        await fit(page);

        const other = await browser.newContext({ baseURL: server.address });
        const staff = await other.newPage();
        await signIn(staff, "王建国", "/");
        expect((await staff.goto("/admin/channels"))?.status()).toBe(403);
        await other.close();
    });
});

test("a feed says what is wrong with its address", async ({ request }) => {
    for (const [address, status] of [
        ["/channels/nowhere/feed.json", 404],
        ["/channels/zheli_app/feed.json?site=999999", 400],
        ["/channels/zheli_app/feed.json?audience=everybody", 400],
        ["/channels/zheli_app/feed.json?site=330100&audience=person", 200],
    ] as const) {
        expect((await request.get(address)).status(), address).toBe(status);
    }
});

test.describe("a channel that is none", () => {
    test.use({ tolerated: [/404/] });

    test("answers 404, with a page", async ({ page }) => {
        expect((await page.goto("/channels/nowhere"))?.status()).toBe(404);
        await interactive(page);
        await fit(page);
    });
});
