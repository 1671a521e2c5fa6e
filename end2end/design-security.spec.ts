// design.md, Security: our own origin, and what an application's can do to it.
import { publishes } from "./support/publishing.ts";
import { expect, signIn, test } from "./support/test.ts";
import { zip } from "./support/zip.ts";

test("a page carries the content policy with a nonce of its own, once", async ({ request }) => {
    const nonces = [];
    for (let visit = 0; visit < 2; visit++) {
        const answer = await request.get("/about");
        const policy = answer.headers()["content-security-policy"] ?? "";
        const nonce = /script-src 'self' 'nonce-([^']+)' 'wasm-unsafe-eval'/.exec(policy)?.[1];
        expect(nonce).toBeTruthy();
        expect(await answer.text()).toContain(`nonce="${nonce}"`);
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).not.toContain("unsafe-inline");
        expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
        expect(answer.headers()["referrer-policy"]).toBe("same-origin");
        nonces.push(nonce);
    }
    expect(nonces[0]).not.toBe(nonces[1]);
});

test.describe("an inline script without the nonce", () => {
    test.use({ tolerated: [/Content Security Policy/] });

    test("does not run", async ({ page }) => {
        await page.route("/about", async (route) => {
            const answer = await route.fetch();
            const body = (await answer.text()).replace("</body>", "<script>window.stranger = true</script></body>");
            await route.fulfill({ response: answer, body });
        });
        const refused = page.waitForEvent("console", (message) => message.text().includes("Content Security Policy"));
        await page.goto("/about");
        await refused;
        expect(await page.evaluate(() => "stranger" in window)).toBe(false);
    });
});

test("the built files are immutable and sent compressed", async ({ request }) => {
    const page = await (await request.get("/")).text();
    const script = /href="(\/pkg\/[0-9a-f]{16}\/irs\.js)"/.exec(page)?.[1] ?? "";
    const answer = await request.get(script, { headers: { "accept-encoding": "br" } });
    expect(answer.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(answer.headers()["content-encoding"]).toBe("br");
    expect((await request.get("/pkg/0000000000000000/irs.js")).status()).toBe(404);
});

/** Sets a session's cookie for the hosts above its own, in the ways there are, and one for itself; then shows which of them it has. */
const TOSSER = `for (const cookie of [
    "__Host-session=tossed; Domain=localhost; Path=/; Secure",
    "__Host-session=tossed; Domain=apps.localhost; Path=/; Secure",
    "session=tossed; Domain=localhost; Path=/",
    "own=kept; Path=/",
]) document.cookie = cookie;
document.querySelector("h1").textContent = document.cookie;
`;

test("a cookie that an application's script sets for the hosts above its own does not arrive at ours", async ({ page, context, browser, server }) => {
    test.setTimeout(120_000);
    const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>便民</title>';
    const html = `<!doctype html><html lang="zh-CN"><head>${head}</head><body><h1>便民</h1><script src="toss.js"></script></body></html>`;
    const address = await publishes(browser, server.address, "往上写凭证的应用", zip({ "index.html": html, "toss.js": TOSSER }));
    const sessions = async () => (await context.cookies()).filter(({ name }) => name.endsWith("session")).map(({ value }) => value);
    await signIn(page, "李敏");
    const [ours, ...others] = await sessions();
    expect(others).toEqual([]);

    await page.goto(address);
    // The script ran, and may have cookies: none but its own.
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("own=kept");
    const asked = page.waitForRequest(`${server.address}/me`);
    await page.goto(`${server.address}/me`);
    const brought = (await (await asked).allHeaders())["cookie"] ?? "";
    expect(brought).toContain(`__Host-session=${ours}`);
    expect(brought).not.toMatch(/tossed|own=kept/);
    await expect(page.locator(".person-name")).toHaveText("李敏");
    expect(await sessions()).toEqual([ours]);
});
