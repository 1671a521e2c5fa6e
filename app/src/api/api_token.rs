//! API 令牌 of a developer, for their own CI.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::PublicationId;
use domain::fields::TokenDraft;
use domain::view::api_token::{ApiTokenRow, NewApiToken};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the page of a publication's tokens shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokens {
    /// 服务名称.
    pub name: String,
    /// The person's own tokens that hold, newest first.
    pub rows: Vec<ApiTokenRow>,
    /// Where the API is.
    pub address: String,
}

/// The person's own tokens of a publication.
#[server(endpoint = "api_token/list", input = GetUrl, output = Json, client = Asking)]
pub async fn api_token_list(
    /// Which publication.
    id: PublicationId,
) -> Result<ApiTokens, ApiError> {
    let (engine, ctx) = super::context::request()?;
    let (name, rows) = engine::api_token::list(&engine, &ctx, id).await?;
    Ok(ApiTokens { name, rows, address: engine.workshop().apps.console_address().to_owned() })
}

/// Makes a token, which is in this answer alone.
#[server(endpoint = "api_token/create", output = Json)]
pub async fn api_token_create(
    /// For which publication.
    id: PublicationId,
    /// As typed.
    draft: TokenDraft,
) -> Result<NewApiToken, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::api_token::create(&engine, &ctx, id, &draft).await?)
}

/// 吊销.
#[server(endpoint = "api_token/revoke", output = Json)]
pub async fn api_token_revoke(
    /// Which token.
    id: Uuid,
    /// The publication whose page it was on.
    publication: PublicationId,
) -> Result<(), ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    let page = crate::parts::more::tokens_page(publication);
    context::finish(engine::api_token::revoke(&engine, &ctx, id).await, &page, &format!("{page}?check=true"))
}
