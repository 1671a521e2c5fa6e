//! 账号 and 角色: kept by the system administrator and the security administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::PersonId;
use domain::fields::{PersonDraft, RolesDraft};
use domain::query::PersonQuery;
use domain::view::account::{AccountPage, NewLink, OpenAccount, OpenRoles};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where accounts are listed.
pub const ACCOUNTS_PAGE: &str = "/admin/accounts";

/// Where people are listed with their roles.
pub const ROLES_PAGE: &str = "/admin/roles";

/// The page of an account.
pub fn account_page(id: PersonId) -> String {
    format!("{ACCOUNTS_PAGE}/{}", id.0)
}

/// The page of a person's roles.
pub fn role_page(id: PersonId) -> String {
    format!("{ROLES_PAGE}/{}", id.0)
}

/// A page of the accounts.
#[server(endpoint = "account/list", input = GetUrl, output = Json, client = Asking)]
pub async fn account_list(
    /// What the address asks for.
    query: PersonQuery,
) -> Result<AccountPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::account::list(&engine, &ctx, &query).await?)
}

/// What the form of an account opens with.
#[server(endpoint = "account/form", input = GetUrl, output = Json, client = Asking)]
pub async fn account_form(
    /// Which; none: a new one.
    #[server(default)]
    id: Option<PersonId>,
    /// Whether what was refused is wanted, with its errors.
    check: bool,
) -> Result<OpenAccount, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::account::form(&engine, &ctx, id, check).await?)
}

/// A new account; answers its activation link, this once.
#[server(endpoint = "account/create", output = Json)]
pub async fn account_create(
    /// As typed.
    draft: PersonDraft,
) -> Result<NewLink, ApiError> {
    let (engine, ctx) = context::request()?;
    let made = engine::account::create(&engine, &ctx, &draft).await;
    context::send_on(if made.is_ok() { ACCOUNTS_PAGE } else { "/admin/accounts/new?check=true" });
    Ok(made?)
}

/// 保存.
#[server(endpoint = "account/change", output = Json)]
pub async fn account_change(
    /// Which.
    id: PersonId,
    /// As typed.
    draft: PersonDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let page = account_page(id);
    context::finish(engine::account::change(&engine, &ctx, id, &draft).await, &page, &format!("{page}?check=true"))
}

/// 停用 or 启用.
#[server(endpoint = "account/set_active", output = Json)]
pub async fn account_set_active(
    /// Which.
    id: PersonId,
    /// 启用.
    active: bool,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let page = account_page(id);
    context::finish(engine::account::set_active(&engine, &ctx, id, active).await, &page, &page)
}

/// 生成激活链接: answered this once.
#[server(endpoint = "account/new_links", output = Json)]
pub async fn account_new_links(
    /// Of these.
    #[server(default)]
    ids: Vec<PersonId>,
) -> Result<Vec<NewLink>, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::account::new_links(&engine, &ctx, &ids).await?)
}

/// What the form of a person's roles opens with.
#[server(endpoint = "role/form", input = GetUrl, output = Json, client = Asking)]
pub async fn role_form(
    /// Whose.
    id: PersonId,
    /// Whether what was refused is wanted, with its errors.
    check: bool,
) -> Result<OpenRoles, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::role::form(&engine, &ctx, id, check).await?)
}

/// 保存角色.
#[server(endpoint = "role/change", output = Json)]
pub async fn role_change(
    /// Whose.
    id: PersonId,
    /// The roles that the form opened with.
    #[server(default)]
    seen: String,
    /// As typed.
    #[server(default)]
    draft: RolesDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let page = role_page(id);
    context::finish(engine::role::change(&engine, &ctx, id, &seen, &draft).await, &page, &format!("{page}?check=true"))
}
