//! 待关联的登录: who came from the OpenID provider, and whose account it is; for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::PersonId;
use domain::view::oidc::WaitingPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use super::account::account_page;
#[cfg(feature = "ssr")]
use super::context;

/// Where it is shown.
pub const WAITING_PAGE: &str = "/admin/sign-ins";

/// Who waits, and the accounts that the keyword finds.
#[server(endpoint = "oidc/waiting", input = GetUrl, output = Json, client = Asking)]
pub async fn oidc_waiting(
    /// Of a name, an account or a department; empty: no accounts are looked for.
    #[server(default)]
    keyword: String,
) -> Result<WaitingPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::account::waiting(&engine, &ctx, &keyword).await?)
}

/// 关联.
#[server(endpoint = "oidc/link", output = Json)]
pub async fn oidc_link(
    /// Who waits.
    id: Uuid,
    /// Whose account it is.
    person: PersonId,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::account::link(&engine, &ctx, id, person).await, WAITING_PAGE, WAITING_PAGE)
}

/// 移除.
#[server(endpoint = "oidc/refuse", output = Json)]
pub async fn oidc_refuse(
    /// Who waits.
    id: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::account::refuse(&engine, &ctx, id).await, WAITING_PAGE, WAITING_PAGE)
}

/// 解除关联.
#[server(endpoint = "oidc/unlink", output = Json)]
pub async fn oidc_unlink(
    /// Of the account's.
    id: Uuid,
    /// Whose account it is.
    person: PersonId,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let page = account_page(person);
    context::finish(engine::account::unlink(&engine, &ctx, id, person).await, &page, &page)
}
