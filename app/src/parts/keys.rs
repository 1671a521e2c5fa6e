//! Keys for who does not want to reach for the mouse: `Ctrl+K` searches; `/`, `j`, `k` and `?` act by themselves, and can be
//! switched off (WCAG 2.1.4).

use crate::ui::look::KEYS;
use crate::ui::query_form::leaves_form;
use leptos::ev::keydown;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent, SubmitEvent};

/// What `j` and `k` go through: the first link of each row.
const ROWS: &str = "main :is(tbody th a, .inbox-what, .search-one)";

/// Where the keys are told, and switched off.
const HELP: &str = "/me";

/// Where is searched when the bar has no room for it.
const SEARCH: &str = "/search";

/// The search of the top bar.
#[component]
pub fn SearchBar() -> impl IntoView {
    let navigate = use_navigate();
    let field = NodeRef::<html::Input>::new();
    let submit = move |event: SubmitEvent| {
        if let Some(field) = field.get_untracked() {
            event.prevent_default();
            leaves_form();
            let text = String::from(js_sys::encode_uri_component(&field.value()));
            navigate(&format!("/search?q={text}"), NavigateOptions::default());
        }
    };
    view! {
        <form method="get" action="/search" role="search" aria-label="搜索全部" class="top-bar-search" on:submit=submit>
            <input
                node_ref=field
                id="search"
                name="q"
                type="search"
                class="field-input"
                autocomplete="off"
                aria-label="搜索全部"
                aria-keyshortcuts="Control+K"
                placeholder="搜索 Ctrl+K"
            />
        </form>
    }
}

/// Listens, for the whole document.
pub fn listen_to_keys() {
    let navigate = use_navigate();
    let go = move |page: &str| {
        leaves_form();
        navigate(page, NavigateOptions::default());
    };
    let listener = window_event_listener(keydown, move |event| {
        // A browser that fills a form in sends a key without a name.
        if event.is_instance_of::<KeyboardEvent>() && acts(&event, &go) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn acts(event: &KeyboardEvent, go: &impl Fn(&str)) -> bool {
    let key = event.key();
    let with_control = event.ctrl_key() || event.meta_key();
    if with_control && key.eq_ignore_ascii_case("k") {
        if !goes_to("#search") {
            go(SEARCH);
        }
        return true;
    }
    if with_control || event.alt_key() || is_typing(event) || KEYS.has("off") {
        return false;
    }
    match key.as_str() {
        "/" => goes_to("main [type=search]") || goes_to("#search"),
        "j" => steps(1),
        "k" => steps(-1),
        "?" => {
            go(HELP);
            true
        }
        _ => false,
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| {
        target.is_content_editable() || target.matches("input, textarea, select").unwrap_or(false)
    })
}

/// Moves the focus to the first of these, with its text selected.
fn goes_to(selector: &str) -> bool {
    let field = document().query_selector(selector).ok().flatten();
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else { return false };
    field.select();
    let _ = field.focus();
    // What is not shown takes no focus.
    document().active_element().as_ref() == Some(field.as_ref())
}

/// Moves the focus so many rows on; from outside of them, to the first.
fn steps(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all(ROWS) else { return false };
    let here = document().active_element();
    let at = (0..rows.length()).find(|n| here.is_some() && rows.get(*n) == here.clone().map(Into::into));
    let next = at.map_or(Some(0), |at| at.checked_add_signed(by));
    let row = next.and_then(|next| rows.get(next)).and_then(|row| row.dyn_into::<HtmlElement>().ok());
    row.is_some_and(|row| row.focus().is_ok())
}
