//! 工作台.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::home as view;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// The numbers beside rooms of the navigation.
#[server(endpoint = "home/counts", input = GetUrl, output = Json, client = Asking)]
pub async fn home_counts() -> Result<view::Counts, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::home::counts(&engine, &ctx).await?)
}

/// What waits for the person, what they wait for, what went live.
#[server(endpoint = "home/cards", input = GetUrl, output = Json, client = Asking)]
pub async fn home_cards() -> Result<view::HomeCards, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::home::cards(&engine, &ctx).await?)
}
