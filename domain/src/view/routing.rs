//! 路由, as the security administrator sees and changes it.

use serde::{Deserialize, Serialize};

use super::home::Cards;
use crate::fields::{FieldErrors, RoutingDraft};
use crate::time::UtcMillis;
use crate::work_order::OrderKind;

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
    /// Steps that lack somebody who is not away ([`crate::routing::is_away`]), with whose orders meet them.
    pub away: Vec<(String, String)>,
    /// 无人可审: running orders whose step has too few people, the longest first; at most 50.
    pub stuck: Cards<StuckOrder>,
    /// When this was read.
    pub now: UtcMillis,
}

/// An order that nobody can decide now. The security administrator may not open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckOrder {
    /// The publication's name, or the stock application's.
    pub name: String,
    /// Its kind.
    pub kind: OrderKind,
    /// 建设部门.
    pub department: String,
    /// Who filed it.
    pub initiator: String,
    /// The name of the step ([`crate::routing::Step::name`]).
    pub step: String,
    /// Since when it is in this step.
    pub since: UtcMillis,
}
