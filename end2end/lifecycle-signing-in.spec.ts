// lifecycle.md, Signing in: by a second device.
import { as } from "./support/ordering.ts";
import { expect, fit, interactive, test, watch } from "./support/test.ts";

/** What the picture says: the address that the phone's camera opens. */
async function scanned(answer: Promise<{ json: () => Promise<unknown> }>): Promise<string> {
    return `/scan/${((await (await answer).json()) as { code: string }).code}`;
}

test("the desk shows a code, the phone confirms, the desk goes on by itself", async ({ page, browser, server }) => {
    const phone = await as(browser, server.address, "王建国", "/");
    await phone.setViewportSize({ width: 390, height: 844 });
    const asked = page.waitForResponse((response) => response.url().includes("/api/session/ask_code"));
    await page.goto("/login?next=/systems");
    const address = await scanned(asked);
    await expect(page.getByRole("img", { name: "登录二维码" })).toBeVisible();
    await fit(page);

    await phone.goto(address);
    await interactive(phone);
    await expect(phone.getByRole("heading", { level: 1 })).toHaveText("确认登录");
    await expect(phone.getByText("127.0.0.1")).toBeVisible();
    await expect(phone.getByText(/Chrom/)).toBeVisible();
    await fit(phone);
    await phone.getByRole("button", { name: "确认登录" }).click();
    await expect(phone.getByRole("heading", { level: 1 })).toHaveText("已确认");
    await expect(page).toHaveURL(/\/systems$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("应用系统");
    await expect(page.getByText("王建国", { exact: true }).first()).toBeVisible();

    await phone.goto(address);
    await expect(phone.getByText("二维码已过期或已经用过")).toBeVisible();
    await fit(phone);
});

test.describe("a code that others know", () => {
    // The desk's own taking is held back, so that it can't be faster than the thief's.
    test.use({ tolerated: [/net::ERR_FAILED/] });

    test("a refused code, and a new one; a code copied to another browser signs nobody in", async ({ page, browser, server }) => {
        const phone = await as(browser, server.address, "赵磊", "/");
        let asked = page.waitForResponse((response) => response.url().includes("/api/session/ask_code"));
        await page.goto("/login");
        await phone.goto(await scanned(asked));
        await interactive(phone);
        await phone.getByRole("button", { name: "拒绝" }).click();
        await expect(phone.getByRole("heading", { level: 1 })).toHaveText("已拒绝");
        await expect(page.getByText("手机上拒绝了这次登录。")).toBeVisible();
        asked = page.waitForResponse((response) => response.url().includes("/api/session/ask_code"));
        await page.getByRole("button", { name: "换一个二维码" }).click();
        const address = await scanned(asked);

        // Another browser knows the code, and not the secret of the browser that asked.
        const thief = await browser.newContext({ baseURL: server.address, extraHTTPHeaders: { origin: server.address } });
        watch(thief);
        const code = address.slice("/scan/".length);
        const state = await thief.request.get(`/api/session/code_state?code=${code}`);
        expect(await state.json()).toBe("over");
        await page.route("**/api/session/take_code", (route) => route.abort());
        await phone.goto(address);
        await interactive(phone);
        await phone.getByRole("button", { name: "确认登录" }).click();
        await expect(phone.getByRole("heading", { level: 1 })).toHaveText("已确认");
        const stolen = await thief.request.post("/api/session/take_code", { form: { code, next: "/" } });
        expect(stolen.status()).toBe(422);
        expect(stolen.headers()["set-cookie"] ?? "").not.toContain("__Host-session");
        await thief.close();
    });
});

test("the phone confirms without scripts, too; who is not signed in is led to the sign-in first", async ({ page, browser, server }) => {
    const asked = page.waitForResponse((response) => response.url().includes("/api/session/ask_code"));
    await page.goto("/login");
    const address = await scanned(asked);
    const signedIn = await as(browser, server.address, "李敏", "/");
    const plain = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false, storageState: await signedIn.context().storageState() });
    const phone = await plain.newPage();
    await phone.goto(address);
    await phone.getByRole("button", { name: "确认登录" }).click();
    await expect(phone.getByRole("heading", { level: 1 })).toHaveText("已确认");
    await expect(page.getByText("李敏", { exact: true }).first()).toBeVisible();
    await plain.close();
    const stranger = await browser.newContext({ baseURL: server.address, javaScriptEnabled: false });
    const other = await stranger.newPage();
    await other.goto(address);
    await expect(other).toHaveURL(/\/login\?next=/);
    await stranger.close();
});
