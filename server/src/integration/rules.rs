//! What the checks go by.

use super::caller::Caller;
use super::problem::{Problem, Refusals};
use super::wire::CheckRules;
use axum::Json;
use domain::api_token::ApiScope;

/// The rules of 源码检测 and the allowed external hosts, for checks on another machine. Scope: `read`.
#[utoipa::path(get, path = "/rules", tag = "rules", operation_id = "rules", responses((status = 200, description = "The rules", body = CheckRules), Refusals))]
pub(crate) async fn rules(caller: Caller) -> Result<Json<CheckRules>, Problem> {
    caller.may(ApiScope::Read).await?;
    // Who is no contact any more has nothing of it.
    let theirs = engine::api_token::list(&caller.engine, &caller.ctx, caller.publication).await;
    theirs.map_err(|e| caller.problem(e))?;
    let settings = engine::rule::settings(&caller.engine, &caller.ctx).await.map_err(|e| caller.problem(e))?;
    let settings = serde_json::from_str(&settings).unwrap_or_default();
    let allowed_hosts = engine::system_host::allowed(&caller.engine).await.map_err(|e| caller.problem(e))?;
    Ok(Json(CheckRules { settings, allowed_hosts }))
}
