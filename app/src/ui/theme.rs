//! The button of light and dark.

use super::look::THEME;
use leptos::prelude::*;

/// One button that goes round: as the system, light, dark. Hidden without scripts, where the system decides.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    const ROUND: [(&str, &str); 3] = [("", "跟随系统"), ("light", "浅色"), ("dark", "深色")];
    let now = ROUND.iter().position(|(name, _)| THEME.has(name)).unwrap_or_default();
    let at = RwSignal::new(now);
    let word = move || ROUND[at.get()].1;
    let turn = move |_| {
        let next = (at.get_untracked() + 1) % ROUND.len();
        THEME.choose(ROUND[next].0);
        at.set(next);
    };
    view! {
        <button type="button" class="button with-scripts" on:click=turn>
            <span class="visually-hidden">"配色："</span>
            {word}
        </button>
    }
}
