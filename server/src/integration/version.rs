//! Versions: how far they are, what was found, and what is done with them.

use super::caller::{Asked, Caller, Named};
use super::problem::{Problem, Refusals};
use super::wire::{Changed, FindingLine, LogPart, StageState, VersionLine, VersionState};
use axum::Json;
use axum::http::StatusCode;
use domain::api_token::ApiScope;
use domain::command::publication::{CompleteConfiguration, SubmitForAcceptance};
use domain::view::version::VersionDetail;
use domain::{Stage, StageStatus, VersionId, words};
use engine::publication::Done;
use engine::{publication, version};
use serde::Deserialize;
use uuid::Uuid;

/// The versions of the publication, newest first, at most 50. Scope: `read`.
#[utoipa::path(get, path = "/versions", tag = "version", operation_id = "versions", responses((status = 200, description = "The versions", body = [VersionLine]), Refusals))]
pub(crate) async fn list(caller: Caller) -> Result<Json<Vec<VersionLine>>, Problem> {
    caller.may(ApiScope::Read).await?;
    let detail = publication::detail(&caller.engine, &caller.ctx, caller.publication).await;
    let detail = detail.map_err(|error| caller.problem(error))?;
    let line = |of: domain::view::VersionRow| VersionLine {
        id: of.id.0,
        number: of.number.to_string(),
        note: of.note,
        uploaded_at: of.uploaded_at.rfc3339(),
        live: of.live,
        passed: of.stages.iter().all(|(_, status)| *status == StageStatus::Passed),
    };
    Ok(Json(detail.versions.into_iter().map(line).collect()))
}

/// How far a version is. Scope: `read`.
#[utoipa::path(get, path = "/versions/{id}", tag = "version", operation_id = "version", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The version", body = VersionState), Refusals))]
pub(crate) async fn state(caller: Caller, Named(id): Named<Uuid>) -> Result<Json<VersionState>, Problem> {
    let of = theirs(&caller, id, ApiScope::Read).await?;
    let preview = version::present_preview(&caller.engine, &caller.ctx, of.id).await;
    let preview = preview.map_err(|error| caller.problem(error))?;
    Ok(Json(VersionState {
        id,
        number: of.number.to_string(),
        under_way: of.under_way,
        passed: of.stages.iter().all(|stage| stage.status == StageStatus::Passed),
        ahead: of.queue.map(|place| place.ahead),
        bundle: of.bundle,
        preview_address: preview.map(|preview| preview.address),
        live: of.live,
        stages: of.stages.iter().map(|stage| StageState::of(stage, &of.external)).collect(),
    }))
}

/// What the stages found, those that block first. Scope: `read`.
#[utoipa::path(get, path = "/versions/{id}/findings", tag = "version", operation_id = "findings", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The findings", body = [FindingLine]), Refusals))]
pub(crate) async fn findings(caller: Caller, Named(id): Named<Uuid>) -> Result<Json<Vec<FindingLine>>, Problem> {
    let of = theirs(&caller, id, ApiScope::Read).await?;
    let mut found: Vec<FindingLine> =
        of.external.iter().filter(|host| !host.allowed).map(FindingLine::of_host).collect();
    for stage in of.stages {
        found.extend(stage.findings.into_iter().map(|finding| FindingLine::of(stage.stage.id(), finding)));
    }
    found.sort_by_key(|finding| finding.severity);
    Ok(Json(found))
}

/// Which part of a log.
#[derive(Deserialize)]
pub(crate) struct After {
    #[serde(default = "beginning")]
    after: i64,
}

const fn beginning() -> i64 {
    -1
}

/// What of a stage's log is new. While `over` is false, more may come. Scope: `read`.
#[utoipa::path(get, path = "/versions/{id}/logs/{stage}", tag = "version", operation_id = "log",
    params(("id" = Uuid, Path), ("stage" = String, Path, description = "`source_check`, `build`, `link_check` or `deploy_test`"),
        ("after" = Option<i64>, Query, minimum = -1, description = "`next` of the part before; from the beginning without it")),
    responses((status = 200, description = "The part of the log", body = LogPart), Refusals))]
