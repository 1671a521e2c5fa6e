//! The running program.

use super::ApiError;
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// Which program answers, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// As in Cargo.toml.
    pub version: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// For people.
    pub started_at_words: String,
}

/// Which program answers, and since when. Open to everybody.
#[server(endpoint = "system/about", input = GetUrl)]
pub async fn system_about() -> Result<About, ApiError> {
    leptos::prelude::use_context::<About>().ok_or_else(|| ApiError::Internal { request_id: String::new() })
}
