//! The six numbers, each with the way to its list.

use super::ways::Ways;
use domain::OrderStatus;
use domain::dashboard::span_text;
use domain::query::{Counted, Ended};
use domain::view::dashboard::Dashboard;
use leptos::prelude::*;
use leptos_router::components::A;

/// The numbers as they were drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown([String; 6]);

impl Shown {
    pub(super) fn of(figures: &Dashboard) -> Self {
        Self([
            figures.in_review.to_string(),
            figures.done_today().to_string(),
            figures.overdue.to_string(),
            figures.median_ms.map_or_else(|| "—".to_owned(), span_text),
            figures.refused_percent().map_or_else(|| "—".to_owned(), |percent| format!("{percent}%")),
            figures.live_today.to_string(),
        ])
    }
}

#[component]
pub(super) fn Numbers(figures: Dashboard, last: Option<Shown>) -> impl IntoView {
    let ways = Ways(figures.list);
    let any = Counted::default;
    let refused = Counted { status: Some(OrderStatus::Refused), ..any() };
    let cards = [
        ("审批中", "现在".to_owned(), ways.waits(None, any())),
        ("今日完成", "办结的工单".to_owned(), ways.ended(Ended::On(figures.now.date()), any())),
        (
            "超时",
            format!("一步等了超过 {}", span_text(figures.overdue_ms)),
            ways.waits(None, Counted { overdue: true, ..any() }),
        ),
        ("中位时长", "30 天，每一步".to_owned(), ways.ended(Ended::Lately, any())),
        ("驳回率", "30 天".to_owned(), ways.ended(Ended::Lately, refused)),
        ("今日上线", "版本和应用".to_owned(), "/dashboard/live".to_owned()),
    ];
    let shown = Shown::of(&figures);
    let card = |(n, (word, more, way)): (usize, (&'static str, String, String))| {
        let changed = last.as_ref().is_some_and(|last| last.0[n] != shown.0[n]);
        let value = shown.0[n].clone();
        view! {
            <li>
                <A href=way attr:class="dashboard-number">
                    <span class="dashboard-word">{word}</span>
                    <strong class="dashboard-value" class:dashboard-changed=changed>{value}</strong>
                    <span class="dashboard-more">{more}</span>
                </A>
            </li>
        }
    };
    view! { <ul class="dashboard-numbers">{cards.into_iter().enumerate().map(card).collect_view()}</ul> }
}
