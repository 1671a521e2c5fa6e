//! 收件箱.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::query::InboxQuery;
use domain::view::inbox::InboxPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// A page of the person's notices.
#[server(endpoint = "inbox/list", input = GetUrl, output = Json, client = Asking)]
pub async fn inbox_list(
    /// What the address asks for.
    query: InboxQuery,
) -> Result<InboxPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::inbox::page(&engine, &ctx, query).await?)
}

/// The person has read one notice or, with `all`, it and every earlier one.
#[server(endpoint = "inbox/read", output = Json)]
pub async fn inbox_read(
    /// Which.
    key: i64,
    /// Every earlier one, too.
    all: bool,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    super::context::finish(engine::inbox::read(&engine, &ctx, key, all).await, "/inbox", "/inbox")
}
