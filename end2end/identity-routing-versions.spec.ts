// identity.md, The three administrators: the versions of the rules; more of them than a page has.
import { expect, interactive, ownSite, signIn, test } from "./support/test.ts";

// The many versions of this site are for this file alone.
test.use({ server: ownSite() });

test("翻看变更记录不丢写好的规则，打开旧版本留在那一页，再翻页旧版本还开着", async ({ page }) => {
    await signIn(page, "褚强", "/admin/routing");
    await page.evaluate(async () => {
        const form = document.querySelector<HTMLFormElement>("form[action$='/routing/change']");
        if (!form) throw new Error("there is no form");
        const typed = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
        const seen = Number(typed.get("seen"));
        for (let n = 0; n < 21; n += 1) {
            // What is as it was makes no version.
            typed.set("draft[takes][0]", typed.get("draft[takes][0]") === "first" ? "whole" : "first");
            typed.set("seen", String(seen + n));
            const answer = await fetch(form.action, { method: "POST", body: typed });
            if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
        }
    });
    await page.reload();
    await interactive(page);
    const oldest = page.getByRole("row").filter({ hasText: "系统默认" });
    await expect(oldest).toHaveCount(0);
    // The line for one more rule: the others are folded.
    const order = page.getByRole("group", { name: /^第 \d+ 条规则$/ }).first().getByLabel("顺序");
    await order.fill("7");
    await page.getByRole("link", { name: "更早的" }).click();
    await expect(page).toHaveURL(/\/admin\/routing\?before=\d+#changes$/);
    await expect(oldest).toBeVisible();
    await expect(order).toHaveValue("7");

    const opened = page.getByText("下面是系统默认的规则");
    await oldest.getByRole("link").click();
    await expect(page).toHaveURL(/\?version=0&before=\d+$/);
    await expect(opened).toBeVisible();
    await expect(oldest).toBeVisible();
    await page.getByRole("link", { name: "较新的" }).click();
    await expect(page).toHaveURL(/\?version=0&before=\d+#changes$/);
    await expect(oldest).toHaveCount(0);
    await expect(opened).toBeVisible();
});
