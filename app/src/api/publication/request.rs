//! The forms about one publication: 修改登记信息, 信息变更, 下线, 版本回退, 渠道申请. What they open with, their drafts, and sending them.
//!
//! As in [`super::act`], a form without scripts is sent on to the publication's page, or back with what was typed and what is
//! wrong with it.

use crate::api::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::fields::{ChannelsDraft, OfflineDraft, Registration, RollBackDraft};
use domain::view::directory::FurtherChannel;
use domain::view::publication::{ChangeForm, Numbers, RequestForm};
use domain::view::work_order::ReleaseView;
use domain::{Action, PublicationId, UtcMillis};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use {crate::api::context, domain::command::publication as command};

/// What 修改登记信息 or 信息变更 opens with.
#[server(endpoint = "publication/change_form", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_change_form(
    /// Which.
    id: PublicationId,
    /// Which of the two.
    action: Action,
    /// Whether the draft's errors are wanted: it came back without scripts.
    check: bool,
) -> Result<ChangeForm, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::publication::change_form(&engine, &ctx, id, action, check).await?)
}

/// Keeps a change as typed so far; answers when.
#[server(endpoint = "publication/save_change_draft", output = Json)]
pub async fn publication_save_change_draft(
    /// Which.
    id: PublicationId,
    /// Which of the two.
    action: Action,
    /// As typed.
    draft: Registration,
) -> Result<UtcMillis, ApiError> {
    let (engine, ctx) = context::request()?;
    let saved = engine::publication::save_change_draft(&engine, &ctx, id, action, draft).await?;
    context::send_to_page_of(id, action);
    Ok(saved)
}

/// 修改登记信息.
#[server(endpoint = "publication/correct_registration", output = Json)]
pub async fn publication_correct_registration(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// As typed.
    draft: Registration,
) -> Result<Numbers, ApiError> {
    let (engine, ctx) = context::request()?;
    let action = Action::CorrectRegistration;
    // Nothing typed is lost, whatever comes next.
    if context::is_plain_form() {
        engine::publication::save_change_draft(&engine, &ctx, id, action, draft.clone()).await?;
    }
    let command = command::CorrectRegistration { id, seen, key, draft };
    context::changed(engine::publication::correct_registration(&engine, &ctx, command).await, id, action)
}

/// 信息变更.
#[server(endpoint = "publication/request_info_change", output = Json)]
pub async fn publication_request_info_change(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// As typed.
    draft: Registration,
) -> Result<Numbers, ApiError> {
    let (engine, ctx) = context::request()?;
    let action = Action::RequestInfoChange;
    if context::is_plain_form() {
        engine::publication::save_change_draft(&engine, &ctx, id, action, draft.clone()).await?;
    }
    let command = command::RequestInfoChange { id, seen, key, draft };
    context::changed(engine::publication::request_info_change(&engine, &ctx, command).await, id, action)
}

/// What 下线 opens with.
#[server(endpoint = "publication/offline_form", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_offline_form(
    /// Which.
    id: PublicationId,
    /// Whether the draft's errors are wanted.
    check: bool,
) -> Result<RequestForm<OfflineDraft>, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::publication::offline_form(&engine, &ctx, id, check).await?)
}

/// Keeps it as typed so far; answers when.
#[server(endpoint = "publication/save_offline_draft", output = Json)]
pub async fn publication_save_offline_draft(
    /// Which.
    id: PublicationId,
    /// As typed.
    draft: OfflineDraft,
) -> Result<UtcMillis, ApiError> {
    let (engine, ctx) = context::request()?;
    let saved = engine::publication::save_offline_draft(&engine, &ctx, id, &draft).await?;
    context::send_to_page_of(id, Action::TakeOffline);
    Ok(saved)
}

/// 下线.
#[server(endpoint = "publication/take_offline", output = Json)]
pub async fn publication_take_offline(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// As typed.
    draft: OfflineDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    if context::is_plain_form() {
        engine::publication::save_offline_draft(&engine, &ctx, id, &draft).await?;
    }
    let done = engine::publication::take_offline(&engine, &ctx, command::TakeOffline { id, seen, key, draft }).await;
    context::acted(done, id, Action::TakeOffline)
}

/// What 版本回退 opens with, and the versions to choose from.
#[server(endpoint = "publication/roll_back_form", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_roll_back_form(
    /// Which.
    id: PublicationId,
    /// Whether the draft's errors are wanted.
    check: bool,
) -> Result<(RequestForm<RollBackDraft>, Vec<ReleaseView>), ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::publication::roll_back_form(&engine, &ctx, id, check).await?)
}

/// Keeps it as typed so far; answers when.
#[server(endpoint = "publication/save_roll_back_draft", output = Json)]
pub async fn publication_save_roll_back_draft(
    /// Which.
    id: PublicationId,
    /// As typed.
    draft: RollBackDraft,
) -> Result<UtcMillis, ApiError> {
    let (engine, ctx) = context::request()?;
    let saved = engine::publication::save_roll_back_draft(&engine, &ctx, id, &draft).await?;
    context::send_to_page_of(id, Action::RollBack);
    Ok(saved)
}

/// 版本回退.
#[server(endpoint = "publication/roll_back", output = Json)]
pub async fn publication_roll_back(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// As typed.
    draft: RollBackDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    if context::is_plain_form() {
        engine::publication::save_roll_back_draft(&engine, &ctx, id, &draft).await?;
    }
    let done = engine::publication::roll_back(&engine, &ctx, command::RollBack { id, seen, key, draft }).await;
    context::acted(done, id, Action::RollBack)
}

/// What 渠道申请 opens with, and the channels to choose from.
#[server(endpoint = "publication/channels_form", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_channels_form(
    /// Which.
    id: PublicationId,
    /// Whether the draft's errors are wanted.
    check: bool,
) -> Result<(RequestForm<ChannelsDraft>, Vec<FurtherChannel>), ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::publication::channels_form(&engine, &ctx, id, check).await?)
}

/// Keeps it as typed so far; answers when.
#[server(endpoint = "publication/save_channels_draft", output = Json)]
pub async fn publication_save_channels_draft(
    /// Which.
    id: PublicationId,
    /// As typed.
    draft: ChannelsDraft,
) -> Result<UtcMillis, ApiError> {
    let (engine, ctx) = context::request()?;
    let saved = engine::publication::save_channels_draft(&engine, &ctx, id, &draft).await?;
    context::send_to_page_of(id, Action::ApplyForChannels);
    Ok(saved)
}

/// 渠道申请.
#[server(endpoint = "publication/apply_for_channels", output = Json)]
pub async fn publication_apply_for_channels(
    /// Which.
    id: PublicationId,
    /// The version of the publication that the page showed.
    seen: i64,
    /// The form's idempotency key.
    key: Uuid,
    /// As typed.
    draft: ChannelsDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    if context::is_plain_form() {
        engine::publication::save_channels_draft(&engine, &ctx, id, &draft).await?;
    }
    let command = command::ApplyForChannels { id, seen, key, draft };
    context::acted(engine::publication::apply_for_channels(&engine, &ctx, command).await, id, Action::ApplyForChannels)
}
