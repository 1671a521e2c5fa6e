import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, type Page, type WorkerInfo, expect, test as base } from "@playwright/test";
import { Server } from "./server.ts";

/** Where what browsers say in the running test is kept: a worker runs one test at a time. */
let complain: (text: string, where?: string) => void = () => {};

/** What a browser complains of in this context fails the test that runs. */
export function watch(context: BrowserContext): void {
    context.on("console", (message) => {
        // What a page asked for with a session that a sign-in has just replaced, or 退出 ended: counts, and its first events.
        const replaced = message.text().includes("401") && /\/api\/home\/counts$|\/events\?after=0$/.test(message.location().url);
        // An application that was uploaded need not have one, and Chromium asks for it when it pleases.
        const icon = message.text().includes("404") && message.location().url.endsWith("/favicon.ico");
        const meant = message.type() === "error" || message.type() === "warning";
        if (meant && !replaced && !icon) complain(message.text(), message.location().url);
    });
    context.on("weberror", (error) => complain(String(error.error())));
}

/**
 * How many servers a worker's tests have: desks, which run every test, meet three on PostgreSQL, phones one on SQLite, so that each
 * run sees both kinds of site; `IRS_PROCESSES` says it for all.
 */
export function processes(project: string): number {
    return Number(process.env["IRS_PROCESSES"] ?? (project === "desk" ? 3 : 1));
}

/** Lends a worker's tests the server, which must then end well, without a request that ended in a panic. */
export async function lends(server: Server, use: (server: Server) => Promise<void>): Promise<void> {
    await use(server);
    expect(await server.stop(), server.log).toBe(0);
    expect(server.log, "a request ended in a panic").not.toContain("panicked at");
}

type Fixture = [(args: object, use: (server: Server) => Promise<void>, worker: WorkerInfo) => Promise<void>, { scope: "worker" }];

/** The `server` of one file's tests: a site of its own, started with these flags. Files do not share what this answers. */
export const ownSite = (flags: string[] = [], { demo = true } = {}): Fixture => [
    async ({}, use, worker) => lends(await Server.start(flags, { demo, processes: processes(worker.project.name) }), use),
    { scope: "worker" },
];

/**
 * `test` with a server per worker, and a watch over every page: what a browser complains of (errors, a broken content
 * policy, failed requests) fails the test.
 */
export const test = base.extend<{ tolerated: RegExp[]; watched: void }, { server: Server }>({
    /** What the browser may say in this test, because the test provokes it. */
    tolerated: [[], { option: true }],
    server: ownSite(),
    baseURL: async ({ server }, use) => use(server.address),
    watched: [
        async ({ context, tolerated, server }, use, info) => {
            const complaints: string[] = [];
            complain = (text, where = "") => {
                if (!tolerated.some((known) => known.test(text))) complaints.push(`${text} ${where}`.trim());
            };
            watch(context);
            const from = server.log.length;
            await use();
            if (info.status !== info.expectedStatus) console.error(`the server's log:\n${server.log.slice(from).slice(-5000)}`);
            expect(complaints, "the browser complained").toEqual([]);
        },
        { auto: true },
    ],
});

/** Waits until the browser has taken the page over from the server. */
export async function interactive(page: Page): Promise<void> {
    await expect(page.locator("html[data-interactive]")).toBeAttached();
}

/** Signs a demo person in with one click, and waits for the first page. */
export async function signIn(page: Page, name: string, next = "/"): Promise<void> {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await interactive(page);
    await page.getByRole("button", { name }).click();
    await page.waitForURL(`**${next}`);
    await interactive(page);
}

/** What must hold on every page: no accessibility finding, nothing wider than the screen, one heading. */
export async function fit(page: Page): Promise<void> {
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    // A phone zooms out on what is too wide, and then says that it is as wide: so the width that was asked for counts.
    const width = page.viewportSize()?.width ?? 0;
    const overflow = (await page.evaluate(() => document.documentElement.scrollWidth)) - width;
    expect(overflow, "the page is wider than the screen by").toBeLessThanOrEqual(0);
    // What a hosted application shows in its frame is its own.
    const axe = await new AxeBuilder({ page }).exclude("iframe").analyze();
    // A word in the colour of its ground is no finding of axe's: it takes it for hidden.
    const contrast = axe.incomplete.filter((check) => check.id === "color-contrast").flatMap((check) => check.nodes);
    const unseen = contrast.filter((node) => node.any.some(({ data }) => (data as { messageKey?: string } | null)?.messageKey === "equalRatio"));
    expect(unseen.map((node) => node.target.join(" ")), "words that nobody can see").toEqual([]);
    expect(axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`)).toEqual([]);
}

/** Fills in a list's filter; on a phone its further fields come over the page first. */
export async function filters(page: Page, fill: () => Promise<unknown>): Promise<void> {
    const toggle = page.getByRole("button", { name: "筛选", exact: true });
    const isPhone = await toggle.isVisible();
    if (isPhone) {
        await toggle.click();
        await fit(page);
    }
    await fill();
    // Where the form is drawn anew with its list it has closed by itself.
    const done = page.getByRole("button", { name: "完成", exact: true });
    await expect(toggle.or(done).or(page.locator(".filter-toggle:not(:visible)")).first()).toBeAttached();
    // Or closes between the look and the press.
    if (await done.isVisible()) await done.click({ timeout: 5_000 }).catch(() => expect(done).toBeHidden());
}

export { expect };
