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
) -> impl IntoView {
    view! {
        <Title text=format!("{text} · {PRODUCT}")/>
        <h1>{text}</h1>
    }
}
