//! Sign-in by OpenID Connect (identity.md, Sign-in): `GET /oidc/login` sends a browser to the provider, which sends it back to
//! `GET /oidc/callback`.

use crate::trip::{BROWSER_COOKIE, Next, agent, came_back, left, unasked};
use app::api::context::cookie_of;
use app::api::session::OIDC;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use engine::identity::oidc::{self, CALLBACK};
use engine::{Ctx, Engine};
use serde::Deserialize;

pub(crate) fn routes<S: Clone + Send + Sync + 'static>(engine: Engine) -> Router<S> {
    Router::new().route(OIDC, get(leave)).route(CALLBACK, get(back)).with_state(engine)
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
    let known = cookie_of(&headers, BROWSER_COOKIE);
    left(oidc::leave(&engine, &ctx, known, next.path()).await, &ctx, &next.path())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Back {
    code: String,
    state: String,
    error: String,
    iss: String,
}

async fn back(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Query(said): Query<Back>,
) -> Response {
    let browser = cookie_of(&headers, BROWSER_COOKIE).unwrap_or_default();
    let Back { code, state, error, iss } = &said;
    let back = oidc::Back { state, code, error, issuer: iss };
    came_back(oidc::come_back(&engine, &ctx, back, browser, agent(&headers)).await, &ctx)
}
