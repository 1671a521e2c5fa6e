//! What changed since a page was read, behind a button: nothing jumps.

use leptos::prelude::*;

/// The button, while there is something to say; the click reads the page again.
#[component]
pub fn Updates(
    /// What it says: "有 3 条更新".
    #[prop(into)]
    text: Signal<Option<String>>,
    /// Reads again.
    reload: Callback<()>,
) -> impl IntoView {
    view! {
        <div role="status" class="updates">
            {move || text.get().map(|text| view! {
                <button type="button" class="updates-button" on:click=move |_| reload.run(())>
                    {text}
                </button>
            })}
        </div>
    }
}
