//! The running program.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::UtcMillis;
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// Which program answers, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// As in Cargo.toml.
    pub version: String,
    /// When it started.
    pub started_at: UtcMillis,
}

/// Which program answers, and since when. Open to everybody.
#[server(endpoint = "system/about", input = GetUrl, output = Json, client = Asking)]
pub async fn system_about() -> Result<About, ApiError> {
    let (engine, _) = super::context::request()?;
    Ok(About { version: env!("CARGO_PKG_VERSION").to_owned(), started_at: engine.started_at() })
}
