//! Imports: what came of the last one. The file itself goes to `POST /import/{kind}`.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::import::ImportKind;
use domain::view::import::ImportReport;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// Where a kind is imported.
pub fn import_page(kind: ImportKind) -> String {
    format!("/admin/import/{}", kind.id())
}

/// What came of the last import of that kind by who asks.
#[server(endpoint = "import/last_report", input = GetUrl, output = Json, client = Asking)]
pub async fn import_last_report(
    /// Of which.
    kind: ImportKind,
) -> Result<Option<ImportReport>, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::import::last_report(&engine, &ctx, kind).await?)
}
