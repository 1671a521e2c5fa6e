//! A form whose answer is an address: works before the scripts and without them; with them, nothing is loaded anew.

use leptos::ev::click;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::location::Url;
use std::cell::Cell;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// Typing asks when the person pauses for so long.
const TYPING_PAUSE: Duration = Duration::from_millis(250);

thread_local! {
    /// The question that is asked after the pause: a person types in one form at a time.
    static TO_ASK: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
}

/// Who goes elsewhere has left the form: a question that was still to be asked must not bring them back.
pub fn leaves_form() {
    if let Some(timer) = TO_ASK.take() {
        timer.clear();
    }
}

/// A GET form; what is left empty is not in the address. With scripts it asks by itself when something is typed or chosen.
#[component]
pub fn QueryForm(
    /// The page that the form asks.
    #[prop(into)]
    action: String,
    /// What it is for.
    #[prop(default = "筛选")]
    label: &'static str,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let page = StoredValue::new(action.clone());
    let form = NodeRef::<html::Form>::new();
    // On a phone: whether all fields are shown, over the page.
    let open = RwSignal::new(false);
    let ask = move |replace: bool| {
        let query = form.get_untracked().and_then(|form| filled_in(&form));
        if let Some(query) = &query {
            let address =
                page.with_value(|page| if query.is_empty() { page.clone() } else { format!("{page}?{query}") });
            // Typing does not fill the history with every letter.
            navigate.with_value(|go| go(&address, NavigateOptions { replace, scroll: false, ..Default::default() }));
        }
        query.is_some()
    };
    let submit = move |event: SubmitEvent| {
        if ask(false) {
            event.prevent_default();
        }
    };
    let left = window_event_listener(click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.closest("a").ok().flatten().is_some()) {
            leaves_form();
        }
    });
    on_cleanup(move || {
        left.remove();
        leaves_form();
    });
    let typed = move |event: web_sys::Event| {
        leaves_form();
        if event.target().is_some_and(|target| target.is_instance_of::<web_sys::HtmlSelectElement>()) {
            ask(false);
        } else {
            let question = move || {
                ask(true);
            };
            TO_ASK.set(set_timeout_with_handle(question, TYPING_PAUSE).ok());
        }
    };
    view! {
        <form
            node_ref=form
            method="get"
            action=action
            class="filter"
            class:filter-open=open
            role="search"
            aria-label=label
            on:submit=submit
            on:input=typed
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    open.set(false);
                }
            }
        >
            {children()}
            <button
                type="button"
                class="button filter-toggle"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || if open.get() { "完成" } else { "筛选" }}
            </button>
        </form>
    }
}

/// What is looked for, in words.
#[component]
pub fn KeywordField(
    /// What the address has.
    #[prop(into)]
    value: Signal<String>,
    /// What can be typed.
    #[prop(optional)]
    placeholder: Option<&'static str>,
    /// Its label.
    #[prop(default = "关键字")]
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="field filter-wide">
            <label for="q">{label}</label>
            <input
                id="q"
                name="q"
                type="search"
                class="field-input"
                autocomplete="off"
                placeholder=placeholder
                value=value
                prop:value=value
            />
        </div>
    }
}

/// A page's address with these parameters; their values are escaped here.
pub fn address(page: &str, parameters: &[(&str, String)]) -> String {
    let escaped = |(name, value): &(&str, String)| format!("{name}={}", Url::escape(value));
    let query: Vec<String> = parameters.iter().map(escaped).collect();
    if query.is_empty() { page.to_owned() } else { format!("{page}?{}", query.join("&")) }
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
