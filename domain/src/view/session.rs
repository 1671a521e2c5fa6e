//! 会话, as their owner and the security administrator see them (identity.md, Sign-in).

use serde::{Deserialize, Serialize};

use crate::time::UtcMillis;

/// What of the live sessions is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPage {
    /// The newest first: a page of everybody's, or one's own, at most [`SESSIONS_MOST`].
    pub rows: Vec<SessionRow>,
    /// There are more of one's own than are shown.
    pub cut: bool,
    /// How many of everybody's there are; counted no further than the lists do.
    #[serde(default)]
    pub total: i64,
    /// Above this place the newer page lies, if there is one.
    #[serde(default)]
    pub newer: Option<String>,
    /// Below this place the older page lies, if there is one.
    #[serde(default)]
    pub older: Option<String>,
}

/// One's own sessions that are shown, at most.
pub const SESSIONS_MOST: usize = 100;

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// A part of its token's hash: names it, and opens nothing.
    pub id: String,
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
    /// Where it was made from.
    pub address: String,
    /// The name that the browser gave itself.
    pub agent: String,
    /// When it was made.
    pub created_at: UtcMillis,
    /// When it was used last, to the minute.
    pub seen_at: UtcMillis,
    /// It is the one that asks.
    pub here: bool,
}
