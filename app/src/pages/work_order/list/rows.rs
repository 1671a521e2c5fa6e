//! The tabs, the rows, and the way to the next page.

use super::address_of;
use super::batch::{Bar, Batch, HeadBox, Outcome, RowBox};
use crate::api::work_order::order_page;
use crate::parts::clock::going_on;
use crate::parts::counts::up_to_999;
use crate::parts::order_chip::OrderChip;
use domain::query::{From, PAGE_SIZES, WorkOrderQuery};
use domain::view::dashboard::OrderList;
use domain::view::work_order::{WorkOrderPage, WorkOrderRow};
use domain::{OrderStatus, UtcMillis, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;

/// 审批中 and 已完成, with how many there are.
#[component]
pub(super) fn Tabs(which: OrderList, query: WorkOrderQuery, page: WorkOrderPage) -> impl IntoView {
    let tab = |over: bool, n: i64| {
        let word = if over { words::OVER } else { words::order_status(OrderStatus::InReview) };
        let here = (query.over == over).then_some("true");
        view! {
            <li>
                <a href=address_of(which, &query.tab(over)) class="tab" aria-current=here>
                    {word} " " <span class="tab-count">{up_to_999(n)}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label="状态">
            <ul class="tabs">{tab(false, page.in_review)} {tab(true, page.over)}</ul>
        </nav>
    }
}

/// The table, or why it is empty; and the pager.
#[component]
pub(super) fn Rows(which: OrderList, query: WorkOrderQuery, page: WorkOrderPage, batch: Batch) -> impl IntoView {
    let now = page.now;
    let pager = view! { <Pager which query=query.clone() newer=page.newer older=page.older/> };
    if page.rows.is_empty() {
        return Either::Left(view! { <Empty which query/> });
    }
    let by_others = which != OrderList::Initiated;
    let decides = (!page.keys.is_empty()).then_some(batch);
    let rows = page.rows.into_iter().map(|row| view! { <Row row now by_others decides/> }).collect_view();
    Either::Right(view! {
        <table class="table">
            <thead>
                <tr>
                    {decides.map(|batch| view! { <HeadBox batch/> })}
                    <th scope="col">"服务名称"</th>
                    <th scope="col">"类型"</th>
                    {by_others.then(|| view! { <th scope="col">"申请人"</th> })}
                    <th scope="col">"状态"</th>
                    <th scope="col">"到了哪一步 · 多久"</th>
                    <th scope="col">"提交时间"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {decides.map(|batch| view! { <Bar batch/> })}
        {pager}
    })
}

#[component]
fn Row(row: WorkOrderRow, now: UtcMillis, by_others: bool, decides: Option<Batch>) -> impl IntoView {
    let (href, name) = (order_page(row.id), row.name.clone());
    let since = row.since;
    let step = if row.status.is_over() {
        Either::Left(view! { <time datetime=since.datetime()>{since.local_text()}</time> " 办结" })
    } else {
        let now = going_on(now);
        Either::Right(view! {
            {format!("第 {}/{} 步 · ", row.step, row.steps)}
            <time datetime=since.datetime() title=since.local_text()>{move || since.age_text(now())}</time>
        })
    };
    // What was just answered here for good is not offered once more.
    let open = move || decides.is_some_and(|batch| !batch.has_come(row.id));
    let word = move || if open() { "审批" } else { "查看" };
    view! {
        <tr>
            {decides.map(|batch| view! { <RowBox batch id=row.id name=row.name.clone()/> })}
            <th scope="row">
                <A href=href.clone()>{row.name}</A>
                <span class="table-second">{words::side(row.side)}</span>
                {decides.map(|batch| view! { <Outcome batch id=row.id/> })}
            </th>
            <td data-label="类型">{words::order_kind(row.kind)}</td>
            {by_others
                .then(|| {
                    view! {
                        <td data-label="申请人">
                            {row.initiator} " " <span class="table-second table-beside">{row.department}</span>
                        </td>
                    }
                })}
            <td data-label="状态"><OrderChip status=row.status nobody=row.nobody_can_decide/></td>
            <td data-label="进度">{step}</td>
            <td data-label="提交时间">
                <time datetime=row.filed_at.datetime()>{row.filed_at.local_text()}</time>
            </td>
            <td class="table-actions">
                <A href=href attr:class="button" class:button-main=open>{word} " " <span class="visually-hidden">{format!("：{name}")}</span></A>
            </td>
        </tr>
    }
}

#[component]
fn Empty(which: OrderList, query: WorkOrderQuery) -> impl IntoView {
    if query.is_filtered() {
        let clear = WorkOrderQuery { over: query.over, ..WorkOrderQuery::default() };
        return view! {
            <div class="empty">
                <p>"没有符合条件的结果"</p>
                <A href=address_of(which, &clear) attr:class="button">"清除筛选"</A>
            </div>
        }
        .into_any();
    }
    match (which, query.over) {
        (OrderList::Initiated, false) => view! {
            <div class="empty">
                <p>"这里列出你发起的、还在审批的工单，以及它们走到了哪一步。在名称列表里提交审批、信息变更或下线之后，就会出现在这里。"</p>
                <A href="/service" attr:class="button">"服务侧名称列表"</A>
            </div>
        }
        .into_any(),
        (OrderList::Initiated, true) => view! { <div class="empty"><p>"你发起的工单还没有办结的。"</p></div> }.into_any(),
        (OrderList::Waiting, false) => {
            view! { <div class="empty"><p>"没有等你审批的工单。新的到来时，导航上会显示数量。"</p></div> }.into_any()
        }
        (OrderList::Administered, _) => {
            view! { <div class="empty"><p>"这里列出你所管应用系统的工单，现在还没有。"</p></div> }.into_any()
        }
        (OrderList::All, _) => view! { <div class="empty"><p>"这里列出所有部门的工单，现在还没有。"</p></div> }.into_any(),
        (OrderList::Waiting, true) => view! { <div class="empty"><p>"你还没有审批过工单。"</p></div> }.into_any(),
    }
}

#[component]
fn Pager(which: OrderList, query: WorkOrderQuery, newer: Option<i64>, older: Option<i64>) -> impl IntoView {
    let to = |from: From| address_of(which, &WorkOrderQuery { from, ..query.clone() });
    let (newer, older) = (newer.map(|key| to(From::After(key))), older.map(|key| to(From::Before(key))));
    let size = |n: u8| {
        let href = address_of(which, &WorkOrderQuery { size: n, from: From::Start, ..query.clone() });
        let here = (n == query.size).then_some("true");
        view! { <li><a href=href class="pager-size" aria-current=here>{n}</a></li> }
    };
    view! {
        <nav class="pager" aria-label="分页">
            <span>"每页"</span>
            <ul class="pager-sizes" aria-label="每页条数">{PAGE_SIZES.map(size).collect_view()}</ul>
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}
