//! 存量应用: the list, the form of 关联, the import's report.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
#[cfg(feature = "ssr")]
use crate::parts::numbers::telling;
use domain::fields::Registration;
use domain::query::StockQuery;
use domain::view::publication::Numbers;
use domain::view::stock::{LinkForm, StockPage};
use domain::{StockId, UtcMillis};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// The list.
pub const STOCK_PAGE: &str = "/stock";

/// A page of the list.
#[server(endpoint = "stock/list", input = GetUrl, output = Json, client = Asking)]
pub async fn stock_list(
    /// What the address asks for.
    query: StockQuery,
) -> Result<StockPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::stock::list(&engine, &ctx, &query).await?)
}

/// What the form of 关联 opens with.
#[server(endpoint = "stock/link_form", input = GetUrl, output = Json, client = Asking)]
pub async fn stock_link_form(
    /// Which.
    id: StockId,
    /// Whether the draft's errors are wanted.
    check: bool,
) -> Result<LinkForm, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::stock::link_form(&engine, &ctx, id, check).await?)
}

/// Keeps what was typed so far; answers when.
#[server(endpoint = "stock/save_draft", output = Json)]
pub async fn stock_save_draft(
    /// Which.
    id: StockId,
    /// As typed.
    draft: Registration,
) -> Result<UtcMillis, ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    let saved = engine::stock::save_link_draft(&engine, &ctx, id, &draft).await?;
    context::send_on(&link_page(id));
    Ok(saved)
}

/// 关联. Twice the same `key` files one order.
#[server(endpoint = "stock/link", output = Json)]
pub async fn stock_link(
    /// Which.
    id: StockId,
    /// The version that the page showed.
    seen: i64,
    /// The idempotency key of the form.
    key: Uuid,
    /// As typed.
    draft: Registration,
) -> Result<Numbers, ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    // Nothing typed is lost, whatever comes next.
    if context::is_plain_form() {
        engine::stock::save_link_draft(&engine, &ctx, id, &draft).await?;
    }
    let command = domain::command::stock::Link { id, seen, key, draft };
    let done = engine::stock::link(&engine, &ctx, command).await;
    let numbers = done.as_ref().map_or(Numbers::Asked, |linked| linked.numbers);
    let back = format!("{}?check=true", link_page(id));
    context::finish(done, &telling(STOCK_PAGE, numbers), &back).map(|()| numbers)
}

/// The page with the form of 关联.
pub fn link_page(id: StockId) -> String {
    format!("/stock/{}/link", id.0)
}
