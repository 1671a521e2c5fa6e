//! 导出: what pages show, as a file to be saved: `GET …/history.csv`, `GET /service.xlsx` and so on, with the query of the page.

use crate::attachment::disposition;
use crate::icon::failed;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::query::{HistoryQuery, PublicationQuery};
use domain::{PublicationId, Side};
use engine::export::{Exported, Format};
use engine::{Ctx, Engine, publication};
use std::collections::HashMap;
use uuid::Uuid;

type Parameters = Query<HashMap<String, String>>;

/// 历史 of one publication.
pub(crate) async fn history(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path((id, ending)): Path<(Uuid, String)>,
    Query(parameters): Parameters,
) -> Response {
    let Some(format) = Format::of_ending(&ending) else { return StatusCode::NOT_FOUND.into_response() };
    let query = HistoryQuery::parse(|name| parameters.get(name).cloned());
    answer(publication::export_history(&engine, &ctx, PublicationId(id), &query, format).await, &ctx)
}

/// A name list.
pub(crate) async fn list(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path((side, ending)): Path<(String, String)>,
    Query(parameters): Parameters,
) -> Response {
    let (Some(side), Some(format)) = (Side::from_id(&side), Format::of_ending(&ending)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let query = PublicationQuery::parse(|name| parameters.get(name).cloned());
    answer(publication::export_list(&engine, &ctx, side, &query, format).await, &ctx)
}

fn answer(exported: engine::Result<Exported>, ctx: &Ctx) -> Response {
    match exported {
        Ok(file) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static(file.format.media_type())),
                (CONTENT_DISPOSITION, disposition(&file.name, file.format.ending())),
            ];
            (headers, file.bytes).into_response()
        }
        Err(error) => failed(error, ctx),
    }
}
