// identity.md, Sign-in: local accounts, sessions, the demo's one click.
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

const PASSWORD = "yanshi-Demo-2026";

test("a person signs in by password, is known on every page, and signs out @phone", async ({ page }) => {
    await page.goto("/login");
    await interactive(page);
    await page.getByLabel("账号").fill("wangjianguo");
    await page.getByLabel("密码").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/");
    await expect(page.getByText("王建国")).toBeVisible();
    await page.reload();
    await interactive(page);
    await expect(page.getByText("王建国")).toBeVisible();
    await fit(page);
    await page.getByRole("button", { name: "退出" }).click();
    await page.waitForURL("**/login");
    await expect(page.getByText("王建国").and(page.locator(".person-name"))).toHaveCount(0);
});

test("the session's cookie is for this host alone, and never for scripts", async ({ page, context }) => {
    await signIn(page, "李敏");
    const session = (await context.cookies()).find((cookie) => cookie.name === "__Host-session");
    expect(session).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/" });
    expect(session?.domain).toBe("localhost");
    expect(await page.evaluate(() => document.cookie)).not.toContain("__Host-session");
});

test.describe("cookies change under an open page", () => {
    // Its stream is refused before the next page is there.
    test.use({ tolerated: [/401/] });

    test("a sign-in makes a new session @phone", async ({ page, context }) => {
        const token = async () => (await context.cookies()).find((cookie) => cookie.name === "__Host-session")?.value;
        await signIn(page, "李敏");
        const first = await token();
        await signIn(page, "周涛");
        expect(await token()).not.toBe(first);
        await context.clearCookies();
        const old = { name: "__Host-session", value: first ?? "", domain: "localhost", path: "/", secure: true };
        await context.addCookies([old]);
        await page.goto("/");
        await expect(page.getByRole("link", { name: "登录" })).toBeVisible();
    });
});

test.describe("a wrong password", () => {
    test.use({ tolerated: [/422/] });

    test("is said in a sentence, and the account stays typed @phone", async ({ page }) => {
        await page.goto("/login");
        await interactive(page);
        await page.getByLabel("账号").fill("chenjing");
        await page.getByLabel("密码").fill("wrong");
        await page.getByRole("button", { name: "登录", exact: true }).click();
        await expect(page.getByRole("alert")).toHaveText("账号、密码或动态验证码不正确。请检查大小写后重新输入。");
        await expect(page.getByLabel("账号")).toHaveValue("chenjing");
        await fit(page);
    });
});

test.describe("after five failures", () => {
    test.use({ tolerated: [/422|429/] });

    test("the account waits, and the page says how long", async ({ page }) => {
        await page.goto("/login");
        await interactive(page);
        await page.getByLabel("账号").fill("weiping");
        await page.getByLabel("密码").fill("wrong");
        const submit = page.getByRole("button", { name: "登录", exact: true });
        for (let failure = 1; failure <= 6; failure++) {
            const answered = page.waitForResponse("**/api/session/sign_in");
            await submit.click();
            expect((await answered).status()).toBe(failure <= 5 ? 422 : 429);
        }
        await expect(page.getByRole("alert")).toContainText("尝试次数过多，请在");
    });
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("a person signs in and out, and a mistake loses nothing typed @phone", async ({ page }) => {
        await page.goto("/login?next=/systems");
        await page.getByLabel("账号").fill("chenjing");
        await page.getByLabel("密码").fill("wrong");
        await page.getByRole("button", { name: "登录", exact: true }).click();
        await expect(page.getByRole("alert")).toHaveText("账号、密码或动态验证码不正确。请检查大小写后重新输入。");
        await expect(page.getByLabel("账号")).toHaveValue("chenjing");
        await page.getByLabel("密码").fill(PASSWORD);
        await page.getByRole("button", { name: "登录", exact: true }).click();
        await page.waitForURL("**/systems");
        await expect(page.getByRole("rowheader", { name: /门诊预约挂号系统/ })).toBeVisible();
        await page.getByRole("button", { name: "退出" }).click();
        await page.waitForURL("**/login");
    });
});

test("who is not signed in is led to the sign-in, and from there back", async ({ page }) => {
    await page.goto("/systems?q=公交");
    await page.waitForURL(/\/login\?next=/);
    await interactive(page);
    await page.getByRole("button", { name: "王建国" }).click();
    await page.waitForURL(/\/systems\?q=/);
    await expect(page.getByRole("rowheader", { name: /公交线网规划系统/ })).toBeVisible();
});

test("a link can't lead from the sign-in to another site", async ({ page }) => {
    await page.goto("/login?next=//evil.example/");
    await interactive(page);
    await page.getByRole("button", { name: "王建国" }).click();
    await page.waitForURL(/localhost:\d+\/$/);
});

test("a form of another site changes nothing", async ({ request }) => {
    const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    const answer = await request.post("/api/session/sign_in_demo", { form: { account: "limin", next: "/" }, headers });
    expect(answer.status()).toBe(403);
    expect(answer.headers()["set-cookie"]).toBeUndefined();
    const read = await request.get("/api/session/ways", { headers });
    expect(read.headers()["access-control-allow-origin"]).toBeUndefined();
});
