//! 浙政钉登录 (identity.md, Sign-in): `GET /dingtalk/sign-in` sends a browser to the page with the QR code, which sends it back to
//! `GET /dingtalk/callback`; inside the app `GET /dingtalk/enter` asks the app for a code (`public/dingtalk.js`) and posts it.
//!
//! Whatever comes of it is a redirect to a page of ours. Why it came to nothing stands on the sign-in page.

use crate::trip::{BROWSER_COOKIE, Next, agent, came_back, left, signed_in, turned_away, unasked};
use app::api::context::cookie_of;
use app::api::session::SignInQuery;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Form, Router};
use engine::identity::dingtalk::{self, CALLBACK};
use engine::outside::DingTalk;
use engine::{Ctx, Engine};
use serde::Deserialize;

/// What apps call themselves that can sign in without a page.
const APPS: [&str; 2] = ["DingTalk", "TaurusApp"];

pub(crate) fn routes<S: Clone + Send + Sync + 'static>(engine: Engine) -> Router<S> {
    Router::new()
        .route("/dingtalk/sign-in", get(leave))
        .route(CALLBACK, get(back))
        .route("/dingtalk/enter", get(page).post(enter))
        .with_state(engine)
}

async fn leave(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Response {
    if let Some(page) = unasked(&headers, &next.path()) {
        return page;
    }
    // On the phone there is nothing to scan.
    if APPS.iter().any(|app| agent(&headers).contains(app)) {
        return Redirect::to(&entrance(&next.path())).into_response();
    }
    let known = cookie_of(&headers, BROWSER_COOKIE);
    left(dingtalk::leave(&engine, &ctx, known, next.path()).await, &ctx, &next.path())
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

async fn back(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Query(said): Query<Back>,
) -> Response {
    let browser = cookie_of(&headers, BROWSER_COOKIE).unwrap_or_default();
    came_back(dingtalk::come_back(&engine, &ctx, &said.state, browser, &said.code, agent(&headers)).await, &ctx)
}

async fn page(State(engine): State<Engine>, Extension(ctx): Extension<Ctx>, Query(next): Query<Next>) -> Response {
    let next = next.path();
    let Some(dingtalk) = &engine.workshop().dingtalk else { return StatusCode::NOT_FOUND.into_response() };
    if ctx.signed_in.is_some() {
        return Redirect::to(&next).into_response();
    }
    let policy = content_policy(dingtalk.script());
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    ([(CONTENT_SECURITY_POLICY, policy)], Html(document(dingtalk, &next))).into_response()
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    auth_code: String,
    #[serde(flatten)]
    next: Next,
}

async fn enter(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Form(code): Form<Code>,
) -> Response {
    match dingtalk::by_auth_code(&engine, &ctx, &code.auth_code, agent(&headers)).await {
        Ok(token) => signed_in(&token, &code.next.path()),
        Err(error) => turned_away(error, &ctx, &code.next.path()),
    }
}

fn entrance(next: &str) -> String {
    SignInQuery { next: next.to_owned(), ..SignInQuery::default() }.address().replacen("/login", "/dingtalk/enter", 1)
}

/// Our script, and the app's.
fn content_policy(script: Option<&str>) -> String {
    let origin = script.map(|script| {
        let end = script.find("://").map_or(0, |at| at + 3);
        let path = script[end..].find('/').map_or(script.len(), |at| end + at);
        format!(" {}", &script[..path])
    });
    let origin = origin.unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'{origin}; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

fn document(dingtalk: &DingTalk, next: &str) -> String {
    let script = dingtalk.script().map(|script| format!("<script src=\"{}\"></script>", escaped(script)));
    let otherwise = SignInQuery { next: next.to_owned(), ..SignInQuery::default() }.address();
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>正在登录 - 应用发布</title>{}\
         <script src=\"/dingtalk.js\" defer></script></head><body><main><h1>正在用浙政钉登录</h1>\
         <form method=\"post\" action=\"/dingtalk/enter\" data-tenant=\"{}\">\
         <input type=\"hidden\" name=\"auth_code\"><input type=\"hidden\" name=\"next\" value=\"{}\"></form>\
         <p><a id=\"otherwise\" href=\"{}\">用别的方式登录</a></p></main></body></html>",
        script.unwrap_or_default(),
        dingtalk.tenant(),
        escaped(next),
        escaped(&otherwise)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{content_policy, entrance, escaped};

    #[test]
    fn the_policy_names_the_apps_script_by_its_origin() {
        let policy = content_policy(Some("https://g.alicdn.com/gdt/jsapi/1.9.22/index.js"));
        assert!(policy.contains("script-src 'self' https://g.alicdn.com;"), "{policy}");
        assert!(content_policy(None).contains("script-src 'self';"));
    }

    #[test]
    fn what_is_written_into_the_page_is_no_markup() {
        assert_eq!(escaped("/a?b=\"><script>&"), "/a?b=&quot;&gt;&lt;script&gt;&amp;");
        assert_eq!(entrance("/orders/1?a=b"), "/dingtalk/enter?next=/orders/1%3Fa%3Db");
    }
}
