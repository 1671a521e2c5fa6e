//! What came of an import (identity.md, The three administrators).

use serde::{Deserialize, Serialize};

use crate::time::UtcMillis;

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// The file's name.
    pub file: String,
    /// When.
    pub at: UtcMillis,
    /// Why nothing was imported: the file could not be read.
    pub failed: Option<String>,
    /// How many rows had each outcome, in the order of [`ImportOutcome::ALL`].
    pub counts: [usize; 5],
    /// Every row that was not taken over, and the first of the others, in the order of the file.
    pub lines: Vec<ImportLine>,
}

/// What came of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLine {
    /// Its number in the table, the headings are 1.
    pub line: usize,
    /// The key as it stands there: the first column.
    pub key: String,
    /// The second column as it stands there.
    pub name: String,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// Why it was not taken over; else empty.
    pub why: String,
}

/// What an import makes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It was not there.
    Added,
    /// It was there, and is another now.
    Changed,
    /// It says what was there.
    Same,
    /// It was there and must not be changed by an import.
    Kept,
    /// Something is wrong with it.
    Refused,
}

impl ImportOutcome {
    /// All, in the order of a report.
    pub const ALL: [ImportOutcome; 5] = [Self::Added, Self::Changed, Self::Same, Self::Kept, Self::Refused];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Changed => "更新",
            Self::Same => "没有变化",
            Self::Kept => "保留不变",
            Self::Refused => "未导入",
        }
    }
}
