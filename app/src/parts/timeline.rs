//! The way of an order: filed, its steps, its end.

use crate::parts::clock::Ago;
use crate::ui::icon::{Drawing, Icon};
use domain::view::work_order::{StepPerson, TimelineStep, WorkOrderRow};
use domain::{OrderStatus, UtcMillis, words};
use leptos::prelude::*;

/// Every step with who may decide and who decided what.
#[component]
pub fn Timeline(
    /// The order.
    row: WorkOrderRow,
    /// Its steps, in order.
    steps: Vec<TimelineStep>,
    /// When the page was read.
    now: UtcMillis,
) -> impl IntoView {
    let (status, since) = (row.status, row.since);
    let number = steps.len();
    let step = |(n, step): (usize, TimelineStep)| view! { <Step n number step since now over=status.is_over()/> };
    let end = status.is_over().then(|| view! { <End status row=row.clone()/> });
    view! {
        <ol class="timeline">
            <li class="timeline-step timeline-done">
                <span class="timeline-mark"><Icon drawing=Drawing::Live/></span>
                <p class="timeline-name">"提交申请"</p>
                <p>{row.initiator.clone()} " · " <Ago at=row.filed_at now/></p>
            </li>
            {(1..).zip(steps).map(step).collect_view()}
            {end}
        </ol>
    }
}

#[component]
fn Step(n: usize, number: usize, step: TimelineStep, since: UtcMillis, now: UtcMillis, over: bool) -> impl IntoView {
    let refused = step.decided.iter().any(|person| !person.approved);
    let done = !step.current && !step.decided.is_empty();
    let (class, drawing) = match (refused, done, step.current) {
        (true, _, _) => ("timeline-step timeline-refused", Drawing::Off),
        (false, true, _) => ("timeline-step timeline-done", Drawing::Live),
        (false, false, true) => ("timeline-step timeline-here", Drawing::Review),
        (false, false, false) => ("timeline-step", Drawing::Ring),
    };
    let who = if step.may_decide.is_empty() {
        (step.current && step.decided.is_empty()).then(|| words::NOBODY_CAN_DECIDE.to_owned())
    } else {
        Some(format!("可以审批：{}", step.may_decide.join("、")))
    };
    let person = |person: StepPerson| view! { <Decision person now/> };
    let urge = |at: UtcMillis| view! { <p class="timeline-quiet">"发起人催办 · " <Ago at now/></p> };
    view! {
        <li class=class aria-current=step.current.then_some("step")>
            <span class="timeline-mark"><Icon drawing/></span>
            <p class="timeline-name">{step.name}</p>
            <p class="timeline-quiet">{format!("第 {n}/{number} 步 · {}", step.need)}</p>
            {step.current.then(|| view! { <p>"等待审批 · " <Ago at=since now/></p> })}
            {step.decided.into_iter().map(person).collect_view()}
            {who.map(|text| view! { <p class="timeline-quiet">{text}</p> })}
            {(over && !done && !refused).then(|| view! { <p class="timeline-quiet">"没有走到这一步"</p> })}
            {step.urged_at.into_iter().map(urge).collect_view()}
        </li>
    }
}

#[component]
fn Decision(person: StepPerson, now: UtcMillis) -> impl IntoView {
    let word = if person.approved { "同意" } else { "拒绝" };
    view! {
        <p>{person.name} " " {word} " · " <Ago at=person.at now/></p>
        {(!person.comment.is_empty()).then(|| view! { <blockquote class="timeline-said">{person.comment}</blockquote> })}
    }
}

#[component]
fn End(status: OrderStatus, row: WorkOrderRow) -> impl IntoView {
    let class = match status {
        OrderStatus::Approved => "timeline-step timeline-done",
        OrderStatus::Refused => "timeline-step timeline-refused",
        OrderStatus::Withdrawn | OrderStatus::InReview => "timeline-step",
    };
    let drawing = if status == OrderStatus::Approved { Drawing::Live } else { Drawing::Off };
    view! {
        <li class=class>
            <span class="timeline-mark"><Icon drawing/></span>
            <p class="timeline-name">{words::order_status(status)}</p>
            <p><time datetime=row.since.datetime()>{row.since.local_text()}</time></p>
        </li>
    }
}
