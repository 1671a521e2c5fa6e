// What a person waits for in a real browser: the first paint of a page that nobody has cached, until it answers, and until another's
// change is on the screen. On loopback: what a network adds is not in it.
import type { Browser } from "@playwright/test";
import { WEB, approvalForm, as, rowOf } from "../support/ordering.ts";
import { registers, sameOrigin } from "../support/registering.ts";
import { interactive, test } from "../support/test.ts";
import { percentile } from "./figures.ts";

const PUBLICATIONS = 40;
const RUNS = 9;
const PAGES = [
    ["服务侧名称列表", "王建国", "/service"],
    ["工单看板", "郑凯", "/dashboard"],
    ["待我审批", "李敏", "/orders/waiting"],
] as const;

/** Milliseconds from the click on a link to the first paint, and until the browser has taken the page over, without any cache. */
async function opens(browser: Browser, address: string, cookies: Parameters<Awaited<ReturnType<Browser["newContext"]>>["addCookies"]>[0], path: string): Promise<[number, number]> {
    const context = await browser.newContext({ baseURL: address, viewport: { width: 1440, height: 900 } });
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.addInitScript(() => {
        const look = (): void => {
            if (document.documentElement?.hasAttribute("data-interactive")) Object.assign(window, { takenOver: performance.now() });
            else requestAnimationFrame(look);
        };
        look();
    });
    await page.goto(path);
    await interactive(page);
    const taken = await page.waitForFunction(() => (window as { takenOver?: number }).takenOver);
    const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN);
    const times: [number, number] = [painted, (await taken.jsonValue()) ?? Number.NaN];
    await context.close();
    return times;
}

test("screens", async ({ browser, server }) => {
    const staff = await as(browser, server.address, "王建国", "/service");
    const names = Array.from({ length: PUBLICATIONS }, (_, n) => `公交${n}路实时查询`);
    for (const name of names) await registers(staff, name, WEB);
    const lines = ["| page | first paint, ms | takes input, ms |", "| --- | --- | --- |"];
    for (const [word, person, path] of PAGES) {
        const own = await as(browser, server.address, person, path);
        const cookies = await own.context().cookies();
        const times: [number, number][] = [];
        for (let n = 0; n < RUNS; n++) times.push(await opens(browser, server.address, cookies, path));
        const [painted, taken] = [0, 1].map((which) => percentile(times.map((pair) => pair[which] ?? 0), 50));
        lines.push(`| ${word} | ${painted} | ${taken} |`);
        await own.context().close();
    }

    const operator = await as(browser, server.address, "郑凯", "/dashboard");
    await operator.getByRole("link", { name: /^审批中/ }).evaluate((link) => {
        const seen: number[] = [];
        Object.assign(window, { seen });
        // The frame after the change is the one that shows it.
        new MutationObserver(() => requestAnimationFrame(() => seen.push(performance.timeOrigin + performance.now()))).observe(
            link.closest("main") ?? link,
            { subtree: true, childList: true, characterData: true },
        );
    });
    const took: number[] = [];
    for (const name of names.slice(0, 30)) {
        const form = approvalForm(await rowOf(staff, name));
        await operator.evaluate(() => (window as unknown as { seen: number[] }).seen.splice(0));
        const sent = Date.now();
        await staff.request.post("/api/publication/submit_for_approval", { headers: sameOrigin(staff), form });
        const shown = await operator.waitForFunction(() => (window as unknown as { seen: number[] }).seen[0]);
        took.push(((await shown.jsonValue()) ?? Number.NaN) - sent);
    }
    lines.push("", `工单看板: from a form's sending in one browser to another's screen ${percentile(took, 50)} ms (99 of 100: ${percentile(took, 99)} ms).`);
    console.log(lines.join("\n"));
});
