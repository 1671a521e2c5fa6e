//! 部门.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::department::DepartmentPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// Where they are listed.
pub const DEPARTMENTS_PAGE: &str = "/admin/departments";

/// A page of the departments by name: those whose name or 浙政钉 id contains `keyword`, after the one with the name `after`.
#[server(endpoint = "department/list", input = GetUrl, output = Json, client = Asking)]
pub async fn department_list(
    /// Part of the name or the id; all, if empty.
    keyword: String,
    /// The name before the page; the first page without it.
    after: Option<String>,
) -> Result<DepartmentPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::department::list(&engine, &ctx, &keyword, after.as_deref()).await?)
}
