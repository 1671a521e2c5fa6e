//! 工单看板.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::dashboard::{Dashboard, LiveToday};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// The numbers and charts, as they are now.
#[server(endpoint = "dashboard/figures", input = GetUrl, output = Json, client = Asking)]
pub async fn dashboard_figures() -> Result<Dashboard, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::dashboard::dashboard(&engine, &ctx).await?)
}

/// 今日上线: what the number counts.
#[server(endpoint = "dashboard/live_today", input = GetUrl, output = Json, client = Asking)]
pub async fn dashboard_live_today() -> Result<LiveToday, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::dashboard::live_today(&engine, &ctx).await?)
}
