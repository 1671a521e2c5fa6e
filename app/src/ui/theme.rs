//! Light, dark, or as the system has it. The choice is a cookie, so that the server's first byte has the right colours.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Name of the cookie; a year is its age.
const COOKIE: &str = "theme";
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// The theme that the request asks for: `light`, `dark`, or none to follow the system.
pub fn theme_of_request() -> Option<&'static str> {
    #[cfg(feature = "ssr")]
    {
        use axum::http::{header::COOKIE as HEADER, request::Parts};
        let parts = use_context::<Parts>()?;
        let values = parts.headers.get_all(HEADER).iter().filter_map(|v| v.to_str().ok());
        values.flat_map(|v| v.split(';')).find_map(|pair| match pair.trim().split_once('=')? {
            (COOKIE, "light") => Some("light"),
            (COOKIE, "dark") => Some("dark"),
            _ => None,
        })
    }
    #[cfg(not(feature = "ssr"))]
    {
        match gloo_utils::document_element().get_attribute("data-theme").as_deref() {
            Some("light") => Some("light"),
            Some("dark") => Some("dark"),
            _ => None,
        }
    }
}

/// One button that goes round: as the system, light, dark. Hidden without scripts, where the system decides.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(theme_of_request());
    let next = move || match theme.get() {
        None => Some("light"),
        Some("light") => Some("dark"),
        _ => None,
    };
    let word = move || match theme.get() {
        None => "跟随系统",
        Some("light") => "浅色",
        _ => "深色",
    };
    let turn = move |_| {
        let chosen = next();
        apply(chosen);
        theme.set(chosen);
    };
    view! {
        <button type="button" class="button theme-switch" on:click=turn>
            <span class="visually-hidden">"配色："</span>
            {word}
        </button>
    }
}

fn apply(theme: Option<&'static str>) {
    let root = gloo_utils::document_element();
    let _ = match theme {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    };
    let (value, age) = theme.map_or(("", 0), |name| (name, MAX_AGE_SECONDS));
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={age}; SameSite=Lax");
    let document: web_sys::HtmlDocument = gloo_utils::document().unchecked_into();
    let _ = document.set_cookie(&cookie);
}
