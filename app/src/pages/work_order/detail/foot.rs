//! What the viewer can do with the order, always in reach.

use super::desk::{Desk, Sent};
use crate::api::work_order::{Deed, WorkOrderUrge, order_page};
use crate::ui::dialog::open;
use domain::view::work_order::WorkOrderDetail;
use domain::{Action, Offer, OrderId, words};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

/// 拒绝 and 同意; or 催办 and 撤回申请; or the way to the next order.
#[component]
pub(super) fn Foot(detail: WorkOrderDetail, desk: Desk) -> impl IntoView {
    let id = detail.row.id;
    // The question stands in the page, with buttons of its own.
    if desk.asked().is_some_and(|deed| action_of(deed).is_some_and(|action| can(&detail, action))) {
        return ().into_any();
    }
    let ask = |deed: Deed, action: Action, class: &'static str| {
        let word = words::action(action);
        can(&detail, action).then(|| view! { <Ask id desk deed word class/> })
    };
    let decides = can(&detail, Action::Approve) || can(&detail, Action::Refuse);
    let refuse = ask(Deed::Refuse, Action::Refuse, "button");
    let approve = ask(Deed::Approve, Action::Approve, "button button-main");
    let withdraw = ask(Deed::Withdraw, Action::Withdraw, "button");
    let urge = detail
        .urge_wait_ms
        .map(|wait_ms| view! { <Urge id seen=detail.row.version key=detail.urge_key wait_ms desk/> });
    let next = detail.next.filter(|_| !decides).map(|(next, name)| view! { <Next id next name desk/> });
    if [refuse.is_some(), approve.is_some(), withdraw.is_some(), urge.is_some(), next.is_some()] == [false; 5] {
        return ().into_any();
    }
    view! { <footer class="order-foot">{refuse} {approve} {withdraw} {urge} {next}</footer> }.into_any()
}

/// Whether the viewer may do it now.
pub(super) fn can(detail: &WorkOrderDetail, action: Action) -> bool {
    detail.offers.iter().any(|(other, offer)| *other == action && *offer == Offer::Possible)
}

const fn action_of(deed: Deed) -> Option<Action> {
    match deed {
        Deed::Approve => Some(Action::Approve),
        Deed::Refuse => Some(Action::Refuse),
        Deed::Withdraw => Some(Action::Withdraw),
        Deed::Urge => None,
    }
}

/// What every form of the page sends.
#[component]
pub(super) fn Hidden(id: OrderId, seen: i64, key: Uuid) -> impl IntoView {
    view! {
        <input type="hidden" name="id" value=id.0.to_string()/>
        <input type="hidden" name="seen" value=seen.to_string()/>
        <input type="hidden" name="key" value=key.to_string()/>
    }
}

/// A button that asks first: over the page, or without scripts in the page that comes.
#[component]
fn Ask(id: OrderId, desk: Desk, deed: Deed, word: &'static str, class: &'static str) -> impl IntoView {
    let asked = move |event: web_sys::SubmitEvent| {
        if open(desk.dialog(deed)) {
            event.prevent_default();
        }
    };
    view! {
        <form method="get" action=order_page(id) on:submit=asked>
            <button type="submit" name="ask" value=deed.id() class=class>{word}</button>
        </form>
    }
}

#[component]
fn Urge(id: OrderId, seen: i64, key: Uuid, wait_ms: i64, desk: Desk) -> impl IntoView {
    if wait_ms > 0 {
        let minutes = (wait_ms + 59_999) / 60_000;
        return view! { <span class="order-wait">{format!("{minutes} 分钟后可再次催办")}</span> }.into_any();
    }
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        desk.send(Sent { deed: Deed::Urge, id, seen, key, text: String::new() });
    };
    view! {
        <form method="post" action=WorkOrderUrge::url() on:submit=send>
            <Hidden id seen key/>
            <button type="submit" class="button button-main" disabled=desk.pending()>{words::URGE}</button>
        </form>
    }
    .into_any()
}

/// The next order that waits: after a decision it has the focus, one key away.
#[component]
fn Next(id: OrderId, next: OrderId, name: String, desk: Desk) -> impl IntoView {
    let link = NodeRef::<html::A>::new();
    Effect::new(move |_| {
        if let Some(link) = link.get()
            && desk.latest(id).is_some()
        {
            let _ = link.focus();
        }
    });
    view! { <a node_ref=link href=order_page(next) class="button button-main order-next">"下一个待审批：" {name}</a> }
}
