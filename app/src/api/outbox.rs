//! 通知: what is told outside of the product, for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::query::DeadLetterQuery;
use domain::view::outbox::OutboxPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use super::context;

/// Where it is shown.
#[cfg(feature = "ssr")]
const PAGE: &str = "/admin/notifications";

/// How the carriers do, and what was given up.
#[server(endpoint = "outbox/overview", input = GetUrl, output = Json, client = Asking)]
pub async fn outbox_overview(
    /// What the address asks for.
    #[server(default)]
    query: DeadLetterQuery,
) -> Result<OutboxPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::outbox::overview(&engine, &ctx, query).await?)
}

/// 重新发送.
#[server(endpoint = "outbox/resend", output = Json)]
pub async fn outbox_resend(
    /// Which.
    id: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::outbox::resend(&engine, &ctx, id).await, PAGE, PAGE)
}

/// 全部重新发送.
#[server(endpoint = "outbox/resend_all", output = Json)]
pub async fn outbox_resend_all() -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::outbox::resend_all(&engine, &ctx).await, PAGE, PAGE)
}
