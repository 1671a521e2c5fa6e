//! Uploading a package, in parts: routes, not server functions (design.md, Data). Errors are JSON, as those of server functions.

use crate::request;
use app::api::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Extension, Json, Router};
use domain::command::version::Upload;
use domain::fields::UploadDraft;
use domain::view::version::UploadState;
use domain::{PublicationId, VersionId};
use engine::{Ctx, Engine, Error, upload};
use futures_util::{Stream, TryStreamExt as _};
use http_body_util::{LengthLimitError, Limited};
use serde::{Deserialize, Serialize};
use tower_http::limit::RequestBodyLimitLayer;
use uuid::Uuid;

/// A part, and nothing beside it. Bytes.
const PART: usize = upload::PART as usize;

/// The routes; app/src/api/registry.rs lists them with their roles.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(engine: Engine) -> Router<S> {
    Router::new()
        .route("/upload", post(begin))
        .route("/upload/{id}", get(state))
        .route("/upload/{id}/{n}", put(put_part))
        .route("/upload/{id}/finish", post(finish))
        .layer(RequestBodyLimitLayer::new(PART))
        .layer(from_fn_with_state(engine.clone(), request::with_context))
        .with_state(engine)
}

/// What is about to come.
#[derive(Deserialize)]
struct Begin {
    publication: PublicationId,
    file_name: String,
    /// Bytes.
    size: i64,
}

/// What the form of the upload says.
#[derive(Deserialize)]
struct Finish {
    publication: PublicationId,
    /// The aggregate's version that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    draft: UploadDraft,
}

/// The version that the upload became.
#[derive(Serialize)]
struct Finished {
    version: VersionId,
}

/// An error as JSON, with its status.
struct Refused(StatusCode, ApiError);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

fn refused(ctx: &Ctx) -> impl Fn(Error) -> Refused {
    let request_id = ctx.request_id.to_string();
    move |error| {
        let (status, answer) = ApiError::of(error, &request_id);
        Refused(status, answer)
    }
}

async fn begin(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Json(what): Json<Begin>,
) -> Result<Json<UploadState>, Refused> {
    let begun = upload::begin(&engine, &ctx, what.publication, &what.file_name, what.size).await;
    begun.map(Json).map_err(refused(&ctx))
}

async fn state(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<Uuid>,
) -> Result<Json<UploadState>, Refused> {
    upload::state(&engine, &ctx, id).await.map(Json).map_err(refused(&ctx))
}

async fn put_part(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path((id, number)): Path<(Uuid, i64)>,
    body: Body,
) -> Result<StatusCode, Refused> {
    upload::put_part(&engine, &ctx, id, number, pieces_of(body)).await.map_err(refused(&ctx))?;
    Ok(StatusCode::NO_CONTENT)
}

/// A part as it comes. It ends with [`Error::TooLarge`], or with [`Error::Busy`] if the rest does not arrive.
pub(crate) fn pieces_of(body: Body) -> impl Stream<Item = Result<Bytes, Error>> {
    Body::new(Limited::new(body, PART)).into_data_stream().map_err(|error| not_whole(&error))
}

/// Why a part did not arrive: it is too large for good, or it came to rest on its way and may be sent again.
fn not_whole(error: &axum::Error) -> Error {
    let mut cause = Some(error as &dyn std::error::Error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Error::TooLarge;
        }
        cause = error.source();
    }
    Error::Busy
}

async fn finish(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(upload): Path<Uuid>,
    Json(form): Json<Finish>,
) -> Result<Json<Finished>, Refused> {
    let command = Upload { id: form.publication, seen: form.seen, key: form.key, upload, draft: form.draft };
    let version = upload::finish(&engine, &ctx, command).await.map_err(refused(&ctx))?;
    Ok(Json(Finished { version }))
}
