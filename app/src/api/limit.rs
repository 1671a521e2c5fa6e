//! 限制, for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::limit::LimitDraft;
use domain::view::change_pages::ChangePage;
use domain::view::limit::LimitPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where they are changed.
pub const LIMITS_PAGE: &str = "/admin/limits";

/// What is in force, and what can be changed.
#[server(endpoint = "limit/open", input = GetUrl, output = Json, client = Asking)]
pub async fn limit_open(
    /// Whether what was refused is wanted, with its errors.
    check: bool,
) -> Result<LimitPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::limit::page(&engine, &ctx, check).await?)
}

/// A page of 变更记录.
#[server(endpoint = "limit/versions", input = GetUrl, output = Json, client = Asking)]
pub async fn limit_versions(
    /// The versions below this number; none: the newest.
    #[server(default)]
    before: Option<i64>,
) -> Result<ChangePage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::limit::versions(&engine, &ctx, before).await?)
}

/// 保存.
#[server(endpoint = "limit/change", output = Json)]
pub async fn limit_change(
    /// The present version as the form knew it.
    seen: i64,
    /// As typed.
    #[server(default)]
    draft: LimitDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::limit::change(&engine, &ctx, seen, &draft).await, LIMITS_PAGE, "/admin/limits?check=true")
}
