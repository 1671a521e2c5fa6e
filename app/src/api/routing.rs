//! 路由: the approval rules, for the security administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::fields::{ExampleDraft, RoutingDraft};
use domain::view::change_pages::ChangePage;
use domain::view::routing::RoutingPage;
use domain::view::work_order::RouteView;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where they are.
pub const ROUTING_PAGE: &str = "/admin/routing";

/// The rules of this version, or of the present one.
#[server(endpoint = "routing/open", input = GetUrl, output = Json, client = Asking)]
pub async fn routing_open(
    /// Which version; none: the present one.
    #[server(default)]
    version: Option<i64>,
    /// Whether what was refused is wanted, with its errors.
    check: bool,
) -> Result<RoutingPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::routing::page(&engine, &ctx, version, check).await?)
}

/// A page of 变更记录.
#[server(endpoint = "routing/versions", input = GetUrl, output = Json, client = Asking)]
pub async fn routing_versions(
    /// The versions below this number; none: the newest.
    #[server(default)]
    before: Option<i64>,
) -> Result<ChangePage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::routing::versions(&engine, &ctx, before).await?)
}

/// 保存为新版本.
#[server(endpoint = "routing/change", output = Json)]
pub async fn routing_change(
    /// The present version as the form knew it.
    seen: i64,
    /// As typed.
    #[server(default)]
    draft: RoutingDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::routing::change(&engine, &ctx, seen, &draft).await;
    context::finish(done, ROUTING_PAGE, "/admin/routing?check=true")
}

/// 试一试: the steps that the rules as typed give an example. Changes nothing.
#[server(endpoint = "routing/preview", output = Json)]
pub async fn routing_preview(
    /// As typed.
    #[server(default)]
    draft: RoutingDraft,
    /// What they are tried with.
    #[server(default)]
    example: ExampleDraft,
) -> Result<RouteView, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::routing::preview(&engine, &ctx, &draft, &example).await?)
}
