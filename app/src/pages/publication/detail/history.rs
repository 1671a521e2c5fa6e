//! 历史: everything that happened, by whom, what was before and after, and of which version. Its filters are in the address.

use crate::api::work_order::order_page;
use crate::pages::publication::detail::tables::When;
use crate::parts::comparison::Comparison;
use crate::parts::counts::up_to_999;
use crate::parts::more::detail_page;
use crate::parts::state_chip::StateChip;
use crate::ui::query_form::{self, QueryForm};
use crate::ui::select::Choice;
use domain::query::{From, HistoryQuery};
use domain::view::history::{HistoryPage, HistoryRow};
use domain::{Action, PublicationId, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;

/// The tab's address with these parameters.
fn address(id: PublicationId, query: &HistoryQuery) -> String {
    let mut parameters = vec![("tab", "history".to_owned())];
    parameters.extend(query.parameters());
    query_form::address(&detail_page(id), &parameters)
}

/// 事项 and 经办人.
#[component]
pub(super) fn HistoryFilters(id: PublicationId, query: Memo<HistoryQuery>) -> impl IntoView {
    let who = move || query.with(|query| query.who.clone());
    let action = move || query.with(|query| query.action.map(|action| action.id().to_owned()).unwrap_or_default());
    let actions =
        Action::ALL.iter().map(|action| (action.id().to_owned(), words::action(*action).to_owned())).collect();
    let file = move |ending: &str| {
        let whole = query.with(|query| HistoryQuery { from: From::Start, ..query.clone() });
        query_form::address(&format!("{}/history/{ending}", detail_page(id)), &whole.parameters())
    };
    view! {
        <QueryForm action=detail_page(id)>
            <input type="hidden" name="tab" value="history"/>
            <Choice name="action" label="事项" options=actions chosen=action/>
            <div class="field">
                <label for="who">"经办人"</label>
                <input
                    id="who"
                    name="who"
                    type="search"
                    class="field-input"
                    autocomplete="off"
                    value=who
                    prop:value=who
                />
            </div>
            <button type="submit" class="button">"查询"</button>
            <A href=address(id, &HistoryQuery::default()) attr:class="button">"重置"</A>
            <span class="filter-end">
                <a href=move || file("csv") class="button" download rel="external">"导出 CSV"</a>
                <a href=move || file("xlsx") class="button" download rel="external">"导出 XLSX"</a>
            </span>
        </QueryForm>
    }
}

/// A page of it.
#[component]
pub(super) fn History(id: PublicationId, query: HistoryQuery, page: HistoryPage) -> impl IntoView {
    if page.rows.is_empty() {
        let text = if query.is_filtered() { "没有符合条件的记录" } else { "没有更多的记录" };
        return Either::Left(view! {
            <div class="empty">
                <p>{text}</p>
                <A href=address(id, &HistoryQuery::default()) attr:class="button">"看全部记录"</A>
            </div>
        });
    }
    let to = |from: From| address(id, &HistoryQuery { from, ..query.clone() });
    let (newer, older) = (page.newer.map(|key| to(From::After(key))), page.older.map(|key| to(From::Before(key))));
    Either::Right(view! {
        <ol class="card history">{page.rows.into_iter().map(line).collect_view()}</ol>
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {} 条", up_to_999(page.total))}</span>
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    })
}

fn line(line: HistoryRow) -> impl IntoView {
    let who = if line.who.is_empty() { "系统".to_owned() } else { line.who };
    let moved = line.moved.map(|(from, to)| {
        view! {
            <span class="history-moved">
                {from.map(|from| view! {
                    <span class="quiet">{words::state(from)}</span>
                    <span aria-hidden="true">"→"</span>
                    <span class="visually-hidden">"变为"</span>
                })}
                <StateChip state=to/>
            </span>
        }
    });
    let (version, reason) = (line.version, line.reason);
    view! {
        <li class="history-one">
            <When at=line.at/>
            <div class="history-what">
                <p class="history-line">
                    <span>{who} " " <strong>{line.word}</strong></span>
                    {(!version.is_empty()).then(|| view! { <span class="quiet">{format!("版本 {version}")}</span> })}
                    {moved}
                    {line.order.map(|order| view! { <A href=order_page(order)>"查看工单"</A> })}
                </p>
                {(!reason.is_empty()).then(|| view! { <p class="quiet">{format!("原因：{reason}")}</p> })}
                {(!line.changes.is_empty()).then(|| view! {
                    <details>
                        <summary>{format!("变更前后（{} 项）", line.changes.len())}</summary>
                        <Comparison changes=line.changes/>
                    </details>
                })}
            </div>
        </li>
    }
}
