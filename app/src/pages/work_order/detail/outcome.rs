//! What came of a deed; of an order that is over, how it ended.

use super::desk::Desk;
use crate::api::ApiError;
use crate::api::work_order::{Came, Deed, Problem};
use crate::parts::focus::is_nowhere;
use domain::view::work_order::WorkOrderDetail;
use domain::work_order::UrgeRefusal;
use domain::{Action, Offer, OrderStatus, words};
use leptos::html;
use leptos::prelude::*;

/// A notice below the heading.
#[component]
pub(super) fn Outcome(detail: WorkOrderDetail, desk: Desk) -> impl IntoView {
    let id = detail.row.id;
    let notice = move || {
        let said = match desk.latest(id) {
            Some((deed, Ok(()))) => Some(Said::Well(done(deed, &detail))),
            Some((deed, Err(error))) => desk.wrong(id, deed).is_none().then(|| Said::Ill(error.to_string())),
            None => desk.came().and_then(|came| of_address(came, &detail)),
        };
        match said.or_else(|| ended(&detail)) {
            None => ().into_any(),
            Some(Said::Well(text)) => view! { <p class="notice notice-success" role="status">{text}</p> }.into_any(),
            Some(Said::Plain(text)) => view! { <p class="notice">{text}</p> }.into_any(),
            Some(Said::Refused(text)) => view! { <p class="notice notice-danger">{text}</p> }.into_any(),
            Some(Said::Ill(text)) => view! { <p class="notice notice-danger" role="alert">{text}</p> }.into_any(),
        }
    };
    // Over, or not: a page that answers a press is not drawn anew, so the live region is there before the words are.
    // Who pressed at the foot of a long page sees the answer, and goes on from there.
    let place = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let answered = desk.latest(id).is_some_and(|(deed, outcome)| outcome.is_ok() || desk.wrong(id, deed).is_none());
        if answered && before != Some(true) {
            request_animation_frame(move || {
                // The page may have been drawn anew by now.
                let Some(place) = place.try_get_untracked().flatten() else { return };
                // The way to the next order may have taken the focus.
                if is_nowhere() {
                    let _ = place.focus();
                } else {
                    place.scroll_into_view();
                }
            });
        }
        answered
    });
    view! { <div node_ref=place class="order-outcome" tabindex="-1">{notice}</div> }
}

enum Said {
    Well(String),
    Plain(String),
    Refused(String),
    Ill(String),
}

fn done(deed: Deed, detail: &WorkOrderDetail) -> String {
    match (deed, detail.row.status) {
        (Deed::Approve, OrderStatus::Approved) => format!("已同意，「{}」的申请已通过。", detail.row.name),
        (Deed::Approve, _) => match detail.timeline.iter().find(|step| step.current) {
            Some(step) => format!("已同意，现在等待{}审批。", step.name),
            None => "已同意。".to_owned(),
        },
        (Deed::Refuse, _) => format!("已拒绝，{}会收到通知和原因。", detail.row.initiator),
        (Deed::Withdraw, _) => "已撤回申请。修改后可以再次提交。".to_owned(),
        (Deed::Urge, _) => "已催办，这一步的审核人员会收到通知。".to_owned(),
    }
}

/// A form without scripts left a code; the words are made of what the order is now.
fn of_address(came: Came, detail: &WorkOrderDetail) -> Option<Said> {
    let (deed, problem) = match came {
        Came::Done(deed) => return is_so(deed, detail).then(|| Said::Well(done(deed, detail))),
        Came::Not(deed, problem) => (deed, problem),
    };
    let text = match problem {
        // That stands in the question, beside what was typed.
        Problem::Text => return None,
        Problem::Over if detail.row.status.is_over() => {
            words::order_over(detail.row.status, &ended_by(detail), detail.row.since)
        }
        Problem::Urge => words::urge_refusal(match detail.urge_wait_ms {
            Some(wait_ms) => UrgeRefusal::TooSoon { wait_ms },
            None => UrgeRefusal::NotInReview,
        }),
        Problem::Refused => refusal(deed, detail)?,
        Problem::Over | Problem::Conflict => ApiError::Conflict.to_string(),
        Problem::Failed => "没有完成，请再试一次。".to_owned(),
    };
    Some(Said::Ill(text))
}

/// An address can be made up: what it says is only said if the order bears it out.
fn is_so(deed: Deed, detail: &WorkOrderDetail) -> bool {
    match deed {
        Deed::Approve => detail.timeline.iter().flat_map(|step| &step.decided).any(|person| person.approved),
        Deed::Refuse => detail.row.status == OrderStatus::Refused,
        Deed::Withdraw => detail.row.status == OrderStatus::Withdrawn,
        Deed::Urge => detail.urge_wait_ms.is_some_and(|wait| wait > 0),
    }
}

/// Why the rules refuse it now.
fn refusal(deed: Deed, detail: &WorkOrderDetail) -> Option<String> {
    let action = match deed {
        Deed::Approve => Action::Approve,
        Deed::Refuse => Action::Refuse,
        Deed::Withdraw => Action::Withdraw,
        Deed::Urge => return None,
    };
    detail.offers.iter().find_map(|(other, offer)| match offer {
        Offer::Refused(refusal) if *other == action => Some(refusal.sentence()),
        _ => None,
    })
}

fn ended(detail: &WorkOrderDetail) -> Option<Said> {
    let (at, by) = (detail.row.since.local_text(), ended_by(detail));
    match detail.row.status {
        OrderStatus::InReview => None,
        OrderStatus::Approved => Some(Said::Well(format!("{at} 由{by}审批通过。"))),
        OrderStatus::Withdrawn => Some(Said::Plain(format!("{at} 已撤回。"))),
        OrderStatus::Refused => {
            let last = detail.timeline.iter().flat_map(|step| &step.decided).find(|person| !person.approved);
            let reason = last.map(|person| person.comment.clone()).unwrap_or_default();
            Some(Said::Refused(format!("{at} 由{by}拒绝：{reason}")))
        }
    }
}

/// Who ended it: the last who decided, or who withdrew.
fn ended_by(detail: &WorkOrderDetail) -> String {
    let last = detail.timeline.iter().flat_map(|step| &step.decided).max_by_key(|person| person.at);
    match (detail.row.status, last) {
        (OrderStatus::Approved | OrderStatus::Refused, Some(person)) => person.name.clone(),
        _ => detail.row.initiator.clone(),
    }
}
