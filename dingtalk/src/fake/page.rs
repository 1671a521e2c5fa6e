//! The page with the QR code, without one: a link for each person stands for their scanning (identity.md, Sign-in).

use super::desk::{Desk, Kind};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use reqwest::Url;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/oauth2/auth.htm", get(auth)).route("/oauth2/scan", get(scan))
}

async fn auth(State(desk): State<Arc<Desk>>, Query(query): Query<HashMap<String, String>>) -> Response {
    if let Some(wrong) = wrong(&desk, &query) {
        return (StatusCode::BAD_REQUEST, Html(format!("<h1>{}</h1>", escaped(&wrong)))).into_response();
    }
    let value = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let links = desk.setup.people.iter().map(|person| {
        let id = person.account_id.to_string();
        let params = [("account_id", id.as_str()), ("redirect_uri", value("redirect_uri")), ("state", value("state"))];
        let href = format!("/oauth2/scan?{}", crate::sign::form(&params));
        format!("<li><a href=\"{}\">{}</a></li>", escaped(&href), escaped(&person.name))
    });
    let page = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>浙政钉扫码登录（测试）</title></head>\
         <body><h1>浙政钉扫码登录（测试）</h1><p>点一个姓名，代替这个人扫码。</p><ul>{}</ul></body></html>",
        links.collect::<String>()
    );
    Html(page).into_response()
}

/// What is wrong with the address that brought a browser here.
fn wrong(desk: &Desk, query: &HashMap<String, String>) -> Option<String> {
    let due = [
        ("response_type", "code"),
        ("client_id", &desk.setup.client_id),
        ("scope", "get_user_info"),
        ("authType", "QRCODE"),
    ];
    for (name, value) in due {
        if query.get(name).map(String::as_str) != Some(value) {
            return Some(format!("{name} 不是 {value}"));
        }
    }
    if query.get("state").is_none_or(String::is_empty) {
        return Some("没有 state".to_owned());
    }
    let back = query.get("redirect_uri").and_then(|uri| back_to(uri));
    back.is_none().then(|| "redirect_uri 不是地址".to_owned())
}

#[derive(Deserialize)]
struct Scanned {
    account_id: i64,
    redirect_uri: String,
    state: String,
}

/// Back to where the browser came from, with a new code.
async fn scan(State(desk): State<Arc<Desk>>, Query(scanned): Query<Scanned>) -> Response {
    let code = desk.new_code(scanned.account_id, Kind::Qr);
    let (Some(mut url), Some(code)) = (back_to(&scanned.redirect_uri), code) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    url.query_pairs_mut().append_pair("code", &code).append_pair("state", &scanned.state);
    (StatusCode::FOUND, [(LOCATION, url.to_string())]).into_response()
}

fn back_to(uri: &str) -> Option<Url> {
    Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
