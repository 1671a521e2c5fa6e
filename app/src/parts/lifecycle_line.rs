//! 轮到谁了: the lifecycle as a line of steps with "you are here", whose turn it is, and what moves it on.

use crate::parts::more::page_of;
use crate::parts::turn::Turn;
use domain::turn::{LineStep, Mark, WhoseTurn};
use domain::view::publication::PublicationRow;
use domain::{Role, UtcMillis, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The card under the header of a publication.
#[component]
pub fn LifecycleLine(
    /// The publication.
    row: PublicationRow,
    /// Its way.
    line: Vec<LineStep>,
    /// When this was read.
    now: UtcMillis,
    /// As what the person looks.
    looks: Role,
) -> AnyView {
    let step = |step: LineStep| {
        let (class, here) = match step.mark {
            Mark::Behind => ("lifecycle-line-step lifecycle-line-behind", None),
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
    let button = moves.filter(|_| own).and_then(|action| Some((action, page_of(row.id, action)?)));
    view! {
        <section class="card lifecycle-line" aria-labelledby="whose-turn">
            <h2 id="whose-turn">"轮到谁了"</h2>
            <ol class="lifecycle-line-steps">{line.into_iter().map(step).collect_view()}</ol>
            <p class="lifecycle-line-foot">
                <Turn turn=row.turn since=row.turn_since now looks/>
                {moves.map(|action| view! { <span class="quiet">{format!("下一步：{}", words::menu_item(action))}</span> })}
                {button.map(|(action, href)| {
                    view! { <A href=href attr:class="button button-main">{words::menu_item(action)}</A> }
                })}
            </p>
        </section>
    }
    .into_any()
}
