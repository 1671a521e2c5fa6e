//! The middleware that turns a request into the engine's context: who, when, from where, under which id.

use crate::router::REQUEST_ID;
use app::api::context::{SESSION_COOKIE, cookie_of};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
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
    let signed_in = match cookie_of(request.headers(), SESSION_COOKIE) {
        None => None,
        Some(token) => match session::resolve(&engine, token, now, !BY_ITSELF.contains(&request.uri().path())).await {
            Ok(who) => who,
            // Not the same as nobody: who is told to sign in again may lose what they typed.
            Err(error) => {
                tracing::error!(error = %error, request.id = request_id, "the session could not be read");
                return (StatusCode::SERVICE_UNAVAILABLE, "服务器暂时读不到登录状态，请稍后再试。").into_response();
            }
        },
    };
    let address: Arc<str> = address.unwrap_or_default().into();
    request.extensions_mut().insert(Ctx { now, request_id: request_id.into(), address, heard, signed_in });
    next.run(request).await
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
