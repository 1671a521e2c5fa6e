//! 轮到谁 · 多久.

use crate::parts::clock::going_on;
use domain::turn::WhoseTurn;
use domain::{Role, UtcMillis, words};
use leptos::prelude::*;

/// Whose turn it is and since when, as who looks reads it.
#[component]
pub fn Turn(
    /// Whose.
    turn: WhoseTurn,
    /// Since when.
    since: UtcMillis,
    /// When the page was read.
    now: UtcMillis,
    /// As what the person looks: their own turn is 你.
    looks: Role,
) -> impl IntoView {
    let who = match turn {
        WhoseTurn::Nobody => return view! { <span>"—"</span> }.into_any(),
        WhoseTurn::Developer { .. } if looks == Role::Developer => "你".to_owned(),
        WhoseTurn::Staff { .. } if looks == Role::Staff => "你".to_owned(),
        other => words::whose_turn(other),
    };
    let (exact, now) = (since.local_text(), going_on(now));
    view! {
        <span>
            {who} " · " <time datetime=since.datetime() title=exact>{move || since.age_text(now())}</time>
        </span>
    }
    .into_any()
}
