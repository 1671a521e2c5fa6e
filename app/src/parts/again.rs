//! A page that shows work under way reads itself again until it is done; without scripts there is a link.

use leptos::prelude::*;
use std::time::Duration;

/// How often is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Stands on the page while it shows what was read: each reading draws it anew.
#[component]
pub fn Again(
    /// Whether there is something to wait for.
    is_running: bool,
    /// Reads it again.
    again: Callback<()>,
) -> impl IntoView {
    Effect::new(move |_| {
        if is_running && let Ok(timer) = set_timeout_with_handle(move || again.run(()), LOOK_EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    is_running.then(|| view! { <noscript><p><a href="">"刷新看进度"</a></p></noscript> })
}
