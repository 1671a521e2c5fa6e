//! The summary of what is wrong, at the top: each line leads to its field (GOV.UK's error summary).

use super::field::anchor;
use super::state::Fields;
use domain::fields::{FieldError, FieldErrors};
use leptos::prelude::*;

/// Takes the focus when the form was sent with errors. It tells of that sending until the next: a line that is mended is marked, so
/// that nothing below moves while the person goes through the fields.
#[component]
pub fn ErrorSummary(
    /// The form.
    fields: Fields,
) -> impl IntoView {
    let is_wrong = move |error: &FieldError| {
        let same = |other: &FieldError| (other.field, other.item) == (error.field, error.item);
        fields.errors.with(|errors| errors.iter().any(same))
    };
    let left = move || fields.sent_with.with(|sent| sent.iter().filter(|error| is_wrong(error)).count());
    let heading = move || match left() {
        0 => "都改好了，可以再次提交".to_owned(),
        n => format!("有 {n} 处需要修改"),
    };
    let line = move |error: FieldError| {
        let (href, text) = (format!("#{}", anchor(error.field, error.item)), error.text.clone());
        view! { <li class:mended=move || !is_wrong(&error)><a href=href rel="external">{text}</a></li> }
    };
    let lines = move || fields.sent_with.with(|errors| errors.iter().cloned().collect::<Vec<_>>());
    let wrong = Memo::new(move |_| !fields.sent_with.with(FieldErrors::is_empty));
    view! {
        <Show when=move || wrong.get()>
            <div id="error-summary" class="notice notice-danger error-summary" tabindex="-1" role="group" aria-labelledby="error-heading">
                <h2 id="error-heading">{heading}</h2>
                <ul>{move || lines().into_iter().map(line).collect_view()}</ul>
            </div>
        </Show>
    }
}
