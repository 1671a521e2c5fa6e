//! A button that copies a text; only with scripts.

use leptos::prelude::*;
use std::time::Duration;

/// How long it says that it has.
const SAID: Duration = Duration::from_secs(2);

/// 复制, then 已复制 for a moment.
#[component]
pub fn Copy(
    /// What is copied.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let label = format!("复制 {text}");
    let copy = move |_| {
        if let Some(window) = web_sys::window() {
            // A browser that refuses leaves the text to be selected by hand.
            let _ = window.navigator().clipboard().write_text(&text);
            done.set(true);
            set_timeout(
                move || {
                    let _ = done.try_set(false);
                },
                SAID,
            );
        }
    };
    view! {
        <button type="button" class="copy with-scripts" aria-label=label on:click=copy>
            {move || if done.get() { "已复制" } else { "复制" }}
        </button>
    }
}
