//! Who calls, by their token; and bodies, addresses and queries whose errors are answers of this API.

use super::problem::Problem;
use crate::router::REQUEST_ID;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use domain::api_token::ApiScope;
use domain::{PublicationId, UtcMillis};
use engine::api_token::{self, Bearer};
use engine::{Ctx, Engine};
use serde::de::DeserializeOwned;
use std::net::SocketAddr;
use uuid::Uuid;

/// A JSON body has so many bytes at most.
const BODY_MOST: usize = 256 * 1024;

/// For whom twice the same is to be done once.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Whoever holds the token.
pub(crate) struct Caller {
    pub(crate) engine: Engine,
    pub(crate) ctx: Ctx,
    /// The token's.
    pub(crate) publication: PublicationId,
    /// Of the request, else a new one.
    pub(crate) key: Uuid,
    bearer: Bearer,
}

impl Caller {
    /// # Errors
    /// The token lacks the scope, which is noted in the audit log.
    pub(crate) async fn may(&self, scope: ApiScope) -> Result<(), Problem> {
        let Err(error) = self.bearer.may(scope) else { return Ok(()) };
        let noted = api_token::note_refusal(&self.engine, &self.ctx, self.publication, scope).await;
        Err(self.problem(noted.err().unwrap_or(error)))
    }

    /// What the engine answered.
    pub(crate) fn problem(&self, error: engine::Error) -> Problem {
        Problem::of(error, &self.ctx.request_id)
    }
}

impl FromRequestParts<Engine> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        let text = |name: &HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let request_id = text(&REQUEST_ID).unwrap_or_default().to_owned();
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
        let now: UtcMillis = engine.now();
        let token = text(&AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let Some(token) = token else { return Err(Problem::not_authorised()) };
        let key = match parts.headers.get(IDEMPOTENCY_KEY) {
            Some(key) => key.to_str().ok().and_then(|key| key.parse().ok()),
            None => Some(engine.new_key()),
        };
        let key = key.ok_or_else(|| Problem::bad_request("请求头 Idempotency-Key 要是一个 UUID。"))?;
        let bearer = api_token::resolve(engine, token, now).await.map_err(|error| Problem::of(error, &request_id))?;
        let Some(bearer) = bearer else { return Err(Problem::not_authorised()) };
        let ctx = Ctx {
            now,
            request_id: request_id.into(),
            address: address.unwrap_or_default().into(),
            heard: engine.heard(),
            signed_in: Some(bearer.signed_in.clone()),
        };
        Ok(Self { engine: engine.clone(), ctx, publication: bearer.publication, key, bearer })
    }
}

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Engine> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Engine) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
            let message = "请求体要是 JSON（Content-Type: application/json）。";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_request", message));
        }
        let bytes = axum::body::to_bytes(request.into_body(), BODY_MOST).await;
        let bytes = bytes.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "请求体太大。"))?;
        let read = serde_json::from_slice(&bytes).map(Self);
        read.map_err(|error| Problem::bad_request(format!("请求体不符合接口说明：{error}")))
    }
}

/// What the address names.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Engine> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        let named = Path::<T>::from_request_parts(parts, engine).await;
        named.map(|Path(named)| Self(named)).map_err(|_| Problem::not_found())
    }
}

/// What stands behind the `?`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Engine> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        let asked = Query::<T>::from_request_parts(parts, engine).await;
        asked.map(|Query(asked)| Self(asked)).map_err(|_| Problem::bad_request("地址里的参数不符合接口说明。"))
    }
}
