//! The developer workbench's list.

use super::ApiError;
use domain::view::publication::{WorkbenchFrom, WorkbenchPage};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// What names the person's mobile number, what waits for them first.
#[server(endpoint = "developer/publications", input = GetUrl)]
pub async fn developer_publications(
    /// Where the page begins; the first page without it.
    from: Option<WorkbenchFrom>,
) -> Result<WorkbenchPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::developer::publications(&engine, &ctx, from).await?)
}
