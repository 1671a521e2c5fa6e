//! Where the focus is after a page was changed in its place: on what led away, for who comes back; else on the heading.

use leptos::ev::{click, popstate};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A page that is still being read is looked at so often, so many times.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOKS: u32 = 60;

thread_local! {
    /// By address, the link that was followed from there.
    static FOLLOWED: RefCell<HashMap<String, String>> = RefCell::default();
    static CAME_BACK: Cell<bool> = const { Cell::new(false) };
}

/// Looks after it, for the whole document.
pub fn keep_focus() {
    let followed = window_event_listener(click, |event| {
        CAME_BACK.set(false);
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("main a[href]").ok().flatten());
        if let Some((from, href)) = here().zip(link.and_then(|link| link.get_attribute("href"))) {
            FOLLOWED.with_borrow_mut(|followed| followed.insert(from, href));
        }
    });
    let back = window_event_listener(popstate, |_| CAME_BACK.set(true));
    on_cleanup(move || {
        followed.remove();
        back.remove();
    });
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            let link = CAME_BACK.get().then(here).flatten();
            let link = link.and_then(|here| FOLLOWED.with_borrow(|followed| followed.get(&here).cloned()));
            place(link, LOOKS);
        }
        path
    });
}

/// Whether nothing has the focus: what had it is gone.
pub fn is_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// The address in the bar, without its host.
fn here() -> Option<String> {
    let location = window().location();
    Some(location.pathname().ok()? + &location.search().ok()?)
}

/// Once the page is there: whoever has put the focus somewhere meanwhile keeps it.
fn place(link: Option<String>, looks: u32) {
    let wanted = match &link {
        Some(href) => format!("main a[href=\"{}\"]", href.replace(['\\', '"'], "")),
        None => "main h1".to_owned(),
    };
    let found = document().query_selector(&wanted).ok().flatten().filter(|_| is_nowhere());
    match found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        Some(found) => {
            let _ = found.focus();
        }
        None if looks > 0 => set_timeout(move || place(link, looks - 1), LOOK_EVERY),
        None => {}
    }
}
