//! The developer workbench: its list, and what developers set of a publication.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::PublicationId;
use domain::fields::TestDraft;
use domain::view::publication::{WorkbenchFrom, WorkbenchPage};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// What names the person's mobile number, what waits for them first.
#[server(endpoint = "developer/publications", input = GetUrl, output = Json, client = Asking)]
pub async fn developer_publications(
    /// Where the page begins; the first page without it.
    from: Option<WorkbenchFrom>,
) -> Result<WorkbenchPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::developer::publications(&engine, &ctx, from).await?)
}

/// 运行参数, the values for test.
#[server(endpoint = "developer/save_test_parameters", output = Json)]
pub async fn developer_save_test_parameters(
    /// Which publication.
    id: PublicationId,
    /// As typed.
    draft: TestDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::publication::save_test_parameters(&engine, &ctx, id, &draft).await?)
}
