//! 检测规则 as their page shows them. packages.md: 源码检测.

use serde::{Deserialize, Serialize};

/// What a finding of a rule weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleLevel {
    /// 阻断.
    Block,
    /// 警告.
    Warn,
    /// 关闭.
    Off,
}

impl RuleLevel {
    /// All, the heaviest first.
    pub const ALL: [RuleLevel; 3] = [Self::Block, Self::Warn, Self::Off];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Warn => "warn",
            Self::Off => "off",
        }
    }
}

/// The rules as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPage {
    /// The number of the present set; 0 before anything was changed.
    pub number: i64,
    /// Its name, as results have it.
    pub set: String,
    /// Every rule, by category.
    pub categories: Vec<RuleCategory>,
    /// Who looks may change them.
    pub may_change: bool,
}

/// The rules about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCategory {
    /// The word.
    pub word: String,
    /// In the order of the table.
    pub rules: Vec<RuleRow>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// `code/eval`.
    pub id: String,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub how: String,
    /// What it finds, or what is better.
    pub example: String,
    /// What the product makes of it by itself.
    pub standard: RuleLevel,
    /// What it weighs here.
    pub level: RuleLevel,
}
