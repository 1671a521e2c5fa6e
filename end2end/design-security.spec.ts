// design.md, Security: our own origin.
import { expect, test } from "./support/test.ts";

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
