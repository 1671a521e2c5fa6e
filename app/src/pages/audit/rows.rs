//! The events: a line each, which opens on what was before and after and on its place in the chain.

use super::address;
use domain::query::AuditQuery;
use domain::view::audit::{AuditChange, AuditRow};
use domain::words;
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub(super) fn Rows(rows: Vec<AuditRow>, query: AuditQuery) -> impl IntoView {
    // The heads stand above columns of a list: each line names its parts for who does not see them.
    view! {
        <div class="audit">
            <div class="audit-line audit-head" aria-hidden="true">
                <span>"时间"</span>
                <span>"人员"</span>
                <span>"动作"</span>
                <span>"对象"</span>
                <span>"结果"</span>
            </div>
            <ol class="audit-rows">{rows.into_iter().map(|row| view! { <Row row query=query.clone()/> }).collect_view()}</ol>
        </div>
    }
}

#[component]
fn Row(row: AuditRow, query: AuditQuery) -> impl IntoView {
    let chip = if row.done { "audit-done" } else { "state-chip state-chip-refused" };
    let object = if row.object.is_empty() { "—".to_owned() } else { row.object.clone() };
    let from = if row.address.is_empty() { "平台内部".to_owned() } else { row.address.clone() };
    view! {
        <li>
            <details class="audit-one">
                <summary class="audit-line">
                    <time class="audit-time" datetime=row.at.rfc3339()>{row.at.second_text()}</time>
                    <span class="audit-who">
                        <Named word="人员"/>
                        {row.who.clone()}
                        <span class="audit-second">{from}</span>
                    </span>
                    <span class="audit-what"><Named word="动作"/>{row.word.clone()}</span>
                    <span class="audit-object">
                        <Named word="对象"/>
                        {object}
                        <span class="audit-second">{row.kind.clone()}</span>
                    </span>
                    <span class="audit-result">
                        <Named word="结果"/>
                        <span class=chip>{words::audit_result(row.done)}</span>
                    </span>
                </summary>
                <Explained row query/>
            </details>
        </li>
    }
}

/// What a column is, for who does not see its head.
#[component]
fn Named(word: &'static str) -> impl IntoView {
    view! { <span class="visually-hidden">{word}"："</span> }
}

#[component]
fn Explained(row: AuditRow, query: AuditQuery) -> impl IntoView {
    let AuditRow { changes, facts, path, .. } = row;
    let fact = |(name, value): (String, String)| view! { <dt>{name}</dt> <dd class="audit-text">{value}</dd> };
    let who = if row.account.is_empty() { row.who.clone() } else { row.account.clone() };
    let only = |query: AuditQuery, word: &'static str| {
        let whole = query.whole();
        view! { <A href=address(&whole) attr:class="button">{word}</A> }
    };
    let object = (!row.object_key.is_empty())
        .then(|| only(AuditQuery { object: row.object_key.clone(), ..query.clone() }, "只看这个对象"));
    view! {
        <div class="audit-more">
            {(!changes.is_empty()).then(|| view! { <Changes changes/> })}
            <dl class="facts facts-plain">
                {facts.into_iter().map(fact).collect_view()}
                <dt>"账号"</dt>
                <dd>{if row.account.is_empty() { "—".to_owned() } else { row.account.clone() }}</dd>
                <dt>"请求编号"</dt>
                <dd><code>{row.request_id}</code></dd>
                <dt>"链上编号"</dt>
                <dd>{row.seq}</dd>
                <dt>"哈希"</dt>
                <dd><code>{row.hash}</code></dd>
            </dl>
            <p class="page-ways">
                {only(AuditQuery { who, ..query.clone() }, "只看此人")}
                {object}
                {only(AuditQuery { action: row.action, ..query.clone() }, "只看这个动作")}
                {(!path.is_empty()).then(|| view! { <A href=path attr:class="button">"打开"</A> })}
            </p>
        </div>
    }
}

#[component]
fn Changes(changes: Vec<AuditChange>) -> impl IntoView {
    let row = |change: AuditChange| {
        view! {
            <tr>
                <th scope="row">{change.name}</th>
                <td data-label="变更前" class="comparison-before">{change.before}</td>
                <td data-label="变更后">{change.after}</td>
            </tr>
        }
    };
    view! {
        <table class="table comparison">
            <thead>
                <tr><th scope="col">"内容"</th><th scope="col">"变更前"</th><th scope="col">"变更后"</th></tr>
            </thead>
            <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
