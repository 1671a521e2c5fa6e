//! 版本: what its page shows, its logs, its preview.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use crate::ui::qr::Qr;
use domain::view::difference;
use domain::view::version::{self as view, LogPage, Preview};
use domain::{Stage, VersionId};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// A preview's address, also for a phone's camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewShown {
    /// The address, and until when it holds.
    pub preview: Preview,
    /// It can be opened on this machine only.
    pub local: bool,
    /// Its code.
    pub qr: Qr,
}

/// The page of one version.
#[server(endpoint = "version/detail", input = GetUrl, output = Json, client = Asking)]
pub async fn version_detail(
    /// Which.
    id: VersionId,
) -> Result<view::VersionDetail, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::version::detail(&engine, &ctx, id).await?)
}

/// What differs from another version, else from the one that was live before; `None`: nothing was.
#[server(endpoint = "version/difference", input = GetUrl, output = Json, client = Asking)]
pub async fn version_difference(
    /// Which.
    id: VersionId,
    /// With which of the same publication.
    with: Option<VersionId>,
) -> Result<Option<difference::VersionDifference>, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::version::difference(&engine, &ctx, id, with).await?)
}

/// What of a stage's log comes after a piece.
#[server(endpoint = "version/log", input = GetUrl, output = Json, client = Asking)]
pub async fn version_log(
    /// Which version.
    id: VersionId,
    /// Which stage.
    stage: Stage,
    /// The number of the last piece that is known; -1 for none.
    after: i64,
) -> Result<LogPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::version::log(&engine, &ctx, id, stage, after).await?)
}

/// The preview that holds now, if there is one.
#[server(endpoint = "version/preview", input = GetUrl, output = Json, client = Asking)]
pub async fn version_preview(
    /// Which version.
    id: VersionId,
) -> Result<Option<PreviewShown>, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::version::present_preview(&engine, &ctx, id).await?.map(shown))
}

/// 换一个地址: the one before is gone at once.
#[server(endpoint = "version/new_preview", output = Json)]
pub async fn version_new_preview(
    /// Which version.
    id: VersionId,
    /// The page that a browser without scripts goes back to.
    back: String,
) -> Result<PreviewShown, ApiError> {
    let (engine, ctx) = super::context::request()?;
    let made = engine::version::new_preview(&engine, &ctx, id).await;
    super::context::send_on(&super::session::own_path(&back));
    Ok(shown(made?))
}

/// 固定地址: it holds until it is given back; else as long as a new one.
#[server(endpoint = "version/pin_preview", output = Json)]
pub async fn version_pin_preview(
    /// Which version.
    id: VersionId,
    /// Whether it is to hold on.
    pin: bool,
    /// The page that a browser without scripts goes back to.
    back: String,
) -> Result<PreviewShown, ApiError> {
    let (engine, ctx) = super::context::request()?;
    let held = engine::version::pin_preview(&engine, &ctx, id, pin).await;
    super::context::send_on(&super::session::own_path(&back));
    Ok(shown(held?))
}

/// 仍要继续: takes the warnings of a rule over.
#[server(endpoint = "version/keep_warning", output = Json)]
pub async fn version_keep_warning(
    /// Which version.
    id: VersionId,
    /// The rule's id.
    rule: String,
    /// Why.
    reason: String,
    /// The page that a browser without scripts goes back to.
    back: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    let done = engine::version::keep_warning(&engine, &ctx, id, &rule, &reason).await;
    super::context::send_on(&super::session::own_path(&back));
    Ok(done?)
}

/// 取消运行: what waits or runs.
#[server(endpoint = "version/cancel", output = Json)]
pub async fn version_cancel(
    /// Which version.
    id: VersionId,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::version::cancel(&engine, &ctx, id).await?)
}

/// 重新运行: what did not pass, or was cancelled, runs once more.
#[server(endpoint = "version/run_again", output = Json)]
pub async fn version_run_again(
    /// Which version.
    id: VersionId,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::version::run_again(&engine, &ctx, id).await?)
}

#[cfg(feature = "ssr")]
fn shown(preview: Preview) -> PreviewShown {
    let local = preview.address.contains(".localhost");
    PreviewShown { qr: Qr::of(&preview.address), preview, local }
}
