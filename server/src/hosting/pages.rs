//! Pages of ours on an application's host: not there, not any more, not now. Without scripts, without anything from elsewhere.

use super::answer::harden;
use crate::plain_page::{escaped, plain_page};
use axum::http::StatusCode;
use axum::response::Response;

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

/// The channels show applications in frames of theirs.
fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let mut response = plain_page(status, title, text, "*");
    harden(response.headers_mut());
    response
}
