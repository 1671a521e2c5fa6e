// packages.md, with their own CI: API 令牌 on the workbench, the REST interface, and the program `irs`.
import { execFile } from "node:child_process";
import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { as, rowOf } from "./support/ordering.ts";
import { asks, sends } from "./support/publishing.ts";
import { registers } from "./support/registering.ts";
import { expect, fit, interactive, signIn, test } from "./support/test.ts";
import { zip } from "./support/zip.ts";

const PAGE = (title: string, more = "") =>
    `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><h1>${title}</h1>${more}</body></html>`;

/** What the program said, and how it ended. */
interface Ran {
    code: number;
    out: string;
    err: string;
}

/** Runs `irs` as a CI job would: its own folder for what is kept, the token on standard input or in the environment. */
async function irs(folder: string, args: string[], input = "", env: Record<string, string> = {}): Promise<Ran> {
    const program = join(dirname(process.env["IRS_SERVER"] ?? ""), "irs");
    return await new Promise((resolve) => {
        const options = { env: { PATH: process.env["PATH"] ?? "", IRS_CONFIG: join(folder, "config.json"), ...env } };
        const child = execFile(program, args, options, (error, out, err) =>
            resolve({ code: error ? Number(error.code) : 0, out, err }),
        );
        // It may end before it reads.
        child.stdin?.on("error", () => {});
        child.stdin?.end(input);
    });
}

/** Makes a token by the form; answers it. */
async function token(page: Page, id: string, name: string, scopes: string[]): Promise<string> {
    await page.goto(`/dev/${id}/tokens`);
    await interactive(page);
    await page.getByLabel("令牌名称").fill(name);
    for (const scope of ["查看状态、检测结果和日志", "上传", "提交验收", "配置完成"]) {
        await page.getByLabel(scope, { exact: true }).setChecked(scopes.includes(scope));
    }
    await page.getByLabel("有效期").selectOption("30 天");
    await page.getByRole("button", { name: "创建令牌" }).click();
    const made = page.locator(".tokens code");
    await expect(made).toHaveText(/^irs_[0-9a-f]{64}$/);
    return (await made.textContent()) ?? "";
}

function app(files: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), "irs-app-"));
    for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
    }
    return folder;
}

test("令牌：创建时显示一次，列表有用途和最近使用，吊销后马上失效 @phone", async ({ page, browser, server }, info) => {
    const name = `令牌_${info.project.name}`;
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    await developer.getByRole("link", { name: "API 令牌" }).click();
    await expect(developer.getByRole("heading", { level: 1 })).toHaveText(`API 令牌：${name}`);
    await expect(developer.getByText("还没有令牌")).toBeVisible();
    await interactive(developer);
    await developer.getByRole("button", { name: "创建令牌" }).click();
    await expect(developer.locator("#error-summary")).toContainText("请填写令牌名称");
    await fit(developer);
    const made = await token(developer, id, "发布流水线", ["查看状态、检测结果和日志"]);
    const row = developer.getByRole("row").filter({ hasText: "发布流水线" });
    await expect(row).toContainText("从未使用");
    await fit(developer);
    const answers = async (path: string) =>
        await page.request.get(`/api/v1/${path}`, { headers: { authorization: `Bearer ${made}` } });
    const answer = await answers("publication");
    expect([answer.status(), ((await answer.json()) as { name: string }).name]).toEqual([200, name]);
    await developer.reload();
    await expect(developer.locator(".tokens")).toHaveCount(0);
    await expect(row).not.toContainText("从未使用");
    await interactive(developer);
    await row.getByRole("button", { name: /^吊销/ }).click();
    await expect(developer.getByText("还没有令牌")).toBeVisible();
    const refused = await answers("publication");
    expect([refused.status(), refused.headers()["www-authenticate"]]).toEqual([401, "Bearer"]);
    expect(((await refused.json()) as { message: string }).message).toContain("令牌");
    await developer.context().close();
});

