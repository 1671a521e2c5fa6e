//! 外部域名 that the system administrator decides on.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::fields::SystemHostDraft;
use domain::view::system_host::SystemHost;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where the list is.
#[cfg(feature = "ssr")]
const PAGE: &str = "/admin/hosts";

/// All of them.
#[server(endpoint = "system_host/list", input = GetUrl, output = Json, client = Asking)]
pub async fn system_host_list() -> Result<Vec<SystemHost>, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::system_host::list(&engine, &ctx).await?)
}

/// 允许 or 禁止.
#[server(endpoint = "system_host/put", output = Json)]
pub async fn system_host_put(
    /// As typed.
    #[server(default)]
    draft: SystemHostDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::system_host::put(&engine, &ctx, &draft).await, PAGE, "/admin/hosts?check=true")
}

/// 移除.
#[server(endpoint = "system_host/remove", output = Json)]
pub async fn system_host_remove(
    /// Which.
    host: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::system_host::remove(&engine, &ctx, &host).await, PAGE, PAGE)
}
