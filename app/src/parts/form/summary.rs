//! The summary of what is wrong, at the top: each line leads to its field (GOV.UK's error summary).

use super::field::anchor;
use super::state::Fields;
use domain::fields::{FieldError, FieldErrors};
use leptos::prelude::*;

/// Takes the focus when the form was sent with errors; gone when all are mended.
#[component]
pub fn ErrorSummary(
    /// The form.
    fields: Fields,
) -> impl IntoView {
    let line = |error: FieldError| {
        let href = format!("#{}", anchor(error.field, error.item));
        view! { <li><a href=href rel="external">{error.text}</a></li> }
    };
    let lines = move || fields.errors.with(|errors| errors.iter().cloned().collect::<Vec<_>>());
    let wrong = Memo::new(move |_| !fields.errors.with(FieldErrors::is_empty));
    view! {
        <Show when=move || wrong.get()>
            <div id="error-summary" class="notice notice-danger error-summary" tabindex="-1" role="group" aria-labelledby="error-heading">
                <h2 id="error-heading">{move || format!("有 {} 处需要修改", fields.errors.with(FieldErrors::len))}</h2>
                <ul>{move || lines().into_iter().map(line).collect_view()}</ul>
            </div>
        </Show>
    }
}
