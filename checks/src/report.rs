//! What 源码检测 answers. The same bytes and settings give the same JSON, byte for byte.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::rules::{Rule, Severities, Severity};
use crate::shape::Shape;

/// The result of 源码检测 on one package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The version of the rule set.
    pub rule_set: String,
    /// Source or static.
    pub shape: Shape,
    /// The one enclosing folder that was peeled off.
    pub enclosing: Option<String>,
    /// How many files.
    pub files: u32,
    /// Bytes of all files, unpacked.
    pub bytes: u64,
    /// Sorted by file, line, column, rule; at most 500, those that block first.
    pub findings: Vec<Finding>,
    /// All findings by rule, also those that are not kept.
    pub counts: BTreeMap<Rule, u32>,
    /// How many findings block.
    pub blocks: u32,
    /// How many findings warn.
    pub warnings: u32,
}

impl Report {
    /// 未通过 or 已完成.
    pub fn passes(&self) -> bool {
        self.blocks == 0
    }

    /// Findings that are counted, but not among those kept.
    pub fn not_kept(&self) -> u32 {
        let kept = u32::try_from(self.findings.len()).unwrap_or(u32::MAX);
        self.blocks.saturating_add(self.warnings).saturating_sub(kept)
    }
}

/// How many findings are of this severity.
pub(crate) fn sum(counts: &BTreeMap<Rule, u32>, severities: &Severities, severity: Severity) -> u32 {
    counts
        .iter()
        .filter(|(rule, _)| severities.of(**rule) == Some(severity))
        .fold(0, |sum, (_, count)| sum.saturating_add(*count))
}
