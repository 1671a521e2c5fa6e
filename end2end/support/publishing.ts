import { type APIResponse, type Browser, type Page, expect } from "@playwright/test";
import { as, goesLive, rowOf } from "./ordering.ts";
import { registers, sameOrigin } from "./registering.ts";

interface Version {
    under_way: boolean;
    stages: { stage: string; status: string; sentence: string }[];
}

interface Publication {
    row: { version: number };
    submitted: string | null;
}

/** Takes the package from its registration to live, without the forms; answers where it is. */
export async function publishes(browser: Browser, address: string, name: string, zip: Buffer): Promise<string> {
    const staff = await as(browser, address, "王建国", "/service");
    const service = await registers(staff, name);
    const { id } = await rowOf(staff, name);
    const developer = await as(browser, address, "赵磊", `/dev/${id}`);
    await submitsForAcceptance(developer, id, await sends(developer, id, zip));
    await accepts(staff, id);
    await goesLive(staff, browser, name);
    for (const person of [staff, developer]) await person.context().close();
    return liveAddress(address, service);
}

/** Where the application of this 服务ID is, once it is live. */
export function liveAddress(address: string, service: string): string {
    const live = new URL(address);
    live.hostname = `${service.replace("-", "").toLowerCase()}.apps.localhost`;
    return live.href;
}

/** Asks an application's host without a browser; its names lead here, whatever the machine's resolver says. */
export async function asks(page: Page, address: string): Promise<{ status: number; text: string }> {
    const url = new URL(address);
    const headers = { host: url.host };
    url.hostname = "127.0.0.1";
    const answer = await page.request.get(url.href, { headers });
    return { status: answer.status(), text: await answer.text() };
}

/** Uploads the package as the developer who is signed in; answers the version's id, whose stages begin. */
export async function begins(page: Page, publication: string, zip: Buffer, number = "1.0.0"): Promise<string> {
    const headers = sameOrigin(page);
    const begun = await page.request.post("/upload", { headers, data: { publication, file_name: "app.zip", size: zip.length } });
    const { id } = (await taken(begun)) as { id: string };
    await taken(await page.request.put(`/upload/${id}/0`, { headers, data: zip }));
    const { row } = await publicationOf(page, publication);
    const form = { publication, seen: row.version, key: crypto.randomUUID(), draft: { number, note: "", hosts: [] } };
    const finished = await page.request.post(`/upload/${id}/finish`, { headers, data: form });
    return ((await taken(finished)) as { version: string }).version;
}

/** Uploads the package as [`begins`] does, and waits for its stages; answers the version's id. */
export async function sends(page: Page, publication: string, zip: Buffer, number = "1.0.0"): Promise<string> {
    const version = await begins(page, publication, zip, number);
    const shown = async () => (await taken(await page.request.get(`/api/version/detail?id=${version}`))) as Version;
    await expect.poll(async () => (await shown()).under_way, { timeout: 60_000 }).toBe(false);
    const stages = (await shown()).stages;
    expect(stages.map((stage) => stage.status), stages.map((stage) => stage.sentence).join(" ")).toEqual(Array(4).fill("passed"));
    return version;
}

/** 提交验收, of this version. */
export async function submitsForAcceptance(page: Page, publication: string, version: string): Promise<void> {
    await acts(page, "submit_for_acceptance", publication, { version });
}

/** 验收成功, of what was submitted. */
export async function accepts(page: Page, publication: string): Promise<void> {
    const { submitted } = await publicationOf(page, publication);
    await acts(page, "accept", publication, { version: submitted ?? "" });
}

/** 验收拒绝, of what was submitted, and 重新部署. */
export async function sendsBack(page: Page, publication: string, reason: string): Promise<void> {
    const { submitted } = await publicationOf(page, publication);
    await acts(page, "reject", publication, { version: submitted ?? "", reason });
    await acts(page, "redeploy", publication, {});
}

async function acts(page: Page, action: string, id: string, more: Record<string, string>): Promise<void> {
    const { row } = await publicationOf(page, id);
    const form = { id, seen: String(row.version), key: crypto.randomUUID(), ...more };
    await taken(await page.request.post(`/api/publication/${action}`, { headers: sameOrigin(page), form }));
}

async function publicationOf(page: Page, id: string): Promise<Publication> {
    return (await taken(await page.request.get(`/api/publication/detail?id=${id}`))) as Publication;
}

async function taken(answer: APIResponse): Promise<unknown> {
    const text = await answer.text();
    expect(answer.ok(), text).toBe(true);
    return text === "" ? null : JSON.parse(text);
}
