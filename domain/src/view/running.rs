//! 运行: what is live of a hosted publication, and what browsers say of it. screens.md: Publication.

use crate::fields::HostDraft;
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// The tab 运行.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunningView {
    /// The external hosts that the live version declares, each with its purpose (用途).
    pub hosts: Vec<HostDraft>,
    /// 运行时外链, what came last first.
    pub refused: Vec<RefusedHost>,
}

/// An external host that browsers refused to load, in preview or live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedHost {
    /// Lower case, punycode.
    pub host: String,
    /// How often it was reported; of one publication at most 60 reports a minute are counted.
    pub count: i64,
    /// When last.
    pub last_at: UtcMillis,
}
