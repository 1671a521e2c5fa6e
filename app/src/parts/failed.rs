//! What a button's press came to, when it came to nothing (screens.md, Conflicts).

use crate::api::ApiError;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use leptos_router::location::Url;

/// Why; where somebody else was faster, with the way to what they did; where the session is over, with the way back in.
#[component]
pub fn Failed(
    /// The answer.
    error: ApiError,
    /// The page of what the button is about.
    way: String,
) -> impl IntoView {
    let place = NodeRef::<html::P>::new();
    // Who pressed at the foot of a long page must see it.
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            let _ = place.focus();
        }
    });
    let here = use_location();
    let way = match error {
        ApiError::Refused(_) | ApiError::Conflict => Some((way, "查看现在的情况")),
        ApiError::NotSignedIn => {
            let (path, search) = (here.pathname.get_untracked(), here.search.get_untracked());
            let next = if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) };
            Some((format!("/login?next={}", Url::escape(&next)), "重新登录"))
        }
        _ => None,
    };
    view! {
        <p node_ref=place class="notice notice-danger" role="alert" tabindex="-1">
            {error.to_string()} " "
            {way.map(|(href, word)| view! { <A href=href>{word}</A> })}
        </p>
    }
}
