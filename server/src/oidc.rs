//! Sign-in by OpenID Connect (identity.md, Sign-in): `GET /oidc/login` sends a browser to the provider, which sends it back to
//! `GET /oidc/callback`.

use crate::trip::{BROWSER_COOKIE, Next, agent, sent, signed_in, turned_away};
use app::api::context::cookie_of;
use app::api::session::{OIDC, own_path};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use engine::identity::oidc::{self, CALLBACK};
use engine::{Ctx, Engine};
use serde::Deserialize;

pub(crate) fn routes<S: Clone + Send + Sync + 'static>(engine: Engine) -> Router<S> {
    Router::new().route(OIDC, get(leave)).route(CALLBACK, get(come_back)).with_state(engine)
}

async fn leave(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Response {
    let known = cookie_of(&headers, BROWSER_COOKIE);
    match oidc::leave(&engine, &ctx, known, next.path()).await {
        Ok(leaving) => sent(&leaving),
        Err(error) => turned_away(error, &ctx, &next.path()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Back {
    code: String,
    state: String,
    error: String,
    iss: String,
}

async fn come_back(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    let browser = cookie_of(&headers, BROWSER_COOKIE).unwrap_or_default();
    let Back { code, state, error, iss } = &back;
    let back = oidc::Back { state, code, error, issuer: iss };
    match oidc::come_back(&engine, &ctx, back, browser, agent(&headers)).await {
        Ok((token, next)) => signed_in(&token, &own_path(&next)),
        Err(error) => turned_away(error, &ctx, ""),
    }
}
