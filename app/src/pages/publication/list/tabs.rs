//! Tabs by state, with what the person has in each.

use super::{address, at_least};
use domain::query::PublicationQuery;
use domain::{Side, State, words};
use leptos::prelude::*;

/// These stand in the open, in this order; the others under 更多状态, if there is one.
const OPEN: [State; 5] =
    [State::Preparing, State::AwaitingAcceptance, State::AwaitingRelease, State::ReleaseInReview, State::Published];

/// 全部, and a tab a state.
#[component]
pub(super) fn Tabs(side: Side, query: PublicationQuery, counts: Vec<(State, i64)>, capped: bool) -> impl IntoView {
    let count = |state: State| counts.iter().find(|(other, _)| *other == state).map_or(0, |(_, n)| *n);
    let all: i64 = counts.iter().map(|(_, n)| n).sum();
    let tab = |state: Option<State>, n: i64| {
        let here = query.state == state;
        let word = state.map_or("全部", words::state);
        view! {
            <li>
                <a href=address(side, &query.tab(state)) class="tab" aria-current=here.then_some("true")>
                    {word} <span class="tab-count">{at_least(n, capped)}</span>
                </a>
            </li>
        }
    };
    let other = |state: &State| !OPEN.contains(state) && (count(*state) > 0 || query.state == Some(*state));
    let others = State::ALL.iter().copied().filter(other).map(|state| tab(Some(state), count(state))).collect_view();
    view! {
        <nav aria-label="状态">
            <ul class="tabs">
                {tab(None, all)}
                {OPEN.map(|state| tab(Some(state), count(state))).collect_view()}
                {others}
            </ul>
        </nav>
    }
}
