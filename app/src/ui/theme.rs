//! The button of light and dark.

use super::look::THEME;
use leptos::prelude::*;

/// One button that goes round: as the system, light, dark. Hidden without scripts, where the system decides.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(THEME.chosen());
    let word = move || match theme.read().as_deref() {
        None => "跟随系统",
        Some("light") => "浅色",
        Some(_) => "深色",
    };
    let turn = move |_| {
        let next: &[&str] = match theme.read_untracked().as_deref() {
            None => &["light"],
            Some("light") => &["dark"],
            Some(_) => &[],
        };
        THEME.choose(next);
        theme.set(THEME.chosen());
    };
    view! {
        <button type="button" class="button with-scripts" on:click=turn>
            <span class="visually-hidden">"配色："</span>
            {word}
        </button>
    }
}
