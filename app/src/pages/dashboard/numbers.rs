//! The six numbers, each with the way to its list.

use crate::api::directory::directory_path;
use domain::Channel;
use domain::dashboard::span_text;
use domain::view::dashboard::{Dashboard, OrderLists};
use domain::view::directory::DirectoryOf;
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

const WORDS: [(&str, &str); 6] = [
    ("审批中", "现在"),
    ("今日完成", "办结的工单"),
    ("超时", "一步等了超过 2 天"),
    ("中位时长", "30 天，每一步"),
    ("驳回率", "30 天"),
    ("今日上线", "版本和应用"),
];

#[component]
pub(super) fn Numbers(figures: Dashboard, last: Option<Shown>) -> impl IntoView {
    let lists = match figures.lists {
        OrderLists::All => "/orders/all",
        OrderLists::Initiated => "/orders/initiated",
        OrderLists::Waiting => "/orders/waiting",
    };
    let over = format!("{lists}?tab=over");
    let live = directory_path(DirectoryOf::Channel(Channel::ZheliApp));
    let ways = [lists.to_owned(), over.clone(), lists.to_owned(), over.clone(), over, live];
    let shown = Shown::of(&figures);
    let card = |n: usize| {
        let way = ways[n].clone();
        let changed = last.as_ref().is_some_and(|last| last.0[n] != shown.0[n]);
        let ((word, more), value) = (WORDS[n], shown.0[n].clone());
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
    view! { <ul class="dashboard-numbers">{[0, 1, 2, 3, 4, 5].map(card).collect_view()}</ul> }
}
