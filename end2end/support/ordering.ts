import { type Browser, type Page, expect } from "@playwright/test";
import { registers, sameOrigin } from "./registering.ts";
import { signIn, watch } from "./test.ts";

/** 政务服务网 alone: nothing to host, so it waits for approval at once. */
export const WEB = { "draft[channels][0]": "service_web", "draft[pc_mode]": "fill", "draft[pc_url]": "https://example.gov.cn/app" };

/** Registers a publication on 政务服务网 for whoever is signed in, and submits it for approval; answers the order's path. */
export async function submits(page: Page, name: string, more: Record<string, string> = {}): Promise<string> {
    await registers(page, name, WEB);
    return await asksForApproval(page, name, more);
}

/** Submits what waits for approval; answers the order's path. */
export async function asksForApproval(page: Page, name: string, more: Record<string, string> = {}): Promise<string> {
    const form = { ...approvalForm(await rowOf(page, name, more["side"])), ...more };
    const answer = await page.request.post("/api/publication/submit_for_approval", { headers: sameOrigin(page), form });
    expect(answer.status(), await answer.text()).toBe(200);
    return await orderOf(page, name);
}

/** Fills in what 提交审批 asks for, on its page. */
export async function fillsApproval(page: Page): Promise<void> {
    await page.getByLabel("申请说明").fill("首次发布，面向全市市民");
    await page.getByLabel("测试情况").fill("功能、兼容性测试通过");
    await page.getByLabel("联系电话").fill("13900000009");
}

/** The path of the order of 发布, from the page of its publication. */
export async function shownOrder(page: Page): Promise<string> {
    await page.getByRole("navigation", { name: "内容" }).getByRole("link", { name: "工单" }).click();
    return (await page.getByRole("link", { name: "发布", exact: true }).getAttribute("href")) ?? "";
}

/** What `fillsApproval` types, as it is sent. */
export function approvalForm(row: { id: string; version: number }): Record<string, string> {
    return {
        id: row.id,
        seen: String(row.version),
        key: crypto.randomUUID(),
        "draft[statement]": "首次发布，面向全市市民",
        "draft[test_report]": "功能和兼容性测试通过",
        "draft[contact_name]": "王建国",
        "draft[contact_phone]": "13900000009",
    };
}

/** The path of the order that is open on the publication; whoever is signed in filed it. */
export async function orderOf(page: Page, name: string): Promise<string> {
    const listed = await page.request.get(`/api/work_order/initiated?query[over]=false&query[keyword]=${encodeURIComponent(name)}&query[size]=20&query[from]=start`);
    return `/orders/${((await listed.json()) as { rows: { id: string }[] }).rows[0]?.id ?? ""}`;
}

/** The row of the list with this name. */
export async function rowOf(page: Page, name: string, side = "service"): Promise<{ id: string; version: number }> {
    const listed = await page.request.get(
        `/api/publication/list?side=${side}&query[keyword]=${encodeURIComponent(name)}&query[size]=20&query[from]=start`,
    );
    const row = ((await listed.json()) as { rows: { id: string; version: number }[] }).rows[0];
    if (!row) throw new Error(`no publication of the name ${name}`);
    return row;
}

/** Opens the page as somebody else, in a browser of their own, which is watched like the test's own. */
export async function as(browser: Browser, address: string, name: string, next: string): Promise<Page> {
    const context = await browser.newContext({ baseURL: address, locale: "zh-CN", timezoneId: "Asia/Shanghai", javaScriptEnabled: true });
    watch(context);
    const page = await context.newPage();
    await signIn(page, name, next);
    return page;
}

/** Submits what waits for approval, and both steps of the service side approve: it is live. */
export async function goesLive(page: Page, browser: Browser, name: string): Promise<void> {
    const order = await asksForApproval(page, name);
    for (const reviewer of ["李敏", "周涛"]) {
        const other = await as(browser, new URL(page.url()).origin, reviewer, order);
        await approves(other);
        await other.context().close();
    }
}

/** 同意, with its question. */
export async function approves(page: Page): Promise<void> {
    await page.getByRole("button", { name: "同意", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "确认同意" }).click();
    await expect(page.getByRole("status").filter({ hasText: "已同意" })).toBeVisible();
}
