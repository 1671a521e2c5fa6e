//! 应用系统.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::application_system::SystemPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// A page of the systems that the person administers, for the system administrator of all: those whose name contains `keyword`, after the one with the key `before`.
#[server(endpoint = "application_system/list", input = GetUrl, output = Json, client = Asking)]
pub async fn application_system_list(
    /// Part of the name, Chinese or English; all, if empty.
    keyword: String,
    /// The key of the row before the page; the first page without it.
    before: Option<i64>,
) -> Result<SystemPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::application_system::list(&engine, &ctx, &keyword, before).await?)
}
