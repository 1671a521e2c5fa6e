// design.md, Servers side by side; identity.md, Operations: several processes on one database, behind a balancer that knows nobody.
import type { Page } from "@playwright/test";
import { approves, as, rowOf, submits } from "./support/ordering.ts";
import { accepts, begins, submitsForAcceptance } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { Server } from "./support/server.ts";
import { expect, interactive, lends, signIn, test as base } from "./support/test.ts";
import { zip } from "./support/zip.ts";

const test = base.extend<object, { server: Server }>({
    server: [
        async ({}, use) => lends(await Server.start([], { processes: 3 }), use),
        { scope: "worker" },
    ],
});

test.use({ tolerated: [/Failed to load resource|ERR_|EventSource/] });

/** A package whose build takes this long. Seconds. */
function slow(seconds: number): Buffer {
    const html = '<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>慢</title></head><body></body></html>';
    const build = `require("fs").mkdirSync("dist"); setTimeout(() => require("fs").writeFileSync("dist/index.html", require("fs").readFileSync("page.html")), ${seconds}000)`;
    const manifest = { name: "slow", version: "1.0.0", scripts: { build: "node build.js" } };
    return zip({ "package.json": JSON.stringify(manifest), "build.js": build, "page.html": html });
}

interface Version {
    stages: { status: string }[];
}

async function stagesOf(page: Page, version: string): Promise<string[]> {
    const answer = await page.request.get(`/api/version/detail?id=${version}`);
    return answer.ok() ? ((await answer.json()) as Version).stages.map((stage) => stage.status) : [];
}

const DONE = Array(4).fill("passed");

test("one of three dies, then another: sessions go on, what was begun is done, open pages hear of it", async ({ page, browser, server }) => {
    // What the dead had in hand is another's after a minute.
    test.setTimeout(240_000);
    const names = ["公交到站", "门诊排队", "便民地图"];
    await signIn(page, "王建国", "/service");
    const ids: string[] = [];
    for (const name of names) {
        await registers(page, name);
        ids.push((await rowOf(page, name)).id);
    }
    const developer = await as(browser, server.address, "赵磊", "/dev");
    const versions: string[] = [];
    for (const id of ids) versions.push(await begins(developer, id, slow(10)));
    // One build a server: each has one in hand.
    for (const version of versions) {
        await expect.poll(async () => (await stagesOf(developer, version))[1], { timeout: 30_000 }).toBe("running");
    }
    await server.dies(0);
    for (const version of versions) await expect.poll(() => stagesOf(developer, version), { timeout: 120_000 }).toEqual(DONE);

    // An open page hears of what is done, whichever server does it and whichever the page listens to.
    await page.goto("/service");
    await interactive(page);
    const chip = (name: string) => page.getByRole("row", { name: new RegExp(name) }).locator(".state-chip");
    for (const [n, id] of ids.entries()) await submitsForAcceptance(developer, id, versions[n] ?? "");
    for (const name of names) await expect(chip(name)).toHaveText("待验收");
    await server.dies(0);
    await accepts(page, ids[0] ?? "");
    for (let n = 0; n < 2; n++) {
        await page.goto("/service");
        await expect(chip(names[0] ?? "")).toHaveText("待发布审批");
    }
});

/** A site of its own, of which one server is killed. */
const apart = base.extend<object, { server: Server }>({
    server: [
        async ({}, use) => lends(await Server.start([], { processes: 3 }), use),
        { scope: "worker" },
    ],
});

apart.describe("the server to which an open page listens is killed", () => {
    apart.use({ tolerated: [/Failed to load resource|ERR_|EventSource/] });

    apart("the page listens to another one by itself, and shows what somebody else does after that", async ({ page, browser, server }) => {
        await signIn(page, "王建国", "/service");
        const order = await submits(page, "断线重连");
        await page.goto("/service?q=断线重连");
        await interactive(page);
        const row = page.getByRole("row", { name: /断线重连/ });
        await expect(row.getByText("发布审批中", { exact: true })).toBeVisible();
        // What is written into the page is gone as soon as it is loaded again.
        await page.evaluate(() => document.body.setAttribute("data-loaded", "once"));
        await expect.poll(() => server.listenedTo().length).toBe(1);
        await server.dies(server.listenedTo()[0] ?? 0);
        // The dead one is no longer among them: this is another.
        await expect.poll(() => server.listenedTo().length, { timeout: 30_000 }).toBe(1);
        await expect(page.getByText("连接中断")).toBeHidden();

        const limin = await as(browser, server.address, "李敏", order);
        await approves(limin);
        await expect(row.getByText(/第 2\/2 步/)).toBeVisible({ timeout: 30_000 });
        const zhoutao = await as(browser, server.address, "周涛", order);
        await approves(zhoutao);
        await expect(row.getByText("已发布", { exact: true })).toBeVisible({ timeout: 30_000 });
        await expect(page.locator("body")).toHaveAttribute("data-loaded", "once");
    });
});
