//! A page of one sentence, where there is no application to draw one: without scripts, without anything from elsewhere.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

const STYLE: &str = "body{font:16px/1.7 system-ui,sans-serif;color:#1f2933;background:#f5f7fa;margin:0;display:grid;\
    min-height:100vh;place-items:center}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.25rem}\
    @media(prefers-color-scheme:dark){body{color:#e4e7eb;background:#1f2933}}";

/// `title` and `text` are HTML; `frames` says who may show it in a frame.
pub(crate) fn plain_page(status: StatusCode, title: &str, text: &str, frames: &'static str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    );
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors {frames}");
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A text as HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
