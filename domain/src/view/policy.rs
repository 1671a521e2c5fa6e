//! 登录策略, as the security administrator sees and changes it.

use serde::{Deserialize, Serialize};

use super::change_pages::ChangePages;
use crate::fields::{FieldErrors, PolicyDraft};
use crate::time::UtcMillis;

/// What the page opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPage {
    /// The present version; 0: the default.
    pub number: i64,
    /// The policy, or as it was typed when it was refused.
    pub draft: PolicyDraft,
    /// What is wrong with what was typed.
    pub errors: FieldErrors,
    /// Who made the present version, and when; none of the default.
    pub made: Option<(String, UtcMillis)>,
    /// The newest versions, newest first.
    #[serde(default)]
    pub versions: Vec<PolicyVersion>,
    /// The ways to further versions.
    #[serde(default)]
    pub pages: ChangePages,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// From 1.
    pub number: i64,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: UtcMillis,
    /// What it demands, in words.
    pub said: String,
}
