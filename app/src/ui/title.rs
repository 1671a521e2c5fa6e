//! The heading of a page, which is also the title of the document.

use crate::PRODUCT;
use leptos::prelude::*;
use leptos_meta::Title;

/// The one `h1` of a page; the document is called "page · product".
#[component]
pub fn PageTitle(
    /// Where the person is, in a few words.
    #[prop(into)]
    text: String,
    /// A form came back with errors: the title begins with 错误.
    #[prop(optional, into)]
    wrong: Signal<bool>,
) -> impl IntoView {
    let heading = text.clone();
    // The server writes the head last: under load what the page was drawn in may be gone by then.
    let drawn = wrong.get_untracked();
    let title = move || {
        let wrong = wrong.try_get().unwrap_or(drawn);
        if wrong { format!("错误：{text} · {PRODUCT}") } else { format!("{text} · {PRODUCT}") }
    };
    view! {
        <Title text=title/>
        <h1 tabindex="-1">{heading}</h1>
    }
}
