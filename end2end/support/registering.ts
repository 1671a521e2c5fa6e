import { type Page, expect } from "@playwright/test";
import { png } from "./png.ts";

/** Whose developer is 赵磊. */
export const VENDOR = { name: "杭州云途科技有限公司", code: "91330100MA20000120" };

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
        "draft[vendor]": VENDOR.name,
        "draft[credit_code]": VENDOR.code,
        "draft[contacts][0][name]": "赵磊",
        "draft[contacts][0][phone]": "13800000001",
        ...more,
    };
    const answer = await page.request.post("/api/publication/register", { headers, form });
    expect(answer.status(), await answer.text()).toBe(200);
    return ((await answer.json()) as { service_id: string }).service_id;
}

/** Fills in everything that the form asks of an H5 application on 浙里办APP, in its order; the developer's contact is 赵磊. */
export async function fillsRegistration(page: Page, name: string, site = "上城区"): Promise<void> {
    await page.getByRole("checkbox", { name: "浙里办APP" }).check();
    await page.getByRole("checkbox", { name: "政务服务网" }).uncheck();
    await page.getByLabel("应用系统").selectOption({ index: 1 });
    await page.getByLabel("服务名称").fill(name);
    await page.getByLabel("服务介绍").fill("查询公交到站时间，方便市民出行");
    await page.getByLabel("选择图片").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(180, 180) });
    await expect(page.getByRole("img", { name: "60 像素的图标" }).first()).toBeVisible();
    await page.getByRole("radio", { name: "个人", exact: true }).check();
    await page.getByRole("group", { name: "是否支持国产操作系统" }).getByRole("radio", { name: "是" }).check();
    await page.getByLabel("搜索站点").fill(site);
    await page.getByRole("checkbox", { name: site }).check();
    await page.getByLabel("开发商", { exact: false }).first().fill(VENDOR.name);
    await page.getByLabel("统一社会信用代码").fill(VENDOR.code);
    await page.getByLabel("真实姓名").first().fill("赵磊");
    await page.getByLabel("手机号").first().fill("138 0000 0001");
}
