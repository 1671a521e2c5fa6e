//! 外部域名 that the system administrator decides on. packages.md: 外链检查.

use serde::{Deserialize, Serialize};

use crate::time::UtcMillis;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemHost {
    /// Lower case; `*.` before it: everything below it.
    pub host: String,
    /// 允许: every application may ask it; 禁止: none may, whatever a version declares.
    pub allowed: bool,
    /// 用途, or why not.
    pub purpose: String,
    /// When it was decided.
    pub changed_at: UtcMillis,
}
