//! 会话 and 登录策略.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::fields::PolicyDraft;
use domain::query::SessionFrom;
#[cfg(feature = "ssr")]
use domain::query::SessionQuery;
use domain::view::change_pages::ChangePage;
use domain::view::policy::PolicyPage;
use domain::view::session::SessionPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where the security administrator sees everybody's sessions.
pub const SESSIONS_PAGE: &str = "/admin/sessions";

/// Where a person sees their own.
pub const OWN_SESSIONS_PAGE: &str = "/me/sessions";

/// Where the policy is.
pub const POLICY_PAGE: &str = "/admin/policy";

/// A page of everybody's live sessions.
#[server(endpoint = "session/all", input = GetUrl, output = Json, client = Asking)]
pub async fn session_all(
    /// Part of a name or an account.
    keyword: String,
    /// Where the page begins.
    #[server(default)]
    from: SessionFrom,
) -> Result<SessionPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::live_sessions::all(&engine, &ctx, &SessionQuery { keyword, from }).await?)
}

/// One's own live sessions.
#[server(endpoint = "session/own", input = GetUrl, output = Json, client = Asking)]
pub async fn session_own() -> Result<SessionPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::live_sessions::own(&engine, &ctx).await?)
}

/// 结束 of one session; `all`: a plain form goes back to everybody's.
#[server(endpoint = "session/end", output = Json)]
pub async fn session_end(
    /// Which.
    id: String,
    /// Of the security administrator's page.
    all: bool,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let page = if all { SESSIONS_PAGE } else { OWN_SESSIONS_PAGE };
    context::finish(engine::identity::live_sessions::end(&engine, &ctx, &id).await, page, page)
}

/// 结束其他会话, of who asks.
#[server(endpoint = "session/end_others", output = Json)]
pub async fn session_end_others() -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::identity::live_sessions::end_others(&engine, &ctx).await;
    context::finish(done, OWN_SESSIONS_PAGE, OWN_SESSIONS_PAGE)
}

/// 登录策略.
#[server(endpoint = "policy/open", input = GetUrl, output = Json, client = Asking)]
pub async fn policy_open(
    /// Whether what was refused is wanted, with its errors.
    check: bool,
) -> Result<PolicyPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::policy::page(&engine, &ctx, check).await?)
}

/// A page of 变更记录.
#[server(endpoint = "policy/versions", input = GetUrl, output = Json, client = Asking)]
pub async fn policy_versions(
    /// The versions below this number; none: the newest.
    #[server(default)]
    before: Option<i64>,
) -> Result<ChangePage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::policy::versions(&engine, &ctx, before).await?)
}

/// 保存.
#[server(endpoint = "policy/change", output = Json)]
pub async fn policy_change(
    /// The present version as the form knew it.
    seen: i64,
    /// As typed.
    draft: PolicyDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::identity::policy::change(&engine, &ctx, seen, &draft).await;
    context::finish(done, POLICY_PAGE, "/admin/policy?check=true")
}
