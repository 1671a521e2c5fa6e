//! The middleware that turns a request into the engine's context: who, when, from where, under which id.

use crate::plain_page::{escaped, plain_page};
use crate::router::REQUEST_ID;
use app::api::ApiError;
use app::api::context::{SESSION_COOKIE, cookie_of};
use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::identity::session;
use engine::{Ctx, Engine};
use std::net::SocketAddr;
use std::sync::Arc;

/// What open pages ask by themselves, when something happened: no use of the session.
const BY_ITSELF: [&str; 1] = ["/api/home/counts"];

/// Puts a [`Ctx`] into the request's extensions. A session that can't be read counts as none; the log has the cause.
pub(crate) async fn with_context(State(engine): State<Engine>, mut request: Request, next: Next) -> Response {
    let (now, heard) = (engine.now(), engine.heard());
    let request_id = header(request.headers(), REQUEST_ID.as_str()).unwrap_or_default().to_owned();
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
    let address: Arc<str> = address.unwrap_or_default().into();
    let mut ctx = Ctx { now, request_id: request_id.into(), address, heard, signed_in: None };
    let signed_in = match cookie_of(request.headers(), SESSION_COOKIE) {
        None => None,
        Some(token) => match session::resolve(&engine, token, now, !BY_ITSELF.contains(&request.uri().path())).await {
            Ok(who) => who,
            // Not the same as nobody: who is told to sign in again may lose what they typed.
            Err(error) => {
                let to_read =
                    header(request.headers(), ACCEPT.as_str()).is_some_and(|kinds| kinds.contains("text/html"));
                return unread(error, &ctx, to_read);
            }
        },
    };
    ctx.signed_in = signed_in;
    request.extensions_mut().insert(ctx);
    next.run(request).await
}

/// The session could not be read: a page for a person, else what every call is answered.
fn unread(error: engine::Error, ctx: &Ctx, to_read: bool) -> Response {
    let (status, error) = ApiError::of(error, &ctx.request_id);
    if !to_read {
        return (status, Json(error)).into_response();
    }
    let text = format!("{}<p><a href=\"\">再试一次</a></p>", escaped(&error.to_string()));
    plain_page(status, "暂时打不开", &text, "'none'")
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
