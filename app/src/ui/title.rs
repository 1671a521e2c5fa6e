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
    let title =
        move || if wrong.get() { format!("错误：{text} · {PRODUCT}") } else { format!("{text} · {PRODUCT}") };
    view! {
        <Title text=title/>
        <h1>{heading}</h1>
    }
}
