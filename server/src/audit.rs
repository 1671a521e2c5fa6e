//! 审计 as files: `GET /admin/audit/export/{ending}`, with the query of the page, and `GET /admin/audit/anchor?date=2026-11-24`.
//!
//! Each is noted in the log that it is taken of, so it is done for whoever asked on our pages, not for another site's link.

use crate::attachment::disposition;
use crate::export::{Parameters, answer};
use crate::icon::failed;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::query::AuditQuery;
use domain::time::Date;
use engine::export::Format;
use engine::{Ctx, Engine, audit};

/// What the page's filter finds.
pub(crate) async fn export(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(ending): Path<String>,
    Query(parameters): Parameters,
) -> Response {
    let Some(format) = Format::of_ending(&ending) else { return StatusCode::NOT_FOUND.into_response() };
    let query = AuditQuery::parse(|name| parameters.get(name).cloned());
    answer(audit::export(&engine, &ctx, &query, format).await, &ctx)
}

/// 每日锚点 of a day; without one, the newest.
pub(crate) async fn anchor(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Query(parameters): Parameters,
) -> Response {
    let date = parameters.get("date").map(|text| Date::parse(text));
    // A day that is none is not taken for "the newest".
    let Ok(date) = date.map(|date| date.ok_or(())).transpose() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match audit::anchor(&engine, &ctx, date).await {
        Ok(anchor) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (CONTENT_DISPOSITION, disposition(&format!("审计锚点-{}", anchor.date), "json")),
            ];
            (headers, anchor.line() + "\n").into_response()
        }
        Err(error) => failed(error, &ctx),
    }
}
