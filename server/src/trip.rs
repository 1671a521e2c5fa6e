//! What the ways to sign in elsewhere have in common on the way out and back: the browser's cookie, and where a redirect leads
//! (identity.md, Sign-in). Whatever comes of it is a redirect; why it came to nothing stands on the sign-in page.

use app::api::ApiError;
use app::api::context::session_cookie;
use app::api::session::{SignInQuery, own_path};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use engine::Ctx;
use engine::identity::dingtalk::{LIFE_MS, Leaving};
use engine::identity::session::Token;
use serde::Deserialize;

/// The cookie with the secret of a browser that left. It lives as long as the way there and back may take.
pub(crate) const BROWSER_COOKIE: &str = "__Host-trip";

/// In it a browser says from where it was led.
const FETCH_SITE: &str = "sec-fetch-site";

/// Longest page to go on to. Bytes.
const NEXT_MOST: usize = 2_000;

/// Where to go on, as it is in an address or a form.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// A page of ours.
    pub(crate) fn path(&self) -> String {
        own_path(Some(self.next.as_str()).filter(|next| next.len() <= NEXT_MOST).unwrap_or_default())
    }
}

/// What the browser calls itself.
pub(crate) fn agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// To the sign-in page, if a page of another site led the browser here: who is known elsewhere would be signed in without having asked for
/// it. What says nothing of that is an old browser, or no browser.
pub(crate) fn unasked(headers: &HeaderMap, next: &str) -> Option<Response> {
    let from = headers.get(FETCH_SITE).and_then(|value| value.to_str().ok());
    let page = || SignInQuery { next: next.to_owned(), ..SignInQuery::default() }.address();
    matches!(from, Some("cross-site" | "same-site")).then(|| Redirect::to(&page()).into_response())
}

/// To the page elsewhere, with the browser's secret; or to the sign-in page, which says why not, and goes on to `next`.
pub(crate) fn left(leaving: engine::Result<Leaving>, ctx: &Ctx, next: &str) -> Response {
    let leaving = match leaving {
        Ok(leaving) => leaving,
        Err(error) => return turned_away(error, ctx, next),
    };
    let (browser, life) = (leaving.browser.as_str(), LIFE_MS / 1_000);
    let cookie = format!("{BROWSER_COOKIE}={browser}; Path=/; Max-Age={life}; Secure; HttpOnly; SameSite=Lax");
    (AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to(&leaving.address)).into_response()
}

/// Back, with a new session and the page to go on to; or to the sign-in page.
pub(crate) fn came_back(back: engine::Result<(Token, String)>, ctx: &Ctx) -> Response {
    match back {
        Ok((token, next)) => signed_in(&token, &own_path(&next)),
        Err(error) => turned_away(error, ctx, ""),
    }
}

/// A new session, and on to a page of ours.
pub(crate) fn signed_in(token: &Token, next: &str) -> Response {
    (AppendHeaders([(SET_COOKIE, session_cookie(token))]), Redirect::to(next)).into_response()
}

/// To the sign-in page, which says why.
pub(crate) fn turned_away(error: engine::Error, ctx: &Ctx, next: &str) -> Response {
    match ApiError::of(error, &ctx.request_id) {
        (_, ApiError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        (_, error) => Redirect::to(&SignInQuery::after(&error, next)).into_response(),
    }
}
