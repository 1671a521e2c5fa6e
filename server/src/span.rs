//! What the log and traces say of a request.

use crate::hosting::host_of;
use crate::router::REQUEST_ID;
use axum::http::{Request, Response};
use engine::Engine;
use std::time::Duration;
use tower_http::classify::ServerErrorsFailureClass;
use tracing::Span;
use tracing::field::Empty;

/// Within it stands whatever is logged while the request is answered.
pub(crate) fn of<B>(engine: &Engine, request: &Request<B>) -> Span {
    let id = request.headers().get(&REQUEST_ID).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let application = engine.workshop().apps.label(host_of(request)).is_some();
    tracing::info_span!(
        "request",
        request.id = id,
        http.method = %request.method(),
        http.path = if application { "(application)" } else { shown(request.uri().path()) },
        http.status = Empty,
        otel.status_code = Empty,
    )
}

/// Without a code that somebody could sign in with.
fn shown(path: &str) -> &str {
    if path.starts_with("/scan/") { "/scan/…" } else { path }
}

/// For whoever looks at traces.
pub(crate) fn note_answer<B>(answer: &Response<B>, _: Duration, span: &Span) {
    span.record("http.status", answer.status().as_u16());
    if answer.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// An answer that broke off while it was sent. Of one that says itself that it failed, a line says why where that was found out (style.md,
/// logging), and of one that says that there is too much to do nobody has to know why: neither has another here.
pub(crate) fn note_failure(failure: ServerErrorsFailureClass, _: Duration, span: &Span) {
    if let ServerErrorsFailureClass::Error(cause) = failure {
        tracing::error!(parent: span, error = %cause, "an answer broke off");
    }
}
