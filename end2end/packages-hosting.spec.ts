// packages.md, One package for test and live, and 代码编译: the applications of fixtures, built, approved, and opened live.
import { asks, publishes } from "./support/publishing.ts";
import { expect, test } from "./support/test.ts";
import { fixture } from "./support/zip.ts";

test.setTimeout(120_000);

test("clinic-queue: its output is where gbc.json says, and its pages are behind the hash", async ({ page, browser, server }) => {
    const address = await publishes(browser, server.address, "门诊候诊应用", fixture("clinic-queue"));
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("今日候诊");
    await page.getByRole("link", { name: /儿科/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("儿科");
    await page.getByRole("button", { name: "取号" }).click();
    await expect(page.getByText("您前面还有 23 位")).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("儿科");
});

test("bus-times: an address of its own history is answered with index.html, a missing file is not", async ({ page, browser, server }) => {
    const address = await publishes(browser, server.address, "公交线路应用", fixture("bus-times"));
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("公交到站");
    await page.getByRole("link", { name: /7 路/ }).click();
    await expect(page.getByText("城站火车站 开往 灵隐")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe("/lines/7");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("7 路");
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("公交到站");
    expect(await page.evaluate("window.__APP_ENV__")).toEqual({});
    expect((await asks(page, new URL("/lines/none.js", address).href)).status).toBe(404);
});

test("static-card: it is served as it is", async ({ page, browser, server }) => {
    const address = await publishes(browser, server.address, "办事指南应用", fixture("static-card"));
    await page.goto(address);
    await page.getByRole("button", { name: "公积金" }).click();
    await expect(page.getByRole("status")).toHaveText("公积金：请携带身份证到 2 号窗口办理。");
});
