//! The content policy of our own pages (design.md, Security): what a browser may load and run.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use engine::Apps;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// The policy of answers that are no pages, and have none of their own: shown in no frame. What they may load is not said: a worker is kept
/// to what its script's answer says.
pub(crate) const OF_NO_PAGE: HeaderValue =
    HeaderValue::from_static("object-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// Sets the header for the page that is being rendered, with the nonce of its scripts. No nonce, no header: that is when
/// routes are only being listed.
pub fn set_for_page(apps: &Apps) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    if let Ok(value) = HeaderValue::from_str(&content_policy(&nonce, apps)) {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
}

fn content_policy(nonce: &str, apps: &Apps) -> String {
    let previews = apps.address("*");
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; frame-src {previews}; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}
