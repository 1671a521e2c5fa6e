//! A list to choose one of, in a filter.

use crate::ui::drawn::drawn;
use leptos::prelude::*;

/// A value and its word.
pub type Options = Vec<(String, String)>;

/// 全部, or one of the options.
#[component]
pub fn Choice(
    /// The parameter of the address; also the element's id.
    name: &'static str,
    /// What is chosen.
    label: &'static str,
    /// All there are.
    options: Options,
    /// The value that the address has.
    chosen: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    // Asked once, not by every option.
    let chosen = Memo::new(move |_| chosen());
    let option = move |(value, word): (String, String)| {
        let selected = {
            let value = value.clone();
            move || chosen.with(|chosen| *chosen == value)
        };
        view! { <option value=value selected=drawn(selected.clone()) prop:selected=selected>{word}</option> }
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name class="field-input">
                <option value="">"全部"</option>
                {options.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
