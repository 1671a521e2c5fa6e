// identity.md, First start and the three administrators: 账号 imported from a spreadsheet, row by row; a list that is longer than a page.
import { type Locator, type Page } from "@playwright/test";
import { counted, sendsTable } from "./support/importing.ts";
import { expect, fit, interactive, ownSite, signIn, test } from "./support/test.ts";
import { xlsx } from "./support/zip.ts";

// The many accounts of this site are for this file alone.
test.use({ server: ownSite() });

const HEAD = ["账号", "姓名", "部门", "手机号", "邮箱", "人员浙政钉ID"];
const MANY = 25;

/** Somebody of the many; a spreadsheet has telephone numbers as numbers. */
function someone(n: number): (string | number)[] {
    const two = String(n).padStart(2, "0");
    return [`zhan.${two}`, `站员${two}`, "杭州市交通运输局", 13911100000 + n, `zhan.${two}@example.gov.cn`, ""];
}

/** Rows that are not taken over, with what the report says of each. */
const BAD: [row: (string | number)[], outcome: string, why: string][] = [
    [["hui.ke", "会客", "没有的部门", "", "", ""], "未导入", "没有名为「没有的部门」的部门，请先导入部门"],
    [["hui.hao", "会号", "", 13800000001, "", ""], "未导入", "手机号已属于账号 zhaolei，请先在那个账号上清除"],
    [["hui.er", "会二", "", 13911100001, "", ""], "未导入", "手机号与第 2 行重复"],
    [["hui.cuo", "会错", "", "12345", "", ""], "未导入", "手机号要是 11 位数字"],
    [["fengxue", "冯雪二", "", "", "", ""], "保留不变", "管理员的账号不由导入更改"],
];

const TABLE = [HEAD, ...Array.from({ length: MANY }, (_, n) => someone(n + 1)), ...BAD.map(([row]) => row)];

const rows = (page: Page): Locator => page.locator(".table-accounts tbody tr");

/** What is typed as 关键字 finds so many. */
async function finds(page: Page, keyword: string, many: number): Promise<void> {
    await page.getByLabel("关键字").fill(keyword);
    await expect(page).toHaveURL((url) => url.searchParams.get("q") === keyword);
    await expect(rows(page)).toHaveCount(many);
}

test("一个 XLSX：每行一个结果，不对的行一点也不留下；读不出的文件什么也不改；列表翻页、查找 @phone", async ({ page }) => {
    test.slow();
    await signIn(page, "冯雪", "/admin/accounts");
    await sendsTable(page, "accounts", "站员.xlsx", xlsx(TABLE));
    const report = page.getByRole("region", { name: /^上次导入：站员\.xlsx/ });
    await expect(report.locator("tbody tr")).toHaveCount(MANY + BAD.length);
    for (const [outcome, many] of [["新增", MANY], ["更新", 0], ["没有变化", 0], ["保留不变", 1], ["未导入", 4]] as const) {
        await expect(counted(page, outcome)).toHaveText(String(many));
    }
    // What has to be mended comes before all that went well.
    await expect(report.locator("tbody tr").first()).toContainText("hui.ke");
    for (const [n, [row, outcome, why]] of BAD.entries()) {
        const line = report.getByRole("row").filter({ hasText: String(row[0]) });
        await expect(line.locator("td").first(), "the line of the table").toHaveText(String(MANY + 2 + n));
        await expect(line).toContainText(outcome);
        await expect(line).toContainText(why);
    }
    await fit(page);

    // Neither a second time nor a file that is none changes anything.
    await sendsTable(page, "accounts", "再来.xlsx", xlsx(TABLE));
    await expect(page.getByRole("heading", { name: /^上次导入：再来\.xlsx/ })).toBeVisible();
    await expect(counted(page, "没有变化")).toHaveText(String(MANY));
    await expect(counted(page, "新增")).toHaveText("0");
    await sendsTable(page, "accounts", "坏的.xlsx", xlsx(TABLE).subarray(0, 900));
    await expect(page.getByRole("alert")).toContainText(/坏的\.xlsx.* 没有导入：XLSX 文件打不开，请用表格软件另存后再导入/);
    await fit(page);

    await page.goto("/admin/accounts");
    await interactive(page);
    await finds(page, "站员", 20);
    await expect(page.getByText(`共 ${MANY} 个账号`)).toBeVisible();
    await expect(rows(page).filter({ hasText: "站员01" })).toHaveCount(0);
    await fit(page);
    await page.getByRole("link", { name: "下一页" }).click();
    await expect(rows(page)).toHaveCount(MANY - 20);
    await expect(rows(page).filter({ hasText: "站员01" })).toContainText("杭州市交通运输局");
    await expect(page.getByRole("link", { name: "下一页" })).toHaveCount(0);
    await fit(page);
    await page.getByRole("link", { name: "上一页" }).click();
    await expect(rows(page)).toHaveCount(20);

    await finds(page, "zhan.13", 1);
    await expect(rows(page).first()).toContainText("139****0013");
    // A number finds its holder as a whole alone: also who had it before.
    await finds(page, "13911100007", 1);
    await expect(rows(page).first()).toContainText("站员07");
    await finds(page, "13800000001", 1);
    await expect(rows(page).first()).toContainText("赵磊");
    await finds(page, "1391110", 0);
    await expect(page.getByText("没有符合条件的账号")).toBeVisible();
    await page.goto("/admin/accounts?q=hui.");
    await interactive(page);
    await expect(page.getByText("没有符合条件的账号")).toBeVisible();
    await finds(page, "冯雪", 1);
    await expect(rows(page).first()).not.toContainText("冯雪二");
});
