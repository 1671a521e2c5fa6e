//! 轮到谁了: the lifecycle as a line of steps with "you are here", whose turn it is, and what moves it on.

use crate::api::work_order::order_page;
use crate::parts::clock::Ago;
use crate::parts::more::page_of;
use crate::parts::turn::Turn;
use domain::dashboard::span_text;
use domain::rollout::RolloutPhase;
use domain::turn::{LineStep, Mark, WhoseTurn};
use domain::view::publication::{PublicationDetail, RefusedOrder};
use domain::{Action, Role, UtcMillis, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The card under the header of a publication.
#[component]
pub fn LifecycleLine(
    /// The publication.
    detail: PublicationDetail,
    /// As what the person looks.
    looks: Role,
    /// Where on this page it is done: words and address. Else a button leads to the page on which it is.
    #[prop(optional_no_strip)]
    here: Option<(String, String)>,
) -> AnyView {
    let PublicationDetail { row, line, usual_ms: usual, rejection, refused, now, .. } = detail;
    let step = |step: LineStep| {
        let (class, here) = match step.mark {
            Mark::Behind => ("lifecycle-line-step lifecycle-line-behind", None),
            // Nobody's turn: it has arrived.
            Mark::Here if row.turn == WhoseTurn::Nobody => {
                ("lifecycle-line-step lifecycle-line-behind lifecycle-line-here", Some("step"))
            }
            Mark::Here => ("lifecycle-line-step lifecycle-line-here", Some("step")),
            Mark::Ahead => ("lifecycle-line-step", None),
        };
        view! { <li class=class aria-current=here>{words::state(step.state)}</li> }
    };
    let moves = match row.turn {
        WhoseTurn::Developer { action } | WhoseTurn::Staff { action } => Some(action),
        WhoseTurn::Nobody | WhoseTurn::Reviewer { .. } => None,
    };
    // The button is there for whoever can press it.
    let own = match row.turn {
        WhoseTurn::Staff { .. } => looks == Role::Staff,
        WhoseTurn::Developer { .. } => looks == Role::Developer,
        _ => false,
    };
    let elsewhere = here.is_none();
    let there = move |action| Some((words::menu_item(action).to_owned(), page_of(row.id, action)?));
    let button = here.or_else(|| moves.and_then(there)).filter(|_| own);
    let next = |action| match action {
        Action::SubmitForAcceptance => "上传程序包，检测通过后提交验收",
        other => words::menu_item(other),
    };
    view! {
        <section class="card lifecycle-line" aria-labelledby="whose-turn">
            <h2 id="whose-turn">"轮到谁了"</h2>
            <ol class="lifecycle-line-steps">{line.into_iter().map(step).collect_view()}</ol>
            <p class="lifecycle-line-foot">
                {match row.turn {
                    WhoseTurn::Nobody => view! { <span class="quiet">{idle(row.rollout)}</span> }.into_any(),
                    turn => view! { <Turn turn since=row.turn_since now looks/> }.into_any(),
                }}
                {(row.turn != WhoseTurn::Nobody).then(|| {
                    let usual = usual.map_or_else(|| "—".to_owned(), span_text);
                    view! { <span class="quiet" title="近 30 天的中位数，不足 5 例时为 —">{format!("通常用时 {usual}")}</span> }
                })}
                {moves.map(|action| view! { <span class="quiet">{format!("下一步：{}", next(action))}</span> })}
                {button.map(|(word, href)| {
                    let rel = (!elsewhere).then_some("external");
                    view! { <a href=href rel=rel class="button button-main">{word}</a> }
                })}
            </p>
            {rejection.map(|reason| view! { <p class="notice notice-warning">{format!("上次验收未通过：{reason}")}</p> })}
            {refused.map(|refused| view! { <Refused refused now/> })}
        </section>
    }
    .into_any()
}

/// Why it came back from the reviewers.
#[component]
fn Refused(refused: RefusedOrder, now: UtcMillis) -> impl IntoView {
    let RefusedOrder { order, reason, by, at } = refused;
    view! {
        <p class="notice notice-warning">
            {format!("上次未通过：{reason}（{by}，")} <Ago at now/> "）"
            {order.map(|order| view! { " " <A href=order_page(order)>"查看工单"</A> })}
        </p>
    }
}

/// While it is nobody's turn.
const fn idle(rollout: Option<RolloutPhase>) -> &'static str {
    match rollout {
        None => "没有等待处理的事",
        Some(RolloutPhase::Waiting) => "已通过审批，按上线计划等待上线",
        Some(RolloutPhase::InBatches) => "正在按上线计划分批上线",
        Some(RolloutPhase::Paused) => "上线计划已暂停，由业主单位继续",
    }
}
