// lifecycle.md, Where published applications are seen: channels.
import { approves, as, submits } from "./support/ordering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

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
    await anybody.getByLabel("站点").selectOption("省本级");
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
