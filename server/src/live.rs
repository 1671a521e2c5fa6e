//! The stream of what changes, for open pages (design.md, Live events): `GET /events?after=SEQ`, server-sent events.

use crate::icon::failed;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use engine::live::{self, Listener};
use engine::{Ctx, Engine};
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;

/// Something is sent at least so often, so that no proxy takes the stream for dead, and we notice that nobody is there.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

/// A browser comes back after so long.
const RETRY: Duration = Duration::from_secs(2);

/// What a browser names that comes back by itself.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Proxies like nginx hold answers back without it.
const NO_BUFFERING: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The number of the last audit event that the page knows; without it: from now on.
    after: Option<i64>,
}

/// Goes on until the person leaves, the session ends, or the server stops.
pub(crate) async fn get(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let resumes = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok());
    let after = resumes.or(asked.after).unwrap_or(ctx.heard);
    match live::listen(&engine, &ctx, after).await {
        Ok(listener) => {
            let events = stream::unfold(listener, next);
            ([NO_BUFFERING], Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE_EVERY))).into_response()
        }
        Err(error) => failed(error, &ctx),
    }
}

async fn next(mut listener: Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    let heard = listener.next().await?;
    let event = Event::default().id(heard.seq().to_string()).retry(RETRY).json_data(heard);
    match event {
        Ok(event) => Some((Ok(event), listener)),
        Err(error) => {
            tracing::error!(error = %error, "a change could not be told");
            None
        }
    }
}
