//! What a server function finds around it: the engine, who asks, and the answer's status and cookies.

use super::ApiError;
use axum::http::header::{ACCEPT, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use engine::identity::session::Token;
use engine::{Ctx, Engine};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

/// The session's cookie: this host alone, never over plain http, never for scripts.
pub const SESSION_COOKIE: &str = "__Host-session";

/// Under which host the applications are that we host: `http://apps.localhost:3000`.
#[derive(Clone, Debug)]
pub struct AppsBase(pub String);

impl AppsBase {
    /// Where they are while no setting says otherwise: on this machine, at the port on which the server listens.
    pub fn local(port: u16) -> Self {
        Self(format!("http://apps.localhost:{port}"))
    }

    /// The address of a hosted application, by its host's label.
    pub fn address(&self, label: &str) -> String {
        let (scheme, host) = self.0.split_once("://").unwrap_or(("http", &self.0));
        format!("{scheme}://{label}.{host}/")
    }
}

/// Hands the engine to the server functions and pages of one request, and where hosted applications are.
pub fn provide(engine: Engine, apps: AppsBase) {
    provide_context(engine);
    provide_context(apps);
}

/// Where hosted applications are.
pub(crate) fn apps_base() -> AppsBase {
    use_context().unwrap_or_else(|| AppsBase::local(80))
}

/// The engine and the context of the request.
///
/// # Errors
/// [`ApiError::Internal`] where there is none: a page was rendered outside a request.
pub(crate) fn request() -> Result<(Engine, Ctx), ApiError> {
    let ctx = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Ctx>().cloned());
    use_context::<Engine>().zip(ctx).ok_or_else(|| ApiError::Internal { request_id: String::new() })
}

/// The name the browser gives itself.
pub(crate) fn agent() -> String {
    header(&USER_AGENT).unwrap_or_default()
}

/// Whether a form was posted without scripts: the answer is a page then, not data.
pub(crate) fn is_plain_form() -> bool {
    header(&ACCEPT).is_some_and(|accept| accept.contains("text/html")) && is_server_function()
}

/// Sends a plain form on to a page; scripts do that by themselves.
pub(crate) fn send_on(path: &str) {
    if is_plain_form() {
        leptos_axum::redirect(path);
    }
}

/// Gives the browser its session.
pub(crate) fn set_session(token: &Token) {
    set_cookie(&format!("{SESSION_COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax", token.as_str()));
}

/// Takes it away.
pub(crate) fn clear_session() {
    set_cookie(&format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"));
}

/// The framework answers every error with 500, and a page with 200: this says what it is. Not for a plain form, whose answer
/// is a redirect.
pub(crate) fn set_status(status: StatusCode) {
    if let (false, Some(response)) = (is_plain_form(), use_context::<ResponseOptions>()) {
        response.set_status(status);
    }
}

fn set_cookie(cookie: &str) {
    if let (Ok(value), Some(response)) = (HeaderValue::from_str(cookie), use_context::<ResponseOptions>()) {
        response.append_header(SET_COOKIE, value);
    }
}

fn is_server_function() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"))
}

fn header(name: &HeaderName) -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
