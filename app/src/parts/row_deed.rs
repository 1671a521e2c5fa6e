//! What is done to one row of a table by one press. The page has one action for all its rows; it reads the list again.

use crate::api::ApiError;
use leptos::prelude::*;

/// A button that posts: by the page's action, or without scripts as a plain form. While anything is under way it can't be pressed.
#[component]
pub fn RowDeed<D>(
    /// The server function's path.
    path: &'static str,
    /// Its arguments.
    with: Vec<(&'static str, String)>,
    /// The same for the action.
    deed: D,
    /// The page's action.
    doing: Action<D, Result<(), ApiError>>,
    /// The button's word.
    word: &'static str,
    /// Which row: for who can't see the table.
    of: String,
    /// It can't be done now.
    #[prop(optional)]
    off: bool,
) -> impl IntoView
where
    D: Clone + Send + Sync + 'static,
{
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.dispatch(deed.clone());
    };
    let argument = |(name, value)| view! { <input type="hidden" name=name value=value/> };
    view! {
        <form method="post" action=path on:submit=send>
            {with.into_iter().map(argument).collect_view()}
            <button type="submit" class="button" disabled=move || off || doing.pending().get()>
                {word} <span class="visually-hidden">{format!("：{of}")}</span>
            </button>
        </form>
    }
}

/// Why the last press came to nothing.
#[component]
pub fn DeedFailed<D>(
    /// The page's action.
    doing: Action<D, Result<(), ApiError>>,
) -> impl IntoView
where
    D: Send + Sync + 'static,
{
    let failed = move || doing.value().get().and_then(Result::err).map(|error| error.to_string());
    move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })
}
