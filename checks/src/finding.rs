//! What a rule found, and where. The Chinese words come from the rule table alone.

use serde::{Deserialize, Serialize};

use crate::rules::{Rule, Severity};

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule; its words are [`Rule::info`].
    pub rule: Rule,
    /// As the settings had it.
    pub severity: Severity,
    /// The path in the package.
    pub file: String,
    /// From 1; nothing if the finding is about the file as such.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
    /// What it is about, as it stands in the file, at most 100 characters: `window.eval`,
    /// `lodash@4.17.0`. Secrets and numbers of persons are hidden but for their beginning.
    pub subject: String,
    /// The line, and those around it: at most three, 200 characters each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excerpt: Vec<ExcerptLine>,
}

/// A finding with the words of its rule, as screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained<'f> {
    /// The rule's id.
    pub rule: &'static str,
    /// As the settings had it.
    pub severity: Severity,
    /// The path in the package.
    pub path: &'f str,
    /// As [`Finding::line`].
    pub line: Option<u32>,
    /// As [`Finding::column`].
    pub column: Option<u32>,
    /// As [`Finding::subject`].
    pub subject: &'f str,
    /// What is wrong.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub how: &'static str,
    /// As [`Finding::excerpt`].
    pub excerpt: &'f [ExcerptLine],
}

impl Finding {
    /// With the words of its rule.
    pub fn explained(&self) -> Explained<'_> {
        let info = self.rule.info();
        Explained {
            rule: info.id,
            severity: self.severity,
            path: &self.file,
            line: self.line,
            column: self.column,
            subject: &self.subject,
            what: info.title,
            why: info.why,
            how: info.mend,
            excerpt: &self.excerpt,
        }
    }
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptLine {
    /// From 1.
    pub line: u32,
    /// At most 200 characters; of a longer line, the part around the place.
    pub text: String,
}

/// What a rule hands over: byte offsets, made into places by the collector.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) rule: Rule,
    pub(crate) subject: String,
    /// It is about the file as such, not about a place in it.
    pub(crate) whole_file: bool,
    /// What lies between start and end is not shown.
    pub(crate) masked: bool,
}

impl Found {
    /// At a place of the file.
    pub(crate) fn at(rule: Rule, range: std::ops::Range<usize>, subject: impl Into<String>) -> Self {
        let subject = crate::text::short(&subject.into());
        Found { start: range.start, end: range.end, rule, subject, whole_file: false, masked: false }
    }

    /// About the file as such.
    pub(crate) fn file(rule: Rule, subject: impl Into<String>) -> Self {
        Found { whole_file: true, ..Found::at(rule, 0..0, subject) }
    }

    /// A secret: the subject is hidden but for its first four characters, and so is the excerpt.
    pub(crate) fn secret(rule: Rule, range: std::ops::Range<usize>, secret: &str) -> Self {
        let subject: String = secret.chars().take(4).chain("****".chars()).collect();
        Found { masked: true, ..Found::at(rule, range, subject) }
    }
}
