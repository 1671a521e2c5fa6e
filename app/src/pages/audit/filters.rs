//! 人员, 对象, 动作, 时间, 结果: a form whose answer is an address; and the files of what it finds.

use crate::api::audit::AUDIT_PAGE;
use crate::ui::query_form::{self, QueryForm};
use crate::ui::select::{Choice, Options};
use domain::query::AuditQuery;
use domain::time::Date;
use domain::words;
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub(super) fn Filters(query: Memo<AuditQuery>) -> impl IntoView {
    let options = |of: &[(&str, &str)]| -> Options {
        of.iter().map(|(id, word)| ((*id).to_owned(), (*word).to_owned())).collect()
    };
    let results = [true, false].map(|done| {
        let id = if done { "done" } else { "refused" };
        (id, words::audit_result(done))
    });
    let action = move || query.with(|query| query.action.clone());
    let kind = move || query.with(|query| query.kind.clone());
    let result =
        move || query.with(|query| query.done.map(|done| results[usize::from(!done)].0.to_owned()).unwrap_or_default());
    let file = move |ending: &str| {
        query_form::address(&format!("{AUDIT_PAGE}/export/{ending}"), &query.with(AuditQuery::whole).parameters())
    };
    let day = |of: Option<Date>| of.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <QueryForm action=AUDIT_PAGE>
            <Typed name="who" label="人员" hint="姓名或账号" value=move || query.with(|query| query.who.clone())/>
            <Choice name="kind" label="对象类型" options=options(words::AUDIT_OBJECTS) chosen=kind/>
            <Typed
                name="object"
                label="对象"
                hint="名称、服务ID 或编号"
                value=move || query.with(|query| query.object.clone())
            />
            <Choice name="action" label="动作" options=options(words::AUDIT_ACTIONS) chosen=action/>
            <Choice name="result" label="结果" options=options(&results) chosen=result/>
            <Day name="since" label="从" value=move || query.with(|query| day(query.since))/>
            <Day name="until" label="到" value=move || query.with(|query| day(query.until))/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href=AUDIT_PAGE attr:class="button">"重置"</A>
            <span class="filter-end">
                <a
                    href=move || file("csv")
                    class="button"
                    download
                    rel="external"
                    title="最多导出最新的 10,000 条"
                    aria-describedby="export-most"
                >
                    "导出 CSV"
                </a>
                <a
                    href=move || file("xlsx")
                    class="button"
                    download
                    rel="external"
                    title="最多导出最新的 10,000 条"
                    aria-describedby="export-most"
                >
                    "导出 XLSX"
                </a>
            </span>
            <p id="export-most" class="visually-hidden">"导出筛选出的全部页，最多最新的 10,000 条"</p>
        </QueryForm>
    }
}

#[component]
fn Typed(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type="search"
                class="field-input"
                autocomplete="off"
                placeholder=hint
                value=value
                prop:value=value
            />
        </div>
    }
}

#[component]
fn Day(
    name: &'static str,
    label: &'static str,
    value: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <div class="field audit-day">
            <label for=name>{label}</label>
            <input id=name name=name type="date" class="field-input" value=value prop:value=value/>
        </div>
    }
}
