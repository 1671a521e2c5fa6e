//! What the browser draws again whenever a signal in it changes, and the server once.
//!
//! As a closure in a view, the framework's server would call it three times for each `Suspense` around it: to find what is to be
//! waited for, once more when that is there, and to write it. Rendering a list took five times as long (docs/benchmarks.md).

#[cfg(not(feature = "ssr"))]
use leptos::prelude::*;

/// Draws, and in the browser draws again.
#[cfg(not(feature = "ssr"))]
pub fn drawn<V: IntoView + 'static>(draw: impl Fn() -> V + Send + 'static) -> impl Fn() -> V + Send + 'static {
    draw
}

/// Draws once.
#[cfg(feature = "ssr")]
pub fn drawn<V>(draw: impl Fn() -> V) -> V {
    leptos::prelude::untrack(draw)
}
