//! 工单看板.

use super::ApiError;
use domain::view::dashboard::Dashboard;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// The numbers and charts, as they are now.
#[server(endpoint = "dashboard/figures", input = GetUrl)]
pub async fn dashboard_figures() -> Result<Dashboard, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::dashboard::dashboard(&engine, &ctx).await?)
}
