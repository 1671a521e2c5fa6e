//! The entry of the browser: takes over the page that the server sent, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script when the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    // A small build stops without words.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    app::api::asking::watch();
    leptos::mount::hydrate_lazy(app::routes::App);
}
