//! API 令牌 as the workbench shows them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api_token::ApiScope;
use crate::time::UtcMillis;

/// One token of the person who looks. The token itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenRow {
    /// Its id.
    pub id: Uuid,
    /// 令牌名称.
    pub name: String,
    /// 权限.
    pub scopes: Vec<ApiScope>,
    /// When it was made.
    pub created_at: UtcMillis,
    /// Until when it holds.
    pub expires_at: UtcMillis,
    /// When it was used last, to the minute.
    pub used_at: Option<UtcMillis>,
}

/// A token that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiToken {
    /// As it is listed from now on.
    pub row: ApiTokenRow,
    /// The token. Nobody can read it again.
    pub token: String,
}
