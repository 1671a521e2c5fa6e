//! 检测规则: what they weigh.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::change_pages::ChangePage;
use domain::view::rule::{RuleLevel, RulesPage};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use std::collections::BTreeMap;

/// Where they are.
pub const RULES_PAGE: &str = "/rules";

/// All of them, as they are now.
#[server(endpoint = "rule/list", input = GetUrl, output = Json, client = Asking)]
pub async fn rule_list() -> Result<RulesPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::rule::page(&engine, &ctx).await?)
}

/// A page of 变更记录.
#[server(endpoint = "rule/versions", input = GetUrl, output = Json, client = Asking)]
pub async fn rule_versions(
    /// The versions below this number; none: the newest.
    #[server(default)]
    before: Option<i64>,
) -> Result<ChangePage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::rule::versions(&engine, &ctx, before).await?)
}

/// What the checks in the browser go by: JSON that their module alone reads.
#[server(endpoint = "rule/settings", input = GetUrl, output = Json, client = Asking)]
pub async fn rule_settings() -> Result<String, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::rule::settings(&engine, &ctx).await?)
}

/// Other levels, by the rule's id; those that are not named stay.
#[server(endpoint = "rule/change", output = Json)]
pub async fn rule_change(
    /// The number of the set that the page showed.
    seen: i64,
    /// As chosen.
    levels: BTreeMap<String, RuleLevel>,
) -> Result<(), ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    let done = engine::rule::change(&engine, &ctx, seen, &levels).await;
    context::finish(done, RULES_PAGE, "/rules?check=true")
}

/// The place of a rule on that page.
pub fn rule_anchor(id: &str) -> String {
    format!("{RULES_PAGE}#{id}")
}
