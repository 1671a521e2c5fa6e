//! 数据导入: a file, and what came of each of its rows.

use crate::api::ApiError;
use crate::api::import::{import_last_report, import_page};
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::session::{SessionContext, may};
use crate::ui::drawn::drawn;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::import::{ImportKind, ROWS_MOST};
use domain::view::import::{ImportLine, ImportOutcome, ImportReport};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The import of the address's kind.
pub struct ImportPage {
    report: Read<Result<(ImportKind, Option<ImportReport>), ApiError>>,
}

impl Page for ImportPage {
    fn data() -> Self {
        let params = use_params_map();
        // Without one, the first that a new site needs.
        let kind = Memo::new(move |_| {
            params.with(|map| map.get("kind").map_or(Some(ImportKind::Departments), |id| ImportKind::from_id(&id)))
        });
        let report = ask(
            move || kind.get(),
            |kind| async move {
                let kind = kind.ok_or(ApiError::NotFound)?;
                Ok((kind, import_last_report(kind).await?))
            },
        );
        Self { report }
    }

    fn view(this: Self) -> AnyView {
        let report = this.report;
        let draw = |(kind, report): (ImportKind, Option<ImportReport>)| {
            view! {
                <PageTitle text=format!("导入{}", kind.word())/>
                <Kinds kind/>
                <Form kind/>
                {report.map(|report| view! { <Report kind report/> })}
            }
            .into_any()
        };
        view! {
            <Gate roles=&[Role::SystemAdministrator, Role::SecurityAdministrator]>
                <Loaded data=report draw/>
            </Gate>
        }
        .into_any()
    }
}

/// The ways to the other kinds that the person imports.
#[component]
fn Kinds(kind: ImportKind) -> impl IntoView {
    let tabs = move || {
        Suspend::new(async move {
            let current = SessionContext::current_of_page().await;
            let theirs: Vec<_> = ImportKind::ALL.into_iter().filter(|kind| may(&current, kind.role())).collect();
            let several = theirs.len() > 1;
            let tab = move |of: ImportKind| {
                let here = (kind == of).then_some("true");
                view! { <li><a href=import_page(of) class="tab" aria-current=here>{of.word()}</a></li> }
            };
            several.then(|| {
                view! {
                    <nav aria-label="导入什么">
                        <ul class="tabs">{theirs.into_iter().map(tab).collect_view()}</ul>
                    </nav>
                }
            })
        })
    };
    view! { <Suspense>{drawn(tabs)}</Suspense> }
}

/// Sent as it is, with or without scripts: the answer is this page with the report.
#[component]
fn Form(kind: ImportKind) -> impl IntoView {
    let template = format!("/{}-template.csv", kind.id());
    view! {
        <form method="post" action=format!("/import/{}", kind.id()) enctype="multipart/form-data" class="card">
            <p>
                "CSV 或 XLSX，第一行是表头：" {kind.headings().join("、")}
                {format!("。一次最多 {ROWS_MOST} 行、5 MB。")}
            </p>
            <p class="quiet">{kind.hint()} {kind.effect()}</p>
            <div class="field">
                <label for="file">"文件"</label>
                <input id="file" type="file" name="file" required=true accept=".csv,.xlsx"/>
            </div>
            <div class="form-foot form-foot-plain">
                <a href=template download=format!("{}模板.csv", kind.word()) class="button" rel="external">"下载模板"</a>
                <button type="submit" class="button button-main">"导入"</button>
            </div>
        </form>
    }
}

/// Of a row's key and its second column, first what people know it by: most keys are numbers, or accounts.
fn as_known<T>(kind: ImportKind, [key, name]: [T; 2]) -> [T; 2] {
    match kind {
        ImportKind::Systems | ImportKind::Roles => [key, name],
        ImportKind::Departments | ImportKind::Accounts | ImportKind::Routes | ImportKind::Stock => [name, key],
    }
}

/// These come first: of 5,000 rows nobody finds the three that were not taken over.
const fn is_to_mend(outcome: ImportOutcome) -> bool {
    matches!(outcome, ImportOutcome::Refused | ImportOutcome::Kept)
}

#[component]
fn Report(kind: ImportKind, report: ImportReport) -> AnyView {
    let head = format!("{}（{}）", report.file, report.at.local_text());
    if let Some(why) = report.failed {
        return view! {
            <p class="notice notice-danger" role="alert">{format!("{head} 没有导入：{why}")}</p>
        }
        .into_any();
    }
    let counts = ImportOutcome::ALL.into_iter().zip(report.counts);
    let count = |(outcome, n): (ImportOutcome, usize)| view! { <div><dt>{outcome.word()}</dt><dd>{n}</dd></div> };
    let row = move |line: ImportLine| {
        let [first, second] = as_known(kind, [line.key, line.name]);
        let is_refused = line.outcome == ImportOutcome::Refused;
        view! {
            <tr>
                <td data-label="行">{line.line}</td>
                <th scope="row">{first} <span class="table-second">{second}</span></th>
                <td data-label="结果">
                    <span class=is_refused.then_some("state-chip state-chip-refused")>{line.outcome.word()}</span>
                </td>
                <td data-label="说明">{if line.why.is_empty() { "—".to_owned() } else { line.why }}</td>
            </tr>
        }
    };
    let headings = kind.headings();
    let named = as_known(kind, [0, 1].map(|at| headings.get(at).copied().unwrap_or_default())).join(" / ");
    let mut lines = report.lines;
    lines.sort_by_key(|line| !is_to_mend(line.outcome));
    view! {
        <section class="card" aria-labelledby="report">
            <h2 id="report">"上次导入：" {head}</h2>
            <dl class="import-counts">{counts.map(count).collect_view()}</dl>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"行"</th>
                        <th scope="col">{named}</th>
                        <th scope="col">"结果"</th>
                        <th scope="col">"说明"</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}
