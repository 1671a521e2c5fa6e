import { type Browser, type Page, expect } from "@playwright/test";
import { STEP, offered, shows } from "./authenticator.ts";
import { type Server } from "./server.ts";
import { interactive, ownSite, watch } from "./test.ts";

/** A password that the policy takes. */
export const PASSWORD = "Qiantang-Chao-18";

/** As `ownSite`: a site that was just installed, where nobody is. */
export const emptySite = () => ownSite([], { demo: false });

/** Signs in by password and code. */
export async function enters(page: Page, account: string, password: string, code = ""): Promise<void> {
    if (!page.url().includes("/login")) await page.goto("/login");
    await interactive(page);
    await page.getByLabel("账号").fill(account);
    await page.getByLabel("密码").fill(password);
    await page.getByLabel("动态验证码").fill(code);
    await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** Names the three administrators with the link of the terminal; answers their activation links, in the order of the spec. */
export async function names(page: Page, server: Server, people: [role: string, name: string, account: string][]): Promise<string[]> {
    await page.goto(server.said(/http\S+\/setup\?code=\w+/));
    await interactive(page);
    for (const [role, name, account] of people) {
        const group = page.getByRole("group", { name: role });
        await group.getByLabel("姓名").fill(name);
        await group.getByLabel("账号").fill(account);
    }
    await page.getByRole("button", { name: "生成激活链接" }).click();
    await expect(page.getByText("三个账号已建立")).toBeVisible();
    return await page.locator(".account-link code").allTextContents();
}

/** Somebody in a browser of their own, who activates with the link and signs in; an administrator also with an authenticator. */
export async function activates(browser: Browser, address: string, link: string, account: string): Promise<Page> {
    const context = await browser.newContext({ baseURL: address, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
    watch(context);
    const page = await context.newPage();
    await page.goto(link);
    await interactive(page);
    await page.getByLabel("新密码").fill(PASSWORD);
    const asked = page.getByLabel("动态验证码");
    const secret = (await asked.isVisible()) ? await offered(page) : "";
    if (secret) await asked.fill(shows(secret));
    await page.getByRole("button", { name: "激活账号" }).click();
    await expect(page.getByText("账号已激活，请用新密码登录。")).toBeVisible();
    // The next code is taken a little early: each step is used once.
    await enters(page, account, PASSWORD, secret && shows(secret, Date.now() + STEP));
    await expect(page.getByRole("button", { name: "退出" })).toBeVisible();
    return page;
}
