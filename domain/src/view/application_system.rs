//! 应用系统, as screens show them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemPage {
    /// Newest first.
    pub rows: Vec<SystemView>,
    /// How many there are on all pages.
    pub total: i64,
    /// The key after which the next page begins, if there is one.
    pub next: Option<i64>,
    /// Of everybody, with their administrators: the system administrator looks.
    pub all: bool,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemView {
    /// For links.
    pub id: Uuid,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub english_name: String,
    /// 建设部门.
    pub department: String,
    /// 建设部门浙政钉ID.
    pub department_dingtalk_id: String,
    /// Official region code.
    pub region: String,
    /// The names of who administers it; told where all are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub administrators: Vec<String>,
}
