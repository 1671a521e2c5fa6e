// design.md, Data (live events), and screens.md, List page: what others do shows while one looks, and nothing jumps.
import { approves, as, submits, WEB } from "./support/ordering.ts";
import { registers } from "./support/registering.ts";
import { Server } from "./support/server.ts";
import { expect, fit, interactive, processes, signIn, test } from "./support/test.ts";

test("a row changes in its place with a quiet mark; new ones wait behind a button @phone", async ({ page, browser, server }, info) => {
    test.slow();
    const mark = `实时${info.project.name}`;
    await signIn(page, "王建国", "/service");
    const order = await submits(page, `${mark}_甲`);
    await registers(page, `${mark}_乙`, WEB);
    await page.goto(`/service?q=${mark}`);
    await interactive(page);
    const row = page.getByRole("row", { name: new RegExp(`${mark}_甲`) });
    const inReview = page.getByRole("link", { name: /^发布审批中/ });
    await expect(row.getByText("发布审批中", { exact: true })).toBeVisible();
    await expect(inReview).toContainText(/[1-9]/);
    const before = Number((await inReview.innerText()).replace(/\D/g, ""));

    const limin = await as(browser, server.address, "李敏", order);
    await approves(limin);
    await expect(row.getByText(/第 2\/2 步/)).toBeVisible();
    const zhoutao = await as(browser, server.address, "周涛", order);
    await approves(zhoutao);
    await expect(row.getByText("已发布", { exact: true })).toBeVisible();
    await expect(row.getByText("刚刚更新")).toBeAttached();
    await expect(inReview).toContainText(String(before - 1));
    await expect(page.getByRole("row").nth(2)).toContainText(`${mark}_甲`);
    await expect(page.getByRole("button", { name: /条更新/ }), "what is on the page is not counted").toBeHidden();

    const elsewhere = await as(browser, server.address, "王建国", "/service");
    await registers(elsewhere, `${mark}_丙`, WEB);
    const updates = page.getByRole("button", { name: "有 1 条更新" });
    await expect(updates).toBeVisible();
    await expect(page.getByRole("row", { name: new RegExp(`${mark}_丙`) })).toBeHidden();
    await fit(page);
    await updates.click();
    await expect(page.getByRole("row", { name: new RegExp(`${mark}_丙`) })).toBeVisible();
    await expect(updates).toBeHidden();
    await expect(row.getByText("刚刚更新")).not.toBeAttached();
});

test("another department's changes are not heard", async ({ page, browser, server }) => {
    test.slow();
    await signIn(page, "陈静", "/service");
    const wang = await as(browser, server.address, "王建国", "/service");
    await registers(wang, "别的部门的服务", WEB);
    const chen = await as(browser, server.address, "陈静", "/service");
    await registers(chen, "自己部门的服务", WEB);
    await expect(page.getByRole("button", { name: /条更新/ })).toHaveText("有 1 条更新");
});

test("a reviewer's number and list say that an order came; an open order says that it was decided @phone", async ({ page, browser, server }, info) => {
    test.slow();
    await signIn(page, "李敏", "/orders/waiting");
    const staff = await as(browser, server.address, "王建国", "/service");
    const name = `来了一单_${info.project.name}`;
    const order = await submits(staff, name);
    // An empty list has nothing that would move: it is read again by itself.
    const [updates, row] = [page.getByRole("button", { name: /条更新/ }), page.getByRole("row", { name: new RegExp(name) })];
    await expect(updates.or(row)).toBeVisible();
    await expect(page.getByRole("link", { name: /待我审批|待办/ })).toContainText(/[1-9]/);
    if (await updates.isVisible()) await updates.click();
    await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();

    await page.goto(order);
    await interactive(page);
    const again = await as(browser, server.address, "李敏", order);
    await approves(again);
    await page.getByRole("button", { name: "内容有更新，点此查看" }).click();
    await expect(page.getByRole("button", { name: "同意", exact: true })).toBeHidden();
    await fit(page);
});

test.describe("the server stops", () => {
    test.use({ tolerated: [/Failed to load resource|ERR_/] });

    test("its streams end at once, and the page says that it may be old", async ({ page }, { project }) => {
        await Server.during([], processes(project.name), async (own) => {
            await page.goto(`${own.address}/login?next=/service`);
            await interactive(page);
            const opened = page.waitForResponse((response) => new URL(response.url()).pathname === "/events");
            await page.getByRole("button", { name: "王建国" }).click();
            await opened;
            const stopping = Date.now();
            expect(await own.stop()).toBe(0);
            expect(Date.now() - stopping, "a stream does not hold the server up").toBeLessThan(10_000);
            await expect(page.getByText("连接中断")).toBeVisible();
        });
    });
});

test.describe("the session is ended from another browser", () => {
    // What the page asks for by itself is refused from then on.
    test.use({ tolerated: [/401|EventSource/] });

    test("the open page says so, with the way to sign in anew beside it @phone", async ({ page, browser, server }) => {
        test.slow();
        const opened = page.waitForResponse((response) => new URL(response.url()).pathname === "/events");
        await signIn(page, "郑凯", "/inbox");
        await opened;
        const elsewhere = await as(browser, server.address, "郑凯", "/me/sessions");
        await elsewhere.getByRole("button", { name: "结束其他会话" }).click();
        await expect(elsewhere.getByRole("button", { name: "结束其他会话" })).toBeHidden();
        // The stream of another process looks twice a minute whether its session stands.
        await expect(page.getByText("登录已失效")).toBeVisible({ timeout: 90_000 });
        const anew = page.getByRole("link", { name: "重新登录" });
        await expect(anew).toHaveAttribute("href", /^\/login\?next=(\/|%2F)inbox$/);
        await expect(anew).toHaveAttribute("target", "_blank");
        await fit(page);
        await elsewhere.context().close();
    });
});
