//! 路由, as the security administrator sees and changes it.

use serde::{Deserialize, Serialize};

use crate::fields::{FieldErrors, RoutingDraft};
use crate::time::UtcMillis;

/// What the page opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingPage {
    /// The present version; 0: the spec's.
    pub number: i64,
    /// The version that the form shows.
    pub shown: i64,
    /// The rules of that version, or as they were typed when they were refused.
    pub draft: RoutingDraft,
    /// What is wrong with what was typed.
    pub errors: FieldErrors,
    /// Steps that nobody could decide now, with whose orders meet them.
    pub vacant: Vec<(String, String)>,
    /// The newest versions, newest first.
    pub versions: Vec<RoutingVersion>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingVersion {
    /// From 1.
    pub number: i64,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: UtcMillis,
}
