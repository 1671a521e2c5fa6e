//! Uploading a package, in parts that may be sent again (docs/their-own-ci.md).

use super::caller::{Body, Caller, Named};
use super::problem::{Problem, Refusals};
use super::wire::{Made, NewUpload, NewVersion, UploadProgress};
use crate::uploads::pieces_of;
use axum::Json;
use axum::body::Body as RawBody;
use axum::http::StatusCode;
use domain::api_token::ApiScope;
use domain::command::version::Upload;
use domain::fields::UploadDraft;
use domain::view::version::UploadState;
use engine::upload;
use uuid::Uuid;

/// Begins an upload. Scope: `upload`.
#[utoipa::path(post, path = "/uploads", tag = "upload", operation_id = "begin_upload", request_body = NewUpload,
    responses((status = 201, description = "The upload", body = UploadProgress), Refusals))]
pub(crate) async fn begin(
    caller: Caller,
    Body(new): Body<NewUpload>,
) -> Result<(StatusCode, Json<UploadProgress>), Problem> {
    caller.may(ApiScope::Upload).await?;
    let begun = upload::begin(&caller.engine, &caller.ctx, caller.publication, &new.file_name, new.size).await;
    begun.map(|state| (StatusCode::CREATED, Json(progress(state)))).map_err(|error| caller.problem(error))
}

/// How far an upload is: which parts are still to be sent. Scope: `upload`.
#[utoipa::path(get, path = "/uploads/{id}", tag = "upload", operation_id = "upload", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The upload", body = UploadProgress), Refusals))]
pub(crate) async fn state(caller: Caller, Named(id): Named<Uuid>) -> Result<Json<UploadProgress>, Problem> {
    theirs(&caller, id).await.map(progress).map(Json)
}

/// Sends a part, from 0. Sent again, the last one counts. Scope: `upload`.
#[utoipa::path(put, path = "/uploads/{id}/parts/{number}", tag = "upload", operation_id = "put_part",
    params(("id" = Uuid, Path), ("number" = i64, Path, minimum = 0)),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 204, description = "It is here"), Refusals))]
pub(crate) async fn put_part(
    caller: Caller,
    Named((id, number)): Named<(Uuid, i64)>,
    body: RawBody,
) -> Result<StatusCode, Problem> {
    theirs(&caller, id).await?;
    let put = upload::put_part(&caller.engine, &caller.ctx, id, number, pieces_of(body)).await;
    put.map(|()| StatusCode::NO_CONTENT).map_err(|error| caller.problem(error))
}

/// Makes a version of an upload, whose stages begin. With an `Idempotency-Key` (a UUID) twice the same is done once. Scope: `upload`.
#[utoipa::path(post, path = "/uploads/{id}/finish", tag = "upload", operation_id = "finish_upload",
    params(("id" = Uuid, Path), ("idempotency-key" = Option<Uuid>, Header)), request_body = NewVersion,
    responses((status = 201, description = "The version", body = Made), Refusals))]
pub(crate) async fn finish(
    caller: Caller,
    Named(upload): Named<Uuid>,
    Body(new): Body<NewVersion>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    // One that is finished is no upload any more: the key may have its answer.
    caller.may(ApiScope::Upload).await?;
    let draft =
        UploadDraft { number: new.number, note: new.note, hosts: new.hosts.into_iter().map(Into::into).collect() };
    let command = Upload { id: caller.publication, seen: 0, key: caller.key, upload, draft };
    let made = upload::finish(&caller.engine, &caller.ctx, command).await.map_err(|error| caller.problem(error))?;
    Ok((StatusCode::CREATED, Json(Made { id: made.0 })))
}

/// The upload, if it is one of the token's publication.
async fn theirs(caller: &Caller, id: Uuid) -> Result<UploadState, Problem> {
    caller.may(ApiScope::Upload).await?;
    let state = upload::state(&caller.engine, &caller.ctx, id).await.map_err(|error| caller.problem(error))?;
    if state.publication == caller.publication { Ok(state) } else { Err(Problem::not_found()) }
}

fn progress(state: UploadState) -> UploadProgress {
    UploadProgress {
        id: state.id,
        size: state.size,
        part_size: state.part_size,
        parts: state.parts.into_iter().map(|(number, _)| number).collect(),
        expires_at: state.expires_at.rfc3339(),
    }
}
