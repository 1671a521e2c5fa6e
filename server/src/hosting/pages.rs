//! Pages of ours on an application's host: not there, not any more, not now. Without scripts, without anything from elsewhere.

use super::answer::harden;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *");

const STYLE: &str = "body{font:16px/1.7 system-ui,sans-serif;color:#1f2933;background:#f5f7fa;margin:0;display:grid;\
    min-height:100vh;place-items:center}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.25rem}\
    @media(prefers-color-scheme:dark){body{color:#e4e7eb;background:#1f2933}}";

pub(super) fn not_found() -> Response {
    page(StatusCode::NOT_FOUND, "没有这个页面", "地址可能有误，或者预览已经过期。")
}

pub(super) fn unavailable() -> Response {
    page(StatusCode::SERVICE_UNAVAILABLE, "暂时打不开", "服务器暂时读不到这个应用，请稍后再试。")
}

/// 已下线, with what is there instead.
pub(super) fn stopped(name: &str, substitute: &str) -> Response {
    let instead = match substitute.trim() {
        "" => "本服务不再提供。".to_owned(),
        substitute => format!("替代服务：{}", escaped(substitute)),
    };
    page(StatusCode::GONE, &format!("“{}”已下线", escaped(name)), &instead)
}

/// `title` and `text` are HTML.
fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    );
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    harden(headers);
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
