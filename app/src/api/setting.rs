//! 系统设置, for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::setting::SettingPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// The settings of the server that answers.
#[server(endpoint = "setting/list", input = GetUrl, output = Json, client = Asking)]
pub async fn setting_list() -> Result<SettingPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::setting::list(&engine, &ctx).await?)
}
