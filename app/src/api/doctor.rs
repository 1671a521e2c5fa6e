//! 运行状况, for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::view::doctor::DoctorPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where it is shown.
pub const DOCTOR_PAGE: &str = "/admin/health";

/// How this server does.
#[server(endpoint = "doctor/report", input = GetUrl, output = Json, client = Asking)]
pub async fn doctor_report() -> Result<DoctorPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::doctor::report(&engine, &ctx).await?)
}

/// 重新检查: begins; what takes long is looked at beside it.
#[server(endpoint = "doctor/begin", output = Json)]
pub async fn doctor_begin() -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    context::finish(engine::doctor::begin(&engine, &ctx).await, DOCTOR_PAGE, DOCTOR_PAGE)
}
