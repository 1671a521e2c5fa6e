//! 审计: the log as the auditor reads it, and whether it is whole. Spec: identity.md, Audit.

use serde::{Deserialize, Serialize};

use crate::role::Role;
use crate::time::{Date, UtcMillis};

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The events.
    pub rows: Vec<AuditRow>,
    /// How many there are, counted up to 1,000.
    pub total: i64,
    /// The key above which the newer page lies, if there is one.
    pub newer: Option<i64>,
    /// The key below which the older page lies, if there is one.
    pub older: Option<i64>,
    /// More people or objects fit the text than were looked for.
    pub cut: bool,
    /// As whom it is read: what auditors do themselves is for the security administrator, and nothing else is.
    pub viewer: Role,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number in the chain.
    pub seq: i64,
    /// When it was asked for.
    pub at: UtcMillis,
    /// Who did it, as the name was then; else 系统 or 未登录.
    pub who: String,
    /// The account; empty where nobody was signed in.
    pub account: String,
    /// From which network address; empty: from within.
    pub address: String,
    /// The event's name.
    pub action: String,
    /// The same in words.
    pub word: String,
    /// The kind of what it was done to, in words.
    pub kind: String,
    /// What it was done to, as people know it.
    pub object: String,
    /// By which text the filter finds it again.
    pub object_key: String,
    /// Where the reader may look at it; empty: nowhere.
    pub path: String,
    /// Done, or refused.
    pub done: bool,
    /// What was changed.
    pub changes: Vec<AuditChange>,
    /// What else explains it: name and value.
    pub facts: Vec<(String, String)>,
    /// Under which the server's log has its lines.
    pub request_id: String,
    /// The hash of the row, hexadecimal.
    pub hash: String,
}

/// What was before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// Of what.
    pub name: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// 校验: how the last one ended, and how far the present one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainCheck {
    /// One that is under way.
    pub running: Option<CheckRunning>,
    /// The last that ended.
    pub last: Option<CheckEnded>,
    /// The newest of the daily anchors; none before the first event.
    pub anchor: Option<Anchor>,
    /// The first day of the log, if there is one, and today: anchors are of the days between.
    pub days: (Option<Date>, Date),
}

/// A check that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRunning {
    /// Who asked for it.
    pub by: String,
    /// Events that were looked at.
    pub rows: i64,
    /// Of how many.
    pub of: i64,
}

/// A check that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckEnded {
    /// Who asked for it.
    pub by: String,
    /// When it ended.
    pub at: UtcMillis,
    /// Events that fit, from the first on.
    pub rows: i64,
    /// The hash of the last of them, hexadecimal.
    pub hash: String,
    /// The number of the first event that does not fit.
    pub broken: Option<i64>,
    /// The number of the first event that is kept from auditors though no auditor did it.
    #[serde(default)]
    pub hidden: Option<i64>,
}

/// What the log came to by the end of a day: whoever keeps it, signed, can show later that nothing before was touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The day in China.
    pub date: Date,
    /// The number of its last event.
    pub seq: i64,
    /// That event's hash, hexadecimal.
    pub hash: String,
}

impl Anchor {
    /// The text that is signed: one line of JSON.
    pub fn line(&self) -> String {
        format!(r#"{{"date":"{}","seq":{},"hash":"{}"}}"#, self.date, self.seq, self.hash)
    }
}
