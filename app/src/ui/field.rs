//! A labelled field of a form.

use leptos::prelude::*;

/// One line to type in, with its label above.
#[component]
pub fn TextField(
    /// What the person is asked for.
    #[prop(into)]
    label: String,
    /// The name under which it is sent; also the element's id.
    #[prop(into)]
    name: String,
    /// What stands in it at first.
    #[prop(into, optional)]
    value: String,
    /// `text`, `password`, `search`.
    #[prop(into, default = "text".to_owned())]
    kind: String,
    /// What the browser may fill in (the HTML attribute `autocomplete`).
    #[prop(into, default = "off".to_owned())]
    autocomplete: String,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <input id=name.clone() name=name type=kind value=value autocomplete=autocomplete class="field-input"/>
        </div>
    }
}
