//! What is done with a publication: flat functions outside, one door in the engine (`publication::apply`).
//!
//! Each sends a form without scripts on to the publication's page, or back to where it came from when it is refused: that page
//! says why, from the rules.

use crate::api::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::fields::ApprovalDraft;
use domain::rollout::RolloutAction;
use domain::view::publication::ApprovalFormView;
use domain::{PublicationId, UtcMillis, VersionId};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use {crate::api::context, domain::Action, domain::command::publication as command};

/// 提交验收.
#[server(endpoint = "publication/submit_for_acceptance", output = Json)]
pub async fn publication_submit_for_acceptance(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// The version that the page showed.
    version: VersionId,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let command = command::SubmitForAcceptance { id, seen, key, version };
    let back = crate::parts::more::workbench_page(id);
    context::finish(engine::publication::submit_for_acceptance(&engine, &ctx, command).await, &back, &back)
}

/// 验收成功.
#[server(endpoint = "publication/accept", output = Json)]
pub async fn publication_accept(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// The version that was looked at.
    version: VersionId,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::publication::accept(&engine, &ctx, command::Accept { id, seen, key, version }).await;
    context::acted(done, id, Action::Accept)
}

/// 验收拒绝.
#[server(endpoint = "publication/reject", output = Json)]
pub async fn publication_reject(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// The version that was looked at.
    version: VersionId,
    /// Why, as typed.
    reason: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::publication::reject(&engine, &ctx, command::Reject { id, seen, key, version, reason }).await;
    context::acted(done, id, Action::Accept)
}

/// 重新部署.
#[server(endpoint = "publication/redeploy", output = Json)]
pub async fn publication_redeploy(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::publication::redeploy(&engine, &ctx, command::Redeploy { id, seen, key }).await;
    context::acted(done, id, Action::Redeploy)
}

/// 版本升级.
#[server(endpoint = "publication/upgrade", output = Json)]
pub async fn publication_upgrade(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::publication::upgrade(&engine, &ctx, command::Upgrade { id, seen, key }).await;
    context::acted(done, id, Action::Upgrade)
}

/// 撤销升级.
#[server(endpoint = "publication/cancel_upgrade", output = Json)]
pub async fn publication_cancel_upgrade(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::publication::cancel_upgrade(&engine, &ctx, command::CancelUpgrade { id, seen, key }).await;
    context::acted(done, id, Action::CancelUpgrade)
}

/// 重新发布.
#[server(endpoint = "publication/republish", output = Json)]
pub async fn publication_republish(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::publication::republish(&engine, &ctx, command::Republish { id, seen, key }).await;
    context::acted(done, id, Action::Republish)
}

/// 配置完成.
#[server(endpoint = "publication/complete_configuration", output = Json)]
pub async fn publication_complete_configuration(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// The version that the page showed.
    version: VersionId,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let command = command::CompleteConfiguration { id, seen, key, version };
    let back = crate::parts::more::workbench_page(id);
    context::finish(engine::publication::complete_configuration(&engine, &ctx, command).await, &back, &back)
}

/// What the approval form opens with.
#[server(endpoint = "publication/approval_form", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_approval_form(
    /// Which.
    id: PublicationId,
    /// Whether the draft's errors are wanted: it came back from [`publication_submit_for_approval`] without scripts.
    check: bool,
) -> Result<ApprovalFormView, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::publication::approval_form(&engine, &ctx, id, check).await?)
}

/// Keeps the approval form as typed so far; answers when.
#[server(endpoint = "publication/save_approval_draft", output = Json)]
pub async fn publication_save_approval_draft(
    /// Which.
    id: PublicationId,
    /// As typed.
    draft: ApprovalDraft,
) -> Result<UtcMillis, ApiError> {
    let (engine, ctx) = context::request()?;
    let saved = engine::publication::save_approval_draft(&engine, &ctx, id, &draft).await?;
    context::send_to_page_of(id, Action::SubmitForApproval);
    Ok(saved)
}

/// 提交审批.
#[server(endpoint = "publication/submit_for_approval", output = Json)]
pub async fn publication_submit_for_approval(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// As typed.
    draft: ApprovalDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    // Nothing typed is lost, whatever comes next.
    if context::is_plain_form() {
        engine::publication::save_approval_draft(&engine, &ctx, id, &draft).await?;
    }
    let command = command::SubmitForApproval { id, seen, key, draft };
    let done = engine::publication::submit_for_approval(&engine, &ctx, command).await;
    context::acted(done, id, Action::SubmitForApproval)
}

/// 暂停, 继续, 回到旧版本, or the start of a batch, of the plan by which a version goes live.
#[server(endpoint = "publication/steer_rollout", output = Json)]
pub async fn publication_steer_rollout(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// The version whose plan the page showed.
    version: VersionId,
    /// What to do.
    action: RolloutAction,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let command = domain::command::rollout::Steer { id, seen, key, version, action };
    let page = crate::parts::more::detail_page(id);
    context::finish(engine::rollout::steer(&engine, &ctx, command).await, &page, &format!("{page}?check=true"))
}
