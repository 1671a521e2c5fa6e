// identity.md, First start and the three administrators; Sign-in: password, authenticator, recovery code.
import { STEP, offered, shows } from "./support/authenticator.ts";
import { PASSWORD, emptySite, enters } from "./support/real.ts";
import { expect, fit, interactive, test } from "./support/test.ts";

// Where a site has several servers each prints a link, and the last one is good.
test.use({ server: emptySite() });

test.describe("a site that was just installed", () => {
    // Refused forms, and links that are over.
    test.use({ tolerated: [/422/] });

    test("终端里的链接指定三位管理员；各自设置密码、绑定身份验证器后登录", async ({ page, server }, info) => {
        test.slow();
        await page.goto("/login");
        await interactive(page);
        await expect(page.getByText("演示")).toHaveCount(0);
        const link = server.said(/http\S+\/setup\?code=\w+/);
        await page.goto(link);
        await interactive(page);
        await page.getByRole("button", { name: "生成激活链接" }).click();
        await expect(page.getByRole("heading", { name: "有 6 处需要修改" })).toBeVisible();
        await fit(page);
        const people = { 系统管理员: ["冯雪", "fengxue"], 安全管理员: ["褚强", "fengxue"], 审计员: ["卫平", "weiping"] };
        for (const [role, [name, account]] of Object.entries(people)) {
            const group = page.getByRole("group", { name: role });
            await group.getByLabel("姓名").fill(name ?? "");
            await group.getByLabel("账号").fill(account ?? "");
        }
        await page.getByRole("button", { name: "生成激活链接" }).click();
        await expect(page.getByText("三个管理员要用三个不同的账号").first()).toBeVisible();
        await page.getByRole("group", { name: "安全管理员" }).getByLabel("账号").fill("chuqiang");
        await page.getByRole("button", { name: "生成激活链接" }).click();
        await expect(page.getByText("三个账号已建立")).toBeVisible();
        await fit(page);
        const links = await page.locator(".account-link code").allTextContents();
        expect(links).toHaveLength(3);

        // It is used.
        await page.goto(link);
        await expect(page.getByText("这个链接已经用过或已过期")).toBeVisible();

        await page.goto(links[0] ?? "");
        await interactive(page);
        await expect(page.getByText("冯雪，你的账号是 fengxue。")).toBeVisible();
        await fit(page);
        await page.getByLabel("新密码").fill("Fengxue-2026");
        await page.getByRole("button", { name: "激活账号" }).click();
        await expect(page.getByText("密码不能含有账号或姓名").first()).toBeVisible();
        await expect(page.getByText("请填写身份验证器显示的 6 位数字").first()).toBeVisible();
        const secret = await offered(page);
        const recovery = await page.locator(".account-recovery code").allTextContents();
        await page.getByLabel("新密码").fill(PASSWORD);
        const bound = shows(secret);
        await page.getByLabel("动态验证码").fill(bound);
        await page.getByRole("button", { name: "激活账号" }).click();
        await expect(page.getByText("账号已激活，请用新密码登录。")).toBeVisible();

        await enters(page, "fengxue", PASSWORD, bound);
        await expect(page.getByRole("alert")).toContainText("动态验证码不正确");
        // The next code is taken a little early; clocks differ.
        await enters(page, "fengxue", PASSWORD, shows(secret, Date.now() + STEP));
        await expect(page.locator(".person-role")).toHaveText("系统管理员");
        await page.getByRole("button", { name: "退出" }).click();
        await page.waitForURL("**/login");
        await enters(page, "fengxue", PASSWORD, recovery[0] ?? "");
        await expect(page.locator(".person-role")).toHaveText("系统管理员");
        await page.getByRole("button", { name: "退出" }).click();
        await page.waitForURL("**/login");
        await enters(page, "fengxue", PASSWORD, recovery[0] ?? "");
        await expect(page.getByRole("alert")).toContainText("动态验证码不正确");

        // Another password, by who knows the present one.
        await page.getByRole("link", { name: "修改密码" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("修改密码");
        await page.getByLabel("账号").fill("fengxue");
        await page.getByLabel("现在的密码").fill(PASSWORD);
        await page.getByLabel("动态验证码").fill(recovery[1] ?? "");
        await page.getByLabel("新密码").fill(PASSWORD);
        await page.getByRole("button", { name: "修改密码" }).click();
        await expect(page.getByRole("alert")).toContainText("不能与最近 5 次用过的密码相同");
        await fit(page);
        await page.getByLabel("新密码").fill("Xixi-Shidi-2027");
        await page.getByRole("button", { name: "修改密码" }).click();
        await expect(page.getByText("密码已修改，请用新密码登录。")).toBeVisible();
        await enters(page, "fengxue", "Xixi-Shidi-2027", recovery[2] ?? "");
        await expect(page.locator(".person-role")).toHaveText("系统管理员");

        // Without scripts, as the auditor.
        const plain = await page.context().browser()?.newContext({ javaScriptEnabled: false });
        const reader = await plain?.newPage();
        if (!reader) throw new Error("no browser");
        await reader.goto(links[2] ?? "");
        await reader.getByLabel("新密码").fill(PASSWORD);
        await reader.getByLabel("动态验证码").fill("000000");
        await reader.getByRole("button", { name: "激活账号" }).click();
        await expect(reader.getByText("没有激活")).toBeVisible();
        // Where the server had no time for it, nothing that was typed is called wrong.
        await reader.goto(reader.url().replace("check=true", "problem=busy"));
        await expect(reader.getByText("现在用的人太多，请过几秒再试。")).toBeVisible();
        await expect(reader.getByText("没有激活")).toHaveCount(0);
        await reader.getByLabel("新密码").fill(PASSWORD);
        const theirs = await offered(reader);
        await reader.getByLabel("动态验证码").fill(shows(theirs));
        await reader.getByRole("button", { name: "激活账号" }).click();
        await expect(reader.getByText("账号已激活，请用新密码登录。")).toBeVisible();
        await reader.getByLabel("账号").fill("weiping");
        await reader.getByLabel("密码").fill(PASSWORD);
        await reader.getByLabel("动态验证码").fill(shows(theirs, Date.now() + STEP));
        await reader.getByRole("button", { name: "登录", exact: true }).click();
        await expect(reader.locator(".person-role")).toHaveText("审计员");
        await plain?.close();
        expect(server.log).not.toContain(PASSWORD);
        expect(info.errors).toHaveLength(0);
    });
});
