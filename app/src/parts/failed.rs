//! What a button's press came to, when it came to nothing (screens.md, Conflicts).

use crate::api::ApiError;
use leptos::prelude::*;
use leptos_router::components::A;

/// Why; where somebody else was faster, with the way to what they did.
#[component]
pub fn Failed(
    /// The answer.
    error: ApiError,
    /// The page of what the button is about.
    way: String,
) -> impl IntoView {
    let moved_on = matches!(error, ApiError::Refused(_) | ApiError::Conflict);
    view! {
        <p class="notice notice-danger" role="alert">
            {error.to_string()} " "
            {moved_on.then(|| view! { <A href=way>"查看现在的情况"</A> })}
        </p>
    }
}
