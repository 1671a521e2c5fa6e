//! 导入存量应用, for the system administrator: a file, and what came of each of its rows.

use crate::api::ApiError;
use crate::api::stock::{STOCK_PAGE, stock_last_report};
use crate::pages::Page;
use crate::parts::crumbs::Crumbs;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::stock::import::{HEADINGS, ROWS_MOST};
use domain::view::stock::{ImportLine, ImportOutcome, ImportReport};
use leptos::prelude::*;
use leptos_router::components::A;

/// The import.
pub struct StockImportPage(Read<Result<Option<ImportReport>, ApiError>>);

impl Page for StockImportPage {
    fn data() -> Self {
        Self(ask(|| (), |()| stock_last_report()))
    }

    fn view(this: Self) -> AnyView {
        let draw = |report: Option<ImportReport>| match report {
            Some(report) => view! { <Report report/> }.into_any(),
            None => ().into_any(),
        };
        let data = this.0;
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <Crumbs above=vec![("/stock".to_owned(), "存量应用".to_owned())]/>
                <PageTitle text="导入存量应用"/>
                <Form/>
                <Loaded data=data part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

/// Sent as it is, with or without scripts: the answer is this page with the report.
#[component]
fn Form() -> impl IntoView {
    view! {
        <form method="post" action="/stock/import" enctype="multipart/form-data" class="card">
            <p>
                "CSV 或 XLSX，第一行是表头：" {HEADINGS.join("、")}
                {format!("。一次最多 {ROWS_MOST} 行、5 MB。")}
            </p>
            <p class="quiet">
                "按原应用ID新增或更新；已关联和关联审核中的不变；状态在原平台还没有办结的行不导入。能导入的行一起生效，其余的行写明原因。"
            </p>
            <div class="field">
                <label for="file">"文件"</label>
                <input id="file" type="file" name="file" required=true accept=".csv,.xlsx"/>
            </div>
            <div class="form-foot form-foot-plain">
                <A href=STOCK_PAGE attr:class="button">"返回"</A>
                <a href="/stock-template.csv" download="存量应用模板.csv" class="button">"下载模板"</a>
                <button type="submit" class="button button-main">"导入"</button>
            </div>
        </form>
    }
}

#[component]
fn Report(report: ImportReport) -> AnyView {
    let head = format!("{}（{}）", report.file, report.at.local_text());
    if let Some(why) = report.failed {
        return view! {
            <p class="notice notice-danger" role="alert">{format!("{head} 没有导入：{why}")}</p>
        }
        .into_any();
    }
    let counts = ImportOutcome::ALL.into_iter().zip(report.counts);
    let count = |(outcome, n): (ImportOutcome, usize)| view! { <div><dt>{outcome.word()}</dt><dd>{n}</dd></div> };
    let row = |line: ImportLine| {
        view! {
            <tr>
                <td data-label="行">{line.line}</td>
                <th scope="row">{line.name} <span class="table-second">{line.original_id}</span></th>
                <td data-label="结果">{line.outcome.word()}</td>
                <td data-label="说明">{if line.why.is_empty() { "—".to_owned() } else { line.why }}</td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="report">
            <h2 id="report">"上次导入：" {head}</h2>
            <dl class="stock-counts">{counts.map(count).collect_view()}</dl>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"行"</th>
                        <th scope="col">"名称 / 原应用ID"</th>
                        <th scope="col">"结果"</th>
                        <th scope="col">"说明"</th>
                    </tr>
                </thead>
                <tbody>{report.lines.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}
