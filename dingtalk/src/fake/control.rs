//! What a browser test tells the gateway, and asks it: JSON, below `/fake`.
//!
//! | call | body | answer |
//! | --- | --- | --- |
//! | `GET /fake/people` | | the people |
//! | `GET /fake/sent` | | the notifications that were taken, withdrawn ones marked |
//! | `GET /fake/calls` | | the paths of all calls |
//! | `GET /fake/refusals` | | what calls were refused with |
//! | `POST /fake/fail` | `{"how":"http500","path":"/gettoken.json","times":2}` | nothing; without path: any; without times: once |
//! | `POST /fake/heal` | | nothing; no call fails any more |
//! | `POST /fake/expire-tokens` | | nothing |
//! | `POST /fake/auth-code` | `{"account_id":100135}` | `{"auth_code":"code7"}`, as the app gives it |

use super::desk::{Desk, Fails, Kind, Person, Sent};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/people", get(people))
        .route("/sent", get(sent))
        .route("/calls", get(calls))
        .route("/refusals", get(refusals))
        .route("/fail", post(fail))
        .route("/heal", post(heal))
        .route("/expire-tokens", post(expire_tokens))
        .route("/auth-code", post(auth_code))
}

async fn people(State(desk): State<Arc<Desk>>) -> Json<Vec<Person>> {
    Json(desk.setup.people.clone())
}

async fn sent(State(desk): State<Arc<Desk>>) -> Json<Vec<Sent>> {
    Json(desk.sent.borrow().clone())
}

async fn calls(State(desk): State<Arc<Desk>>) -> Json<Vec<String>> {
    Json(desk.calls())
}

async fn refusals(State(desk): State<Arc<Desk>>) -> Json<Vec<String>> {
    Json(desk.refusals())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    how: Fails,
    path: Option<String>,
    times: Option<u32>,
}

async fn fail(State(desk): State<Arc<Desk>>, Json(failing): Json<Failing>) -> StatusCode {
    desk.fail(failing.path, failing.how, failing.times.unwrap_or(1));
    StatusCode::NO_CONTENT
}

async fn heal(State(desk): State<Arc<Desk>>) -> StatusCode {
    desk.forget_failures();
    StatusCode::NO_CONTENT
}

async fn expire_tokens(State(desk): State<Arc<Desk>>) -> StatusCode {
    desk.expire_tokens();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Opened {
    account_id: i64,
}

#[derive(Serialize)]
struct AuthCode {
    auth_code: String,
}

async fn auth_code(State(desk): State<Arc<Desk>>, Json(by): Json<Opened>) -> Result<Json<AuthCode>, StatusCode> {
    let auth_code = desk.new_code(by.account_id, Kind::InApp).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(AuthCode { auth_code }))
}