pub(crate) async fn log(
    caller: Caller,
    Named((id, stage)): Named<(Uuid, String)>,
    Asked(After { after }): Asked<After>,
) -> Result<Json<LogPart>, Problem> {
    let of = theirs(&caller, id, ApiScope::Read).await?;
    let stage = Stage::from_id(&stage).ok_or_else(Problem::not_found)?;
    if after < beginning() {
        return Err(Problem::bad_request("after 要是上一次答复里的 next，第一次不写。"));
    }
    let page = version::log(&caller.engine, &caller.ctx, of.id, stage, after).await;
    let page = page.map_err(|error| caller.problem(error))?;
    // What passes by is for eyes: programs get what is kept.
    let kept = || page.pieces.iter().filter(|piece| !piece.is_passing());
    let next = kept().next_back().map_or(after, |piece| piece.number);
    let text = kept().map(|piece| piece.body.as_str()).collect();
    Ok(Json(LogPart { text, next, over: page.over }))
}

/// 取消运行: what runs or waits of a version is stopped. Scope: `upload`.
#[utoipa::path(post, path = "/versions/{id}/cancel", tag = "version", operation_id = "cancel", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is stopped"), Refusals))]
pub(crate) async fn cancel(caller: Caller, Named(id): Named<Uuid>) -> Result<StatusCode, Problem> {
    let of = theirs(&caller, id, ApiScope::Upload).await?;
    let cancelled = version::cancel(&caller.engine, &caller.ctx, of.id).await;
    cancelled.map(|_| StatusCode::NO_CONTENT).map_err(|error| caller.problem(error))
}

/// 提交验收 of a version. With an `Idempotency-Key` (a UUID) twice the same is done once. Scope: `submit`.
#[utoipa::path(post, path = "/versions/{id}/submit", tag = "version", operation_id = "submit",
    params(("id" = Uuid, Path), ("idempotency-key" = Option<Uuid>, Header)),
    responses((status = 200, description = "The publication now", body = Changed), Refusals))]
pub(crate) async fn submit(caller: Caller, Named(id): Named<Uuid>) -> Result<Json<Changed>, Problem> {
    let of = theirs(&caller, id, ApiScope::Submit).await?;
    let command = SubmitForAcceptance { id: of.publication, seen: 0, key: caller.key, version: of.id };
    let done = publication::submit_for_acceptance(&caller.engine, &caller.ctx, command).await;
    done.map(changed).map_err(|error| caller.problem(error))
}

/// 配置完成 with a version: it goes live, at once or by the plan that was approved. With an `Idempotency-Key` (a UUID) twice the same is done once. Scope: `configure`.
#[utoipa::path(post, path = "/versions/{id}/complete-configuration", tag = "version", operation_id = "complete_configuration",
    params(("id" = Uuid, Path), ("idempotency-key" = Option<Uuid>, Header)),
    responses((status = 200, description = "The publication now", body = Changed), Refusals))]
pub(crate) async fn complete_configuration(caller: Caller, Named(id): Named<Uuid>) -> Result<Json<Changed>, Problem> {
    let of = theirs(&caller, id, ApiScope::Configure).await?;
    let command = CompleteConfiguration { id: of.publication, seen: 0, key: caller.key, version: of.id };
    let done = publication::complete_configuration(&caller.engine, &caller.ctx, command).await;
    done.map(changed).map_err(|error| caller.problem(error))
}

fn changed(done: Done) -> Json<Changed> {
    Json(Changed { state: done.state.id(), state_word: words::state(done.state) })
}

/// The version, if it is one of the token's publication.
async fn theirs(caller: &Caller, id: Uuid, scope: ApiScope) -> Result<VersionDetail, Problem> {
    caller.may(scope).await?;
    let of = version::detail(&caller.engine, &caller.ctx, VersionId(id)).await.map_err(|e| caller.problem(e))?;
    if of.publication == caller.publication { Ok(of) } else { Err(Problem::not_found()) }
}
