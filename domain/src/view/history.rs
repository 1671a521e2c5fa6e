//! 历史: everything that happened to a publication. Spec: screens.md, Publication; identity.md, Audit.

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::fields::Change;
use crate::ids::OrderId;
use crate::state::State;
use crate::time::UtcMillis;

/// A page of the history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// The lines.
    pub rows: Vec<HistoryRow>,
    /// How many there are, counted up to 1,000.
    pub total: i64,
    /// The key above which the newer page lies, if there is one.
    pub newer: Option<i64>,
    /// The key below which the older page lies, if there is one.
    pub older: Option<i64>,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// The number of the audit event.
    pub key: i64,
    /// What was done; `None`: nothing of the table of transitions, a check that was run again for example.
    pub action: Option<Action>,
    /// What was done, in words.
    pub word: String,
    /// Where it began, if anywhere, and where it led, if the state changed.
    pub moved: Option<(Option<State>, State)>,
    /// Who did it; may be empty: the system.
    pub who: String,
    /// When.
    pub at: UtcMillis,
    /// The reason, if there was one.
    pub reason: String,
    /// The number of the version that it was about; empty where it was about none.
    pub version: String,
    /// The order that was filed or decided, for who may see orders.
    pub order: Option<OrderId>,
    /// What was changed or asked to be changed, before and after.
    pub changes: Vec<Change>,
}
