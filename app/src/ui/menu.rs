//! A button that opens a list of things to do. A `<details>`: it opens without scripts, too.

use leptos::ev::{click, keydown};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// A button that opens a list of things to do.
#[component]
pub fn MenuButton(
    /// What stands on it.
    label: &'static str,
    /// What it belongs to, said but not shown.
    of: String,
    /// List items that are drawn when it is first opened, and so only with scripts: a list has a hundred menus.
    #[prop(optional, into)]
    later: Option<ViewFn>,
    /// List items.
    children: Children,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <details class="menu" name="menu" on:toggle=move |_| opened.set(true)>
            <summary class="button">
                {label}
                <span class="visually-hidden">{format!("：{of}")}</span>
            </summary>
            <ul class="menu-list">{children()} {move || later.as_ref().filter(|_| opened.get()).map(ViewFn::run)}</ul>
        </details>
    }
}

/// What is open closes on Escape, and when the person presses elsewhere. Once for the whole document.
pub fn close_menus() {
    let pressed = window_event_listener(click, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let inside = |menu: &Element| menu.contains(target.as_ref()) && !is_item(target.as_ref());
        if let Some(menu) = open_menu().filter(|menu| !inside(menu)) {
            let _ = menu.remove_attribute("open");
        }
    });
    let escaped = window_event_listener(keydown, |event| {
        if let Some(menu) = open_menu().filter(|_| event.key() == "Escape") {
            let _ = menu.remove_attribute("open");
            let button = menu.query_selector("summary").ok().flatten();
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                let _ = button.focus();
            }
        }
    });
    on_cleanup(move || {
        pressed.remove();
        escaped.remove();
    });
}

fn open_menu() -> Option<Element> {
    document().query_selector("details.menu[open]").ok().flatten()
}

/// A link of the list was followed: the page changes, the frame stays.
fn is_item(target: Option<&Node>) -> bool {
    let element = target.and_then(|target| target.dyn_ref::<Element>());
    element.is_some_and(|element| element.closest("a.menu-item").ok().flatten().is_some())
}
