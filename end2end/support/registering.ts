import { type Page, expect } from "@playwright/test";
import { png } from "./png.ts";

/** On the governance side: a hosted H5, 自建 in 上城区. */
export const GOVERNANCE = { side: "governance", "draft[kind]": "h5", "draft[unified]": "no", "draft[region]": "330102" };

/** What a script of the page sends along. */
export function sameOrigin(page: Page): Record<string, string> {
    return { origin: new URL(page.url()).origin, accept: "application/json" };
}

/** Registers an H5 application on 浙里办APP for whoever is signed in, without the form; answers its 服务ID. */
export async function registers(page: Page, name: string, more: Record<string, string> = {}): Promise<string> {
    const headers = sameOrigin(page);
    const icon = await page.request.post("/icon", { headers: { ...headers, "content-type": "image/png" }, data: png(180, 180) });
    expect(icon.ok()).toBe(true);
    const { hash } = (await icon.json()) as { hash: string };
    const opened = await page.request.get(`/api/publication/form?side=${more["side"] ?? "service"}&check=false`);
    const { key, systems } = (await opened.json()) as { key: string; systems: { id: string }[] };
    const form = {
        key,
        side: "service",
        "draft[channels][0]": "zheli_app",
        "draft[system]": systems[0]?.id ?? "",
        "draft[name]": name,
        "draft[intro]": "查询公交到站时间",
        "draft[icon]": hash,
        "draft[audience]": "person",
        "draft[domestic_os]": "yes",
        "draft[scope][0]": "330102",
        "draft[vendor]": "杭州云途科技有限公司",
        "draft[credit_code]": "91330100MA20000120",
        "draft[contacts][0][name]": "赵磊",
        "draft[contacts][0][phone]": "13800000001",
        ...more,
    };
    const answer = await page.request.post("/api/publication/register", { headers, form });
    expect(answer.status(), await answer.text()).toBe(200);
    return ((await answer.json()) as { service_id: string }).service_id;
}
