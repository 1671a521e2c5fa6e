//! 运行状况, for the system administrator.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::UtcMillis;
use domain::view::doctor::DoctorPage;
use leptos::server;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::context;

/// Where it is shown.
pub const DOCTOR_PAGE: &str = "/admin/health";

/// The parameter of the page's address that says since when it must have been looked at. Milliseconds, UTC.
pub const SINCE: &str = "since";

/// How the server does that answers: of several another one may have looked last.
#[server(endpoint = "doctor/report", input = GetUrl, output = Json, client = Asking)]
pub async fn doctor_report(
    /// What was found before is looked at anew.
    since: Option<UtcMillis>,
) -> Result<DoctorPage, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::doctor::report(&engine, &ctx, since).await?)
}

/// 重新检查: begins; what takes long is looked at beside it. Answers since when what is shown must have been looked at.
#[server(endpoint = "doctor/begin", output = Json)]
pub async fn doctor_begin() -> Result<UtcMillis, ApiError> {
    let (engine, ctx) = context::request()?;
    let begun = engine::doctor::begin(&engine, &ctx).await.map_err(ApiError::from);
    let since = begun.as_ref().map_or_else(|_| String::new(), |since| format!("?{SINCE}={}", since.0));
    context::send_on(&format!("{DOCTOR_PAGE}{since}"));
    begun
}
