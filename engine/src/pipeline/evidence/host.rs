//! The preview as the sandboxed browser gets it: one host, as the server's hosting answers it, without what is for caches.

use crate::Engine;
use crate::hosting::{self, Site};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Trusted by browsers as https is: what asks for a secure context gets it, as it will when it is live.
pub(super) const ORIGIN: &str = "http://preview.localhost";

/// Answers for that host alone.
pub(super) fn router(engine: Engine, site: Arc<Site>) -> Router {
    Router::new().fallback(answer).with_state((engine, site))
}

async fn answer(State((engine, site)): State<(Engine, Arc<Site>)>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if ORIGIN.strip_prefix("http://") != Some(host) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let path = request.uri().path();
    // What the policy refuses is told by the browser itself: not counted with what visitors report.
    if request.method() != Method::GET || path.starts_with("/__") {
        return StatusCode::NO_CONTENT.into_response();
    }
    let (kind, body) = if path == "/app-env.js" {
        ("text/javascript; charset=utf-8", Body::from(site.environment.clone()))
    } else {
        let Some(file) = site.resolve(path) else {
            // Browsers ask for it unasked.
            let status = if path == "/favicon.ico" { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND };
            return status.into_response();
        };
        match hosting::stream(&engine, &file.entry.sha256, None).await {
            Ok(Some(pieces)) => (file.entry.mime.as_str(), Body::from_stream(pieces)),
            Ok(None) => return StatusCode::NOT_FOUND.into_response(),
            Err(error) => {
                tracing::warn!(error = %error, "a file of a preview could not be read");
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        }
    };
    let headers =
        [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, site.policy.as_str()), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, body).into_response()
}
