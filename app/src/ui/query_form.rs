//! A form whose answer is an address: works before the scripts and without them; with them, nothing is loaded anew.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use web_sys::{FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// A GET form; what is left empty is not in the address.
#[component]
pub fn QueryForm(
    /// The page that the form asks.
    action: &'static str,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        if let Some(query) = filled_in(&event_target::<HtmlFormElement>(&event)) {
            event.prevent_default();
            let address = if query.is_empty() { action.to_owned() } else { format!("{action}?{query}") };
            navigate(&address, Default::default());
        }
    };
    view! {
        <form method="get" action=action class="filter" role="search" on:submit=submit>
            {children()}
        </form>
    }
}

/// The query of what is filled in; `None` lets the browser do it.
fn filled_in(form: &HtmlFormElement) -> Option<String> {
    let fields = FormData::new_with_form(form).ok()?;
    let all = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let given = UrlSearchParams::new().ok()?;
    for pair in js_sys::try_iter(&all).ok()??.flatten() {
        let pair = js_sys::Array::from(&pair);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
            && !value.is_empty()
        {
            given.append(&name, &value);
        }
    }
    given.to_string().as_string()
}
