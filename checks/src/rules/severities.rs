//! What the system administrator may change about a rule.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Rule, Severity};

/// 阻断 / 警告 / 关闭.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 阻断.
    Block,
    /// 警告.
    Warn,
    /// 关闭.
    Off,
}

impl Level {
    /// The Chinese word.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Block => "阻断",
            Level::Warn => "警告",
            Level::Off => "关闭",
        }
    }
}

/// The settings of 源码检测: changed severities, and which registries packages may come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Severities {
    /// What was changed; the rest is as in the table.
    pub changed: BTreeMap<Rule, Level>,
    /// Beginnings of addresses that packages in a lock file may come from.
    pub registries: Vec<String>,
}

impl Default for Severities {
    fn default() -> Self {
        Severities {
            changed: BTreeMap::new(),
            registries: [
                "https://registry.npmjs.org/",
                "https://registry.npmmirror.com/",
                "https://registry.yarnpkg.com/",
            ]
            .map(str::to_owned)
            .into(),
        }
    }
}

impl Severities {
    /// With one rule changed.
    #[must_use]
    pub fn with(mut self, rule: Rule, level: Level) -> Self {
        self.changed.insert(rule, level);
        self
    }

    /// What a finding of the rule weighs; nothing if the rule is off.
    pub fn of(&self, rule: Rule) -> Option<Severity> {
        match self.changed.get(&rule) {
            None => Some(rule.info().severity),
            Some(Level::Block) => Some(Severity::Block),
            Some(Level::Warn) => Some(Severity::Warn),
            Some(Level::Off) => None,
        }
    }
}
