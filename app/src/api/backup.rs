//! 备份, for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::backup::BackupPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where they are shown.
pub const BACKUP_PAGE: &str = "/admin/backups";

/// What lies in this server's folder, and what is being done there.
#[server(endpoint = "backup/list", input = GetUrl, output = Json, client = Asking)]
pub async fn backup_list() -> Result<BackupPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::backup::overview(&engine, &ctx).await?)
}

/// 立即备份: begins; a large site is backed up beside it.
#[server(endpoint = "backup/make", output = Json)]
pub async fn backup_make() -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::backup::start(&engine, &ctx).await, BACKUP_PAGE, BACKUP_PAGE)
}

/// 校验: begins to read all files of one again.
#[server(endpoint = "backup/verify", output = Json)]
pub async fn backup_verify(
    /// The folder's name.
    name: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::backup::start_verify(&engine, &ctx, &name).await, BACKUP_PAGE, BACKUP_PAGE)
}
