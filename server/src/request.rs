//! The middleware that turns a request into the engine's context: who, when, from where, under which id.

use crate::plain_page::{escaped, plain_page};
use crate::router::REQUEST_ID;
use app::api::ApiError;
use app::api::asking::BY_ITSELF;
use app::api::context::{Forbade, SESSION_COOKIE, cookie_of};
use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::identity::session;
use engine::{Ctx, Engine};
use std::net::SocketAddr;
use std::sync::Arc;

/// The stream that an open page holds, and opens again whenever it broke off.
const STREAM: &str = "/events";

/// What pages of the release before ask by themselves without saying so ([`BY_ITSELF`]): a tab that was opened before the update goes on
/// (style.md, app: server functions). To be deleted in the release after this one, when all open tabs say it.
const OF_OLDER_TABS: [&str; 4] = ["/api/home/counts", "/api/backup/list", "/api/doctor/report", "/api/audit/check"];

/// What a browser asks something for: `image`, `document`.
const FETCH_DEST: &str = "sec-fetch-dest";

/// In the extensions of an answer: the person did not ask for this file, another site's page did, and nobody would get it so. That it was
/// turned away is no refusal of theirs. Of a page that another site led to there is a row: else who wants none would say that one did.
#[derive(Clone, Copy)]
pub(crate) struct NotAsked;

/// Puts a [`Ctx`] into the request's extensions; of what is forbidden, read or changed, the audit log has a row afterwards. Where the
/// session can't be read it is said so; the log has the cause.
pub(crate) async fn with_context(State(engine): State<Engine>, mut request: Request, next: Next) -> Response {
    let (now, heard) = (engine.now(), engine.heard());
    let request_id = header(request.headers(), REQUEST_ID.as_str()).unwrap_or_default().to_owned();
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
    let address: Arc<str> = address.unwrap_or_default().into();
    let mut ctx = Ctx { now, request_id: request_id.into(), address, heard, signed_in: None };
    let used = is_use(&request);
    let signed_in = match cookie_of(request.headers(), SESSION_COOKIE) {
        None => None,
        Some(token) => match session::resolve(&engine, token, now, used).await {
            Ok(who) => who,
            // Not the same as nobody: who is told to sign in again may lose what they typed.
            Err(error) => {
                return unread(error, &ctx, &request);
            }
        },
    };
    ctx.signed_in = signed_in;
    request.extensions_mut().insert(ctx.clone());
    let (what, forbade) = (request.uri().path().to_owned(), Forbade::default());
    request.extensions_mut().insert(forbade.clone());
    let response = next.run(request).await;
    let is_forbidden = forbade.is_set() || response.status() == StatusCode::FORBIDDEN;
    if is_forbidden
        && response.extensions().get::<NotAsked>().is_none()
        && let Err(error) = engine::audit::note_forbidden(&engine, &ctx, &what).await
    {
        tracing::error!(error = %error, request.id = %ctx.request_id, "that {what} was forbidden could not be noted");
    }
    response
}

/// Whether somebody is there. What an open page listens to, asks by itself, or draws with rows that came so is no use of the session:
/// else it would keep people signed in who have left (identity.md, Sign-in).
fn is_use(request: &Request) -> bool {
    let (headers, path) = (request.headers(), request.uri().path());
    path != STREAM
        && !OF_OLDER_TABS.contains(&path)
        && header(headers, BY_ITSELF).is_none()
        && header(headers, FETCH_DEST) != Some("image")
}

/// The session could not be read: a page for a person, else what every call is answered.
fn unread(error: engine::Error, ctx: &Ctx, request: &Request) -> Response {
    let (status, error) = ApiError::of(error, &ctx.request_id);
    if !header(request.headers(), ACCEPT.as_str()).is_some_and(|kinds| kinds.contains("text/html")) {
        return (status, Json(error)).into_response();
    }
    let way = match *request.method() {
        Method::GET => "<a href=\"\">再试一次</a>",
        // What was typed is there.
        _ => "请用浏览器的“返回”回到表单。",
    };
    plain_page(status, "暂时打不开", &format!("{}<br>{way}", escaped(&error.to_string())), "'none'")
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http;

    #[test]
    fn what_a_page_does_by_itself_is_no_use() {
        let asked = |path: &str, name: &str, value: &str| {
            is_use(&http::Request::get(path).header(name, value).body(Body::empty()).unwrap())
        };
        for used in ["/", "/service?q=x", "/api/version/log?after=-1", "/api/inbox/list", "/upload/1/0"] {
            assert!(asked(used, FETCH_DEST, "empty"), "{used}");
        }
        assert!(asked("/versions/1", FETCH_DEST, "document"));
        assert!(!asked("/api/version/log?after=-1", BY_ITSELF, "1"));
        assert!(!asked("/events?after=7", FETCH_DEST, "empty"));
        assert!(!asked("/icon/0", FETCH_DEST, "image"));
        // A tab that was opened before the update does not say it.
        for older in ["/api/home/counts", "/api/backup/list", "/api/doctor/report?x", "/api/audit/check"] {
            assert!(!asked(older, FETCH_DEST, "empty"), "{older}");
        }
    }
}
