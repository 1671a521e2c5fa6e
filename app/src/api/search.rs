//! 搜索.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::search::Found;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// What contains the text, of all that the person may see.
#[server(endpoint = "search", input = GetUrl, output = Json, client = Asking)]
pub async fn search(
    /// Part of a name, or a 服务ID.
    text: String,
) -> Result<Found, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::search::search(&engine, &ctx, &text).await?)
}