test("irs：本机检查、上传、等待、提交验收、状态和日志；令牌没有的权限做不了", async ({ page, browser, server }) => {
    test.setTimeout(120_000);
    const name = "自己的流水线";
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    const made = await token(developer, id, "流水线", ["查看状态、检测结果和日志", "上传"]);
    const home = mkdtempSync(join(tmpdir(), "irs-home-"));

    // Offline, before any sign-in.
    const bad = app({ "index.html": PAGE("坏", "<script>eval(location.hash)</script><img alt='' src='https://cdn.example.com/a.png'>") });
    const found = await irs(home, ["check", bad]);
    expect(found.code, found.err).toBe(1);
    expect(found.out).toMatch(/index\.html:1:\d+ 阻断/);
    expect(found.out).toContain("外部域名 cdn.example.com 没有声明");
    const sarif = JSON.parse((await irs(home, ["check", bad, "--sarif"])).out) as { version: string; runs: { results: { ruleId: string }[] }[] };
    expect(sarif.version).toBe("2.1.0");
    expect(sarif.runs[0]?.results.map((result) => result.ruleId)).toContain("code/eval");
    expect((await irs(home, ["status"])).code).toBe(2);
    const wrong = await irs(home, ["login", "--address", server.address], "irs_0000\n");
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("没有令牌，或令牌已过期、已吊销")]);

    const login = await irs(home, ["login", "--address", server.address], `${made}\n`);
    expect([login.code, login.out], login.err).toEqual([0, expect.stringContaining(`已登录：${name}`)]);
    const blocked = await irs(home, ["deploy", bad, "--number", "1.0.0", "--host", "cdn.example.com=图片", "--wait"]);
    expect([blocked.code, blocked.err]).toEqual([1, expect.stringContaining("没有上传")]);
    const good = app({ "index.html": PAGE("好"), "node_modules/left/index.js": "1" });
    const deployed = await irs(home, ["deploy", good, "--number", "1.0.0", "--wait"]);
    expect(deployed.code, deployed.out + deployed.err).toBe(0);
    expect(deployed.out).toContain("部署测试环境 已完成");
    const preview = /预览：(\S+)/.exec(deployed.out)?.[1] ?? "";
    expect((await asks(page, preview)).text).toContain("<h1>好</h1>");

    const refused = await irs(home, ["submit"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("令牌没有这个权限")]);
    const twice = await irs(home, ["deploy", good, "--number", "x"]);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("版本号：")]);
    const whole = await token(developer, id, "全部", ["查看状态、检测结果和日志", "上传", "提交验收", "配置完成"]);
    const asked = { IRS_ADDRESS: server.address, IRS_TOKEN: whole };
    const submitted = await irs(home, ["submit", "1.0.0", "--json"], "", asked);
    expect(submitted.code, submitted.err).toBe(0);
    expect(JSON.parse(submitted.out)).toEqual({ state: "awaiting_acceptance", state_word: "待验收" });
    const status = await irs(home, ["status"]);
    expect(status.out).toContain(`${name}（SV-`);
    expect(status.out).toContain("待验收");
    const logs = await irs(home, ["logs", "--stage", "source_check"]);
    expect([logs.code, logs.out.length > 0]).toEqual([0, true]);
    await page.goto(`${server.address}/publications/${id}?tab=history`);
    await expect(page.getByRole("listitem").filter({ hasText: "创建 API 令牌：流水线" })).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "提交验收" })).toBeVisible();
    await developer.context().close();
});

test("the integration API is as its description says, whatever is sent to it", async ({ page, browser, server }) => {
    test.setTimeout(240_000);
    const name = "接口说明";
    await signIn(page, "王建国", "/service");
    await registers(page, name);
    const { id } = await rowOf(page, name);
    const developer = await as(browser, server.address, "赵磊", `/dev/${id}`);
    const made = await token(developer, id, "试探", ["查看状态、检测结果和日志", "上传", "提交验收", "配置完成"]);
    const version = await sends(developer, id, zip({ "index.html": PAGE("好") }));
    const checks = [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
        "unsupported_method",
    ];
    const program = process.env["IRS_SCHEMATHESIS"] ?? "schemathesis";
    const args = ["run", `${server.address}/api/v1/openapi.json`, "--header", `Authorization: Bearer ${made}`];
    args.push("--checks", checks.join(","), "--max-examples", "20", "--seed", "1", "--generation-database", "none", "--no-color");
    const ran = await new Promise<Ran>((resolve) => {
        const folder = mkdtempSync(join(tmpdir(), "schemathesis-"));
        const real = `parameters = { "path.id" = "${version}", "path.stage" = "source_check" }`;
        writeFileSync(join(folder, "schemathesis.toml"), `[[operations]]\ninclude-tag = "version"\n${real}\n`);
        execFile(program, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) =>
            resolve({ code: error ? Number(error.code) : 0, out, err }),
        );
    });
    expect(ran.code, ran.out.slice(-8_000) + ran.err).toBe(0);
    expect(ran.out).toMatch(/[1-9]\d* generated, [1-9]\d* passed/);
    expect(ran.out).not.toContain("Unresolvable references");
    await developer.context().close();
});
