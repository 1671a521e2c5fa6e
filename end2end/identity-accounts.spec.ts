// identity.md, First start and the three administrators: 账号 of the 系统管理员, 角色 of the 安全管理员.
import { type Browser } from "@playwright/test";
import { as } from "./support/ordering.ts";
import { PASSWORD, enters } from "./support/real.ts";
import { sameOrigin } from "./support/registering.ts";
import { type Server } from "./support/server.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

/** Imports a table as this administrator, without the page. */
async function imports(browser: Browser, server: Server, who: string, kind: string, lines: string[]): Promise<void> {
    const page = await as(browser, server.address, who, "/");
    const file = { name: "表.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) };
    const answer = await page.request.post(`/import/${kind}`, { headers: sameOrigin(page), multipart: { file } });
    expect(answer.ok(), await answer.text()).toBe(true);
    await page.context().close();
}

test.describe("an account", () => {
    test.use({ tolerated: [/422/] });

    test("新建、激活、停用、启用；填错的和填过的都在 @phone", async ({ page, browser, server }, info) => {
        const account = `qian.${info.project.name}`;
        await signIn(page, "冯雪", "/admin/accounts");
        await interactive(page);
        await fit(page);
        await page.getByRole("link", { name: "新建账号" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("新建账号");
        await page.getByLabel("手机号").fill("12345");
        await page.getByRole("button", { name: "新建并生成激活链接" }).click();
        await expect(page.getByRole("heading", { name: "有 3 处需要修改" })).toBeVisible();
        await fit(page);
        await page.getByLabel("账号").fill(account);
        await page.getByLabel("姓名").fill("钱多");
        await page.getByLabel("手机号").fill("13800000001");
        await page.getByRole("button", { name: "新建并生成激活链接" }).click();
        await expect(page.getByText("手机号已属于另一个账号").first()).toBeVisible();
        await expect(page.getByLabel("姓名")).toHaveValue("钱多");
        await page.getByLabel("手机号").fill("");
        await page.getByLabel("部门").fill("杭州市交通运输局");
        await page.getByRole("button", { name: "新建并生成激活链接" }).click();
        await expect(page.getByRole("heading", { name: "激活链接" })).toBeVisible();
        await fit(page);
        const link = (await page.locator(".new-links code").textContent()) ?? "";

        const theirs = await browser.newPage({ baseURL: server.address });
        await theirs.goto(link);
        await interactive(theirs);
        await theirs.getByLabel("新密码").fill(PASSWORD);
        await theirs.getByRole("button", { name: "激活账号" }).click();
        await expect(theirs.getByText("账号已激活，请用新密码登录。")).toBeVisible();
        await enters(theirs, account, PASSWORD);
        await expect(theirs.getByRole("button", { name: "退出" })).toBeVisible();

        await page.goto(`/admin/accounts?q=${account}`);
        const row = page.getByRole("row").filter({ hasText: account });
        await expect(row).toContainText("杭州市交通运输局");
        await expect(row).toContainText("在用");
        await row.getByRole("link", { name: "钱多" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("钱多");
        await interactive(page);
        await fit(page);
        await page.getByText("停用账号").click();
        await page.getByRole("button", { name: "确认停用" }).click();
        await expect(page.locator(".standing")).toHaveText("已停用");
        await theirs.reload();
        await expect(theirs.getByRole("button", { name: "退出" })).toHaveCount(0);
        await enters(theirs, account, PASSWORD);
        await expect(theirs.getByRole("alert")).toContainText("不正确");
        await page.getByText("启用账号").click();
        await page.getByRole("button", { name: "确认启用" }).click();
        await expect(page.locator(".standing")).toHaveText("在用");
        await page.getByLabel("姓名").fill("钱多多");
        await page.getByRole("button", { name: "保存" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("钱多多");
        await theirs.close();
    });

    test("管理员的账号只能看；没有符合条件的账号", async ({ page }) => {
        await signIn(page, "冯雪", "/admin/accounts?q=weiping");
        await page.getByRole("link", { name: "卫平" }).click();
        await expect(page.getByText("这是管理员的账号")).toBeVisible();
        await expect(page.getByText("停用账号")).toHaveCount(0);
        await page.goto("/admin/accounts?q=没有这个人");
        await expect(page.getByText("没有符合条件的账号")).toBeVisible();
        await fit(page);
    });
});

test.describe("roles", () => {
    test.use({ tolerated: [/422/] });

    test("一人几个角色；三员分立；改了马上重新登录 @phone", async ({ page, browser, server }, info) => {
        // Somebody of this test's own: others know the demo's people as they are.
        const [name, account] = info.project.name === "phone" ? ["陆二", "lu.er"] : ["陆一", "lu.yi"];
        await imports(browser, server, "冯雪", "accounts", ["账号,姓名,部门,手机号,邮箱,人员浙政钉ID", `${account},${name},,,,`]);
        await imports(browser, server, "褚强", "roles", ["账号,角色,区域", `${account},政府工作人员,`]);
        const theirs = await as(browser, server.address, name, "/");
        await signIn(page, "褚强", "/admin/roles");
        await page.goto(`/admin/roles?q=${account}`);
        await interactive(page);
        await fit(page);
        await page.getByRole("link", { name: /^设置角色/ }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name}的角色`);
        await interactive(page);
        await fit(page);
        await page.getByLabel("第 2 个角色", { exact: true }).selectOption("审核人员");
        await page.getByLabel("第 3 个角色", { exact: true }).selectOption("审计员");
        await page.getByRole("button", { name: "保存角色" }).click();
        await expect(page.getByText("审核人员要有所审核的区域").first()).toBeVisible();
        await expect(page.getByText("不能同时有其他角色").first()).toBeVisible();
        await fit(page);
        await page.getByLabel("区域，第 2 个角色").selectOption("浙江省 / 温州市");
        await page.getByLabel("第 3 个角色", { exact: true }).selectOption("不设");
        await page.getByRole("button", { name: "保存角色" }).click();
        await page.waitForURL("**/admin/roles");
        await page.goto("/admin/roles?region=330300");
        await expect(page.getByRole("row").filter({ hasText: account })).toContainText("温州市审核人员");
        await theirs.reload();
        await expect(theirs.getByRole("button", { name: "退出" })).toHaveCount(0);
        await theirs.context().close();
        await page.goto("/admin/roles?q=chuqiang");
        await page.getByRole("link", { name: /^设置角色/ }).click();
        await expect(page.getByText("这是你自己的账号")).toBeVisible();
    });

    test.describe("without scripts", () => {
        test.use({ javaScriptEnabled: false });

        test("角色照样设置，填错的留在页面上", async ({ page, browser, server }) => {
            await imports(browser, server, "冯雪", "accounts", ["账号,姓名,部门,手机号,邮箱,人员浙政钉ID", "kong.yi,孔一,,,,"]);
            await page.goto("/login?next=/admin/roles?q=kong.yi");
            await page.getByRole("button", { name: "褚强" }).click();
            await page.getByRole("link", { name: /^设置角色/ }).click();
            await page.getByLabel("第 1 个角色", { exact: true }).selectOption("审核人员");
            await page.getByRole("button", { name: "保存角色" }).click();
            await expect(page.getByText("审核人员要有所审核的区域").first()).toBeVisible();
            await expect(page.getByLabel("第 1 个角色", { exact: true })).toHaveValue("reviewer");
            await page.getByLabel("区域，第 1 个角色").selectOption("浙江省 / 衢州市");
            await page.getByRole("button", { name: "保存角色" }).click();
            await expect(page.getByRole("heading", { level: 1 })).toHaveText("孔一的角色");
            await expect(page.getByLabel("区域，第 1 个角色")).toHaveValue("330800");
        });
    });
});
