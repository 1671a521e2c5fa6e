//! 渠道: the list of further channels.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::FurtherChannelId;
use domain::view::directory::ChannelRow;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where the list is.
#[cfg(feature = "ssr")]
const PAGE: &str = "/admin/channels";

/// All of them.
#[server(endpoint = "channel/list", input = GetUrl, output = Json, client = Asking)]
pub async fn channel_list() -> Result<Vec<ChannelRow>, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::further_channel::list(&engine, &ctx).await?)
}

/// One more.
#[server(endpoint = "channel/add", output = Json)]
pub async fn channel_add(
    /// As typed.
    name: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::further_channel::add(&engine, &ctx, &name).await, PAGE, "/admin/channels?check=true")
}

/// Another name.
#[server(endpoint = "channel/rename", output = Json)]
pub async fn channel_rename(
    /// Which.
    id: FurtherChannelId,
    /// As typed.
    name: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::further_channel::rename(&engine, &ctx, id, &name).await;
    context::finish(done, PAGE, "/admin/channels?check=true")
}

/// 停用 or 启用.
#[server(endpoint = "channel/set_active", output = Json)]
pub async fn channel_set_active(
    /// Which.
    id: FurtherChannelId,
    /// 启用.
    active: bool,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::further_channel::set_active(&engine, &ctx, id, active).await, PAGE, PAGE)
}
