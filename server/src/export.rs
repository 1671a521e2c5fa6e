//! 导出: what pages show, as a file to be saved: `GET /publications/{id}/history/{ending}` and `GET /export/{side}/{ending}`, with the
//! query of the page; and packages as they were uploaded.
//!
//! Each is noted in the audit log, so it is done for whoever asked on our pages, not for another site's link.

use crate::attachment::disposition;
use crate::icon::failed;
use crate::request::NotAsked;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::query::{HistoryQuery, PublicationQuery};
use domain::{PublicationId, Side, VersionId};
use engine::export::{Exported, Format};
use engine::{Ctx, Engine, publication, version};
use std::collections::HashMap;
use uuid::Uuid;

/// The query of an address, by name.
pub(crate) type Parameters = Query<HashMap<String, String>>;

/// Before what is noted: HEAD would note a file that nobody got; another site's link one that the person did not ask for.
pub(crate) async fn only_when_asked(request: Request, next: Next) -> Response {
    let cross_site = request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if request.method() != Method::GET {
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    } else if cross_site {
        (Extension(NotAsked), StatusCode::FORBIDDEN).into_response()
    } else {
        next.run(request).await
    }
}

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

/// The picture of a version's preview: `GET /versions/{id}/picture`.
pub(crate) async fn picture(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<Uuid>,
) -> Response {
    match version::picture(&engine, &ctx, VersionId(id)).await {
        // The page names the picture's hash in the address.
        Ok(png) => {
            ([(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, "private, max-age=3600, immutable")], png).into_response()
        }
        Err(error) => failed(error, &ctx),
    }
}

/// The package of a version, as it was uploaded: `GET /versions/{id}/package`.
pub(crate) async fn package(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<Uuid>,
) -> Response {
    match version::uploaded(&engine, &ctx, VersionId(id)).await {
        Ok(found) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("application/zip")),
                (CONTENT_DISPOSITION, disposition(&found.file_name, "zip")),
                (CONTENT_LENGTH, HeaderValue::from(found.size)),
            ];
            (headers, Body::from_stream(found.content)).into_response()
        }
        Err(error) => failed(error, &ctx),
    }
}

/// The file, or why there is none.
pub(crate) fn answer(exported: engine::Result<Exported>, ctx: &Ctx) -> Response {
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
