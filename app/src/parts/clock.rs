//! Time as it goes on while a page is open: "2 小时前" does not stand still.

use domain::UtcMillis;
use leptos::prelude::*;

/// How often is looked at the clock.
#[cfg(not(feature = "ssr"))]
const EVERY: std::time::Duration = std::time::Duration::from_secs(20);

#[cfg(not(feature = "ssr"))]
thread_local! {
    /// Milliseconds since the first time was drawn.
    static ELAPSED: ArcRwSignal<i64> = {
        let (elapsed, start) = (ArcRwSignal::new(0), js_sys::Date::now());
        let told = elapsed.clone();
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a visit")]
        let _ = set_interval_with_handle(move || told.set((js_sys::Date::now() - start) as i64), EVERY);
        elapsed
    };
}

/// The time now, of a page that was read at `now`: the same at first, then going on.
#[cfg(not(feature = "ssr"))]
pub fn going_on(now: UtcMillis) -> impl Fn() -> UtcMillis + Clone + Send + 'static {
    let elapsed = ELAPSED.with(Clone::clone);
    let drawn = elapsed.get_untracked();
    move || UtcMillis(now.0 + elapsed.get() - drawn)
}

/// The time now: a page that is being sent does not go on.
#[cfg(feature = "ssr")]
pub fn going_on(now: UtcMillis) -> impl Fn() -> UtcMillis + Clone + Send + 'static {
    move || now
}

/// How long ago it was; the exact time on hover.
#[component]
pub fn Ago(
    /// When it was.
    at: UtcMillis,
    /// When the page was read.
    now: UtcMillis,
) -> impl IntoView {
    let now = going_on(now);
    view! { <time datetime=at.datetime() title=at.local_text()>{move || at.ago_text(now())}</time> }
}
