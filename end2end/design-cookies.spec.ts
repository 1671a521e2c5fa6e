// design.md, Security: our cookies, and what an application's script can do to them. On names of one domain, as a site has them that puts both
// below its own: of `localhost` alone browsers let nobody set a cookie for the hosts above theirs, whatever it is called.
import { as } from "./support/ordering.ts";
import { publishes } from "./support/publishing.ts";
import { expect, ownSite, test } from "./support/test.ts";
import { zip } from "./support/zip.ts";

test.use({ server: ownSite(["--apps-domain", "apps.irs.localhost"]) });

/** Sets a session's cookie for the domain above all hosts, by our name and by a plain one, and one for itself; then shows what it has. */
const TOSSER = `for (const cookie of [
    "__Host-session=tossed; Domain=irs.localhost; Path=/; Secure",
    "session=tossed; Domain=irs.localhost; Path=/",
    "own=kept; Path=/",
]) document.cookie = cookie;
document.querySelector("h1").textContent = document.cookie;
`;

test("a session's cookie that an application's script sets for the domain above is not taken for ours", async ({ browser, server }) => {
    test.setTimeout(120_000);
    const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>便民</title>';
    const html = `<!doctype html><html lang="zh-CN"><head>${head}</head><body><h1>便民</h1><script src="toss.js"></script></body></html>`;
    const live = await publishes(browser, server.address, "往上写凭证的应用", zip({ "index.html": html, "toss.js": TOSSER }));
    const application = new URL(live);
    application.hostname = application.hostname.replace("apps.localhost", "apps.irs.localhost");
    // It answers by any name that is no application's.
    const ours = new URL(server.address);
    ours.hostname = "publish.irs.localhost";
    const page = await as(browser, ours.origin, "李敏", "/");
    const session = async () => {
        const all = await page.context().cookies();
        return all.filter(({ name }) => name === "__Host-session").map(({ value, domain }) => `${domain} ${value}`);
    };
    const before = await session();
    expect(before).toEqual([expect.stringMatching(/^publish\.irs\.localhost [0-9a-f]{64}$/)]);

    await page.goto(application.href);
    const shown = page.getByRole("heading", { level: 1 });
    await expect(shown).toContainText("own=kept");
    await expect(shown, "the script has what it set").toContainText("session=tossed");
    await expect(shown).not.toContainText("__Host-");

    const asked = page.waitForRequest(`${ours.origin}/me`);
    await page.goto("/me");
    const brought = ((await (await asked).allHeaders())["cookie"] ?? "").split("; ");
    expect(brought, "what it set does arrive").toContain("session=tossed");
    expect(brought).toContain(`__Host-session=${before[0]?.split(" ")[1]}`);
    expect(brought).not.toContain("__Host-session=tossed");
    expect(brought).not.toContain("own=kept");
    await expect(page.locator(".person-name")).toHaveText("李敏");
    expect(await session()).toEqual(before);
    await page.context().close();
});
