//! The first start: three administrators are named with the link that the terminal showed.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::fields::FirstStartDraft;
use domain::view::person::NewAdministrator;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Whether the link is good. Open to everybody who has it.
#[server(endpoint = "first_start/look", input = GetUrl, output = Json, client = Asking)]
pub async fn first_start_look(
    /// Of the link.
    code: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::first_start::look(&engine, &ctx, &code).await?)
}

/// Uses the link; answers the activation links, this once.
#[server(endpoint = "first_start/create", output = Json)]
pub async fn first_start_create(
    /// Of the link.
    code: String,
    /// As typed.
    draft: FirstStartDraft,
) -> Result<Vec<NewAdministrator>, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::first_start::create(&engine, &ctx, &code, &draft).await?)
}
