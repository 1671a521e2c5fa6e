//! What the checks go by.

use super::caller::Caller;
use super::wire::{CheckRules, Problem, Refusals};
use axum::Json;
use domain::api_token::ApiScope;

/// The rules of 源码检测 and the allowed external hosts, for checks on another machine. Scope: `read`.
#[utoipa::path(get, path = "/rules", tag = "rules", responses((status = 200, body = CheckRules), Refusals))]
pub(crate) async fn rules(caller: Caller) -> Result<Json<CheckRules>, Problem> {
    caller.may(ApiScope::Read)?;
    let settings = engine::rule::settings(&caller.engine, &caller.ctx).await.map_err(|e| caller.problem(e))?;
    let settings = serde_json::from_str(&settings).unwrap_or_default();
    let allowed_hosts = caller.engine.workshop().hosts.clone();
    Ok(Json(CheckRules { settings, allowed_hosts }))
}
