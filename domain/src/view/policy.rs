//! 登录策略, as the security administrator sees and changes it.

use serde::{Deserialize, Serialize};

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
}
