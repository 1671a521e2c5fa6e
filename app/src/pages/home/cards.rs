//! 等你处理, 你在等, 最近上线.

use crate::api::publication::list_path;
use crate::api::session::Current;
use crate::api::work_order::order_page;
use crate::parts::clock::Ago;
use crate::parts::counts::up_to_999;
use crate::parts::more::{detail_page, page_of};
use crate::parts::order_chip::OrderChip;
use crate::parts::session::may;
use crate::parts::state_chip::StateChip;
use crate::parts::turn::Turn;
use domain::view::home::{HomeCards, HomePublication, LiveCard};
use domain::view::work_order::WorkOrderRow;
use domain::{Role, Side, UtcMillis, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The three lists; the last two only where there is something in them.
#[component]
pub(super) fn CardsView(current: Current, cards: HomeCards) -> impl IntoView {
    let now = cards.now;
    let looks = if may(&current, Role::Staff) { Role::Staff } else { Role::Developer };
    let (waiting, live) = (cards.waiting, cards.live);
    let more = |total: i64, shown: usize| usize::try_from(total).is_ok_and(|total| total > shown);
    let more_of_waiting = more(waiting.total, waiting.rows.len()) && looks == Role::Staff;
    let waits = |card: HomePublication| view! { <Waits card now looks/> };
    let went = |card: LiveCard| view! { <Live card now/> };
    view! {
        <Yours orders=cards.orders.rows yours=cards.yours.rows total=cards.orders.total + cards.yours.total looks now/>
        {(!waiting.rows.is_empty())
            .then(|| {
                view! {
                    <section class="todo" aria-labelledby="waiting">
                        <Head id="waiting" word="你在等" total=waiting.total/>
                        <ul class="todo-list">{waiting.rows.into_iter().map(waits).collect_view()}</ul>
                        {more_of_waiting.then(|| view! { <p><A href=list_path(Side::Service)>"查看全部"</A></p> })}
                    </section>
                }
            })}
        {(!live.rows.is_empty())
            .then(|| {
                view! {
                    <section class="todo" aria-labelledby="live">
                        <Head id="live" word="最近上线" total=live.total/>
                        <ul class="todo-list">{live.rows.into_iter().map(went).collect_view()}</ul>
                    </section>
                }
            })}
    }
}

#[component]
fn Head(id: &'static str, word: &'static str, total: i64) -> impl IntoView {
    view! { <h2 id=id>{word} " " <span class="todo-count">{up_to_999(total)}</span></h2> }
}

/// Publications and orders in one list, the oldest first.
#[component]
fn Yours(
    orders: Vec<WorkOrderRow>,
    yours: Vec<HomePublication>,
    total: i64,
    looks: Role,
    now: UtcMillis,
) -> impl IntoView {
    if total == 0 {
        return view! {
            <section class="todo" aria-labelledby="yours">
                <h2 id="yours">"等你处理"</h2>
                <div class="empty"><p>"没有等你处理的事"</p></div>
            </section>
        }
        .into_any();
    }
    let mut rows: Vec<(UtcMillis, AnyView)> = Vec::new();
    let more_orders = !orders.is_empty();
    rows.extend(orders.into_iter().map(|row| (row.since, view! { <OrderCard row now/> }.into_any())));
    rows.extend(yours.into_iter().map(|card| (card.row.turn_since, view! { <PublicationCard card now/> }.into_any())));
    rows.sort_by_key(|(since, _)| *since);
    let shown = rows.len();
    let more = usize::try_from(total).is_ok_and(|total| total > shown);
    let all = match (more_orders, looks) {
        (true, _) => Some("/orders/waiting"),
        (false, Role::Staff) => Some(list_path(Side::Service)),
        _ => None,
    };
    view! {
        <section class="todo" aria-labelledby="yours">
            <Head id="yours" word="等你处理" total/>
            <ul class="todo-list">{rows.into_iter().map(|(_, row)| row).collect_view()}</ul>
            {all.filter(|_| more).map(|href| view! { <p><A href=href>"查看全部"</A></p> })}
        </section>
    }
    .into_any()
}

/// A publication whose turn is the viewer's, with the button to do it.
#[component]
fn PublicationCard(card: HomePublication, now: UtcMillis) -> impl IntoView {
    let row = card.row;
    let name = row.name.clone();
    let first = row.menu.possible.iter().find_map(|action| Some((*action, page_of(row.id, *action)?)));
    let (word, href) = match first {
        Some((action, href)) => (words::menu_item(action), href),
        None => ("查看", detail_page(row.id)),
    };
    view! {
        <li class="todo-row">
            <img src=format!("/icon/{}", row.icon) width="32" height="32" alt="" loading="lazy" class="named-icon"/>
            <div class="todo-what">
                <A href=detail_page(row.id)>{row.name}</A>
                <span class="todo-quiet">{words::side(card.side)} " · " <Ago at=row.turn_since now/></span>
            </div>
            <StateChip state=row.state rollout=row.rollout/>
            <A href=href attr:class="button button-main todo-do">
                {word} " " <span class="visually-hidden">{format!("：{name}")}</span>
            </A>
        </li>
    }
}

#[component]
fn OrderCard(row: WorkOrderRow, now: UtcMillis) -> impl IntoView {
    let what = format!("{}：{}", words::order_kind(row.kind), row.name);
    let said = what.clone();
    view! {
        <li class="todo-row">
            <div class="todo-what">
                <A href=order_page(row.id)>{what}</A>
                <span class="todo-quiet">{row.department} " · " {row.initiator} " · " <Ago at=row.since now/></span>
            </div>
            <OrderChip status=row.status/>
            <A href=order_page(row.id) attr:class="button button-main todo-do">
                "审批 " <span class="visually-hidden">{format!("：{said}")}</span>
            </A>
        </li>
    }
}

/// A publication whose turn is somebody else's.
#[component]
fn Waits(card: HomePublication, now: UtcMillis, looks: Role) -> impl IntoView {
    let row = card.row;
    let name = row.name.clone();
    let order = row.order.filter(|_| looks == Role::Staff);
    view! {
        <li class="todo-row">
            <img src=format!("/icon/{}", row.icon) width="32" height="32" alt="" loading="lazy" class="named-icon"/>
            <div class="todo-what">
                <A href=detail_page(row.id)>{row.name}</A>
                <span class="todo-quiet"><Turn turn=row.turn since=row.turn_since now looks/></span>
            </div>
            <StateChip state=row.state/>
            {order
                .map(|order| {
                    view! {
                        <A href=order_page(order) attr:class="button todo-do">
                            "工单 " <span class="visually-hidden">{format!("：{name}")}</span>
                        </A>
                    }
                })}
        </li>
    }
}

#[component]
fn Live(card: LiveCard, now: UtcMillis) -> impl IntoView {
    view! {
        <li class="todo-row">
            <img src=format!("/icon/{}", card.icon) width="32" height="32" alt="" loading="lazy" class="named-icon"/>
            <div class="todo-what">
                <A href=detail_page(card.id)>{card.name}</A>
                <span class="todo-quiet">{words::side(card.side)} " · " <Ago at=card.at now/></span>
            </div>
        </li>
    }
}
