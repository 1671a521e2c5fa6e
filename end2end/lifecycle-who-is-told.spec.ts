// lifecycle.md, Work orders: who is told; screens.md, Phone approval: from the notification to the decision.
import { approves, as, submits } from "./support/ordering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";

/** The name of the link of a notice that was not read yet. */
const unread = (text: string): RegExp => new RegExp(`^未读：\\s*${text}$`);

test("from the notice to the decision in three taps; the number moves by itself @phone", async ({ page, browser, server }, info) => {
    const name = `通知_${info.project.name}`;
    await signIn(page, "王建国", "/orders/initiated");
    const reviewer = await as(browser, server.address, "李敏", "/inbox");
    if (info.project.name === "phone") await reviewer.setViewportSize({ width: 390, height: 844 });
    await interactive(reviewer);
    const inbox = reviewer.getByRole("link", { name: /^收件箱/ }).filter({ visible: true });
    await submits(page, name);
    // The notice waits behind the button; the number beside 收件箱 is there at once.
    await expect(inbox).toContainText(/\d/);
    await reviewer.goto("/");
    await interactive(reviewer);

    await inbox.click();
    await expect(reviewer.getByRole("heading", { level: 1 })).toHaveText("收件箱");
    const notice = reviewer.getByRole("link", { name: unread(`「${name}」的发布申请等你审批`) });
    await expect(notice).toBeVisible();
    await fit(reviewer);
    await notice.click();
    await expect(reviewer.getByRole("heading", { level: 1 })).toContainText(name);
    await interactive(reviewer);
    await approves(reviewer);

    await reviewer.goto("/inbox");
    await interactive(reviewer);
    await expect(reviewer.getByRole("link", { name: `「${name}」的发布申请等你审批`, exact: true }), "it was read").toBeVisible();

    const next = await as(browser, server.address, "周涛", "/inbox");
    await next.getByRole("link", { name: unread(`「${name}」的发布申请等你审批`) }).click();
    await interactive(next);
    await approves(next);
    await page.goto("/inbox");
    await interactive(page);
    await expect(page.getByRole("link", { name: unread(`「${name}」的发布申请已通过`) })).toBeVisible();
    await page.getByRole("button", { name: "全部标为已读" }).click();
    await expect(page.getByRole("link", { name: `「${name}」的发布申请已通过`, exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "全部标为已读" })).toHaveCount(0);
    await page.getByRole("link", { name: /^未读/ }).click();
    await expect(page).toHaveURL(/tab=unread/);
    await expect(page.getByText("没有未读的通知。")).toBeVisible();
    await fit(page);
});

test("the inbox without scripts: it reads, and can be marked as read", async ({ browser, server }) => {
    // Nobody tells an auditor anything.
    const auditor = await as(browser, server.address, "卫平", "/");
    const context = await browser.newContext({
        baseURL: server.address,
        javaScriptEnabled: false,
        storageState: await auditor.context().storageState(),
    });
    const plain = await context.newPage();
    await plain.goto("/inbox");
    await expect(plain.getByText("还没有通知")).toBeVisible();
    const staff = await as(browser, server.address, "王建国", "/inbox");
    const again = await browser.newContext({
        baseURL: server.address,
        javaScriptEnabled: false,
        storageState: await staff.context().storageState(),
    });
    const theirs = await again.newPage();
    await submits(staff, "无脚本通知");
    const city = await as(browser, server.address, "李敏", "/inbox");
    await city.getByRole("link", { name: unread("「无脚本通知」的发布申请等你审批") }).click();
    await interactive(city);
    await approves(city);
    await theirs.goto("/inbox");
    const button = theirs.getByRole("button", { name: "全部标为已读" });
    if ((await button.count()) > 0) await button.click();
    await expect(theirs).toHaveURL(/\/inbox$/);
    await expect(theirs.getByRole("link", { name: /^未读：/ })).toHaveCount(0);
    for (const one of [context, again]) await one.close();
});

test.describe("on a phone", () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

    test("the bar has four places, and 我的 leads to the rest", async ({ page }) => {
        await signIn(page, "王建国", "/");
        await interactive(page);
        const bar = page.getByRole("navigation", { name: "主导航" });
        await expect(bar.getByRole("link").filter({ visible: true })).toHaveText([/待办/, /发布/, /收件箱/, /我的/]);
        await bar.getByRole("link", { name: "我的" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("我的");
        await interactive(page);
        await fit(page);
        await page.getByRole("link", { name: "治理侧名称列表" }).filter({ visible: true }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("治理侧名称列表");
    });
});
