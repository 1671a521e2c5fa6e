//! Gathers what the rules find, file by file, within fixed memory, and makes places of it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::finding::{Finding, Found};
use crate::limits::FINDINGS_KEPT;
use crate::rules::{Rule, Severities, Severity};
use crate::text::{Places, excerpt};

/// All findings of one package so far: the first 500 that block, the first 500 that warn, and how many
/// there were of each rule.
pub(crate) struct Collector<'s> {
    severities: &'s Severities,
    blocks: Vec<Finding>,
    warns: Vec<Finding>,
    counts: BTreeMap<Rule, u32>,
}

/// What is found in one file, before it is sorted.
#[derive(Default)]
pub(crate) struct FileFindings {
    found: Vec<Found>,
    kept: BTreeMap<Rule, u32>,
    more: BTreeMap<Rule, u32>,
    /// What no excerpt of this file may show, whichever finding it belongs to.
    masks: Vec<Range<usize>>,
}

impl FileFindings {
    /// Hides a range from every excerpt of the file.
    pub(crate) fn mask(&mut self, range: Range<usize>) {
        self.masks.push(range);
    }

    /// What was found, as it came.
    pub(crate) fn into_found(self) -> Vec<Found> {
        self.found
    }

    /// One more. Per file and rule, what is over 500 is counted only.
    pub(crate) fn push(&mut self, found: Found) {
        if found.masked {
            self.mask(found.start..found.end);
        }
        let kept = self.kept.entry(found.rule).or_default();
        if *kept as usize >= FINDINGS_KEPT {
            let more = self.more.entry(found.rule).or_default();
            *more = more.saturating_add(1);
        } else {
            *kept = kept.saturating_add(1);
            self.found.push(found);
        }
    }
}

impl<'s> Collector<'s> {
    pub(crate) fn new(severities: &'s Severities) -> Self {
        Collector { severities, blocks: Vec::new(), warns: Vec::new(), counts: BTreeMap::new() }
    }

    /// Whether anybody listens to the rule.
    pub(crate) fn on(&self, rule: Rule) -> bool {
        self.severities.of(rule).is_some()
    }

    /// Takes what one file gave. `text` is empty for files that are not text.
    pub(crate) fn file(&mut self, path: &str, text: &str, mut findings: FileFindings) {
        for (rule, more) in findings.more {
            if self.on(rule) {
                self.count(rule, more);
            }
        }
        findings.masks.sort_by_key(|mask| (mask.start, mask.end));
        findings.found.sort();
        findings.found.dedup();
        let mut places = Places::new(text);
        for found in findings.found {
            let Some(severity) = self.severities.of(found.rule) else { continue };
            self.count(found.rule, 1);
            let kept = if severity == Severity::Block { &mut self.blocks } else { &mut self.warns };
            if kept.len() < FINDINGS_KEPT {
                kept.push(finding(path, text, &mut places, severity, found, &findings.masks));
            }
        }
    }

    fn count(&mut self, rule: Rule, more: u32) {
        let count = self.counts.entry(rule).or_default();
        *count = count.saturating_add(more);
    }

    /// What blocks goes first into the 500; then all are sorted by file, line, column and rule.
    pub(crate) fn finish(self) -> (Vec<Finding>, BTreeMap<Rule, u32>) {
        let mut findings = self.blocks;
        findings.extend(self.warns);
        findings.truncate(FINDINGS_KEPT);
        findings.sort_by(|a, b| {
            (&a.file, a.line, a.column, a.rule, &a.subject).cmp(&(&b.file, b.line, b.column, b.rule, &b.subject))
        });
        (findings, self.counts)
    }
}

fn finding(
    path: &str,
    text: &str,
    places: &mut Places<'_>,
    severity: Severity,
    found: Found,
    masks: &[Range<usize>],
) -> Finding {
    let Found { start, rule, subject, whole_file, .. } = found;
    let file = path.to_owned();
    if whole_file {
        return Finding { rule, severity, file, line: None, column: None, subject, excerpt: Vec::new() };
    }
    let spot = places.spot(start);
    let excerpt = excerpt(text, spot, masks);
    Finding { rule, severity, file, line: Some(spot.line), column: Some(spot.column), subject, excerpt }
}
