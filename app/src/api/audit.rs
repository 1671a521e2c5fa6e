//! 审计: the log, for the auditor; what auditors do themselves, for the security administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::query::AuditQuery;
use domain::view::audit::{AuditPage, ChainCheck};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where it is shown.
pub const AUDIT_PAGE: &str = "/admin/audit";

/// A page of the log.
#[server(endpoint = "audit/list", input = GetUrl, output = Json, client = Asking)]
pub async fn audit_list(
    /// What the address asks for.
    query: AuditQuery,
) -> Result<AuditPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::audit::list(&engine, &ctx, &query).await?)
}

/// Whether the log is whole, as far as was looked; nothing of it for who may not verify it.
#[server(endpoint = "audit/check", input = GetUrl, output = Json, client = Asking)]
pub async fn audit_check() -> Result<Option<ChainCheck>, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::audit::check(&engine, &ctx).await?)
}

/// 校验: begins; a long log is walked on beside it.
#[server(endpoint = "audit/verify", output = Json)]
pub async fn audit_verify() -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::audit::start_check(&engine, &ctx).await, AUDIT_PAGE, AUDIT_PAGE)
}
