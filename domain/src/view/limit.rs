//! 限制, as the system administrator sees and changes them.

use serde::{Deserialize, Serialize};

use crate::limit::Limit;
use crate::time::UtcMillis;
use crate::view::setting::Source;

/// What the page opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitPage {
    /// It was sent and refused: the rows have what was typed.
    #[serde(default)]
    pub came_back: bool,
    /// The present version; 0: nobody changed anything.
    pub number: i64,
    /// Who made it, and when.
    pub made: Option<(String, UtcMillis)>,
    /// All.
    pub rows: Vec<LimitRow>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRow {
    /// Which.
    pub limit: Limit,
    /// What is in force at this server.
    pub value: u32,
    /// Where the server was told it, which fixes it; `None`: it can be changed.
    pub fixed: Option<Source>,
    /// What it is when nothing is set on the screen.
    pub standard: u32,
    /// As typed: what was set on the screen, or what was refused; empty: nothing.
    pub typed: String,
    /// What is wrong with what was typed.
    pub wrong: Option<String>,
}
