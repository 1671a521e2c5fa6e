//! A state as a chip: icon, word and tone; the tone says who must move (screens.md, Look).

use crate::ui::icon::{Drawing, Icon};
use domain::rollout::RolloutPhase;
use domain::turn::{Tone, tone};
use domain::{State, words};
use leptos::prelude::*;

/// The chip of a publication's state.
#[component]
pub fn StateChip(
    /// The state.
    state: State,
    /// What an open plan of going live adds to it.
    #[prop(optional_no_strip)]
    rollout: Option<RolloutPhase>,
) -> impl IntoView {
    let (class, drawing) = match tone(state) {
        Tone::Neutral => ("state-chip", Drawing::Ring),
        Tone::Developer => ("state-chip state-chip-developer", Drawing::Code),
        Tone::Staff => ("state-chip state-chip-staff", Drawing::Person),
        Tone::Reviewer => ("state-chip state-chip-reviewer", Drawing::Review),
        Tone::Live => ("state-chip state-chip-live", Drawing::Live),
        Tone::Offline => ("state-chip state-chip-offline", Drawing::Off),
    };
    let phase = rollout.map(|phase| format!(" · {}", words::rollout_phase(phase)));
    view! { <span class=class><Icon drawing/>{words::state(state)}{phase}</span> }
}
