//! What a stage answers.

use crate::system_host::Decided;
use checks::{Finding, HostUse, Report, Severity};
use domain::fields::HostDraft;
use domain::view::version::{ExcerptLine, ExternalHost, ExternalPlace, FindingSeverity, FindingView, StageOutcome};

/// How a stage ended.
#[derive(Debug)]
pub(super) struct Verdict {
    /// 已完成, else 未通过.
    pub(super) passed: bool,
    /// What came of it; of a failure: what is wrong, and what to do.
    pub(super) sentence: String,
    /// What is kept with it.
    pub(super) outcome: StageOutcome,
}

impl Verdict {
    pub(super) fn passed(sentence: impl Into<String>) -> Self {
        Self { passed: true, sentence: sentence.into(), outcome: StageOutcome::default() }
    }

    pub(super) fn failed(sentence: impl Into<String>) -> Self {
        Self { passed: false, sentence: sentence.into(), outcome: StageOutcome::default() }
    }

    pub(super) fn with(mut self, outcome: StageOutcome) -> Self {
        self.outcome = outcome;
        self
    }
}

/// The report of 源码检测, as it is kept and shown.
pub(super) fn of_report(report: &Report) -> StageOutcome {
    StageOutcome {
        findings: report.findings.iter().map(finding).collect(),
        more: report.not_kept(),
        rule_set: report.rule_set.clone(),
        ..StageOutcome::default()
    }
}

/// The hosts that 外链检查 found, with what the developer said of them; and those that are declared without being found: what is put
/// together at run time may ask them.
pub(super) fn of_hosts(hosts: Vec<HostUse>, declared: &[HostDraft], decided: &Decided) -> StageOutcome {
    let forbidden = |host: &str| decided.forbids(host).map(|by| format!("平台禁止：{}", by.purpose));
    let purpose = |host: &str| declared.iter().find(|declared| declared.host == host).map(|it| it.purpose.clone());
    let view = |host: HostUse| ExternalHost {
        purpose: forbidden(&host.host).or_else(|| purpose(&host.host)),
        allowed: host.allowed,
        count: host.count,
        places: host
            .places
            .into_iter()
            .map(|p| ExternalPlace { path: p.file, line: p.line, column: p.column, address: p.address })
            .collect(),
        host: host.host,
    };
    let unseen = declared.iter().filter(|declared| hosts.iter().all(|found| found.host != declared.host));
    let unseen = unseen.filter(|declared| forbidden(&declared.host).is_none());
    let unseen: Vec<ExternalHost> = unseen.map(only_declared).collect();
    StageOutcome { hosts: hosts.into_iter().map(view).chain(unseen).collect(), ..StageOutcome::default() }
}

fn only_declared(declared: &HostDraft) -> ExternalHost {
    ExternalHost {
        host: declared.host.clone(),
        allowed: true,
        purpose: Some(declared.purpose.clone()),
        count: 0,
        places: Vec::new(),
    }
}

fn finding(finding: &Finding) -> FindingView {
    let info = finding.rule.info();
    FindingView {
        rule: info.id.to_owned(),
        severity: match finding.severity {
            Severity::Block => FindingSeverity::Block,
            Severity::Warn => FindingSeverity::Warn,
        },
        path: finding.file.clone(),
        line: finding.line,
        column: finding.column,
        subject: finding.subject.clone(),
        what: info.title.to_owned(),
        why: info.why.to_owned(),
        how: info.mend.to_owned(),
        excerpt: finding.excerpt.iter().map(|l| ExcerptLine { line: l.line, text: l.text.clone() }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Decided, HostDraft, HostUse, of_hosts};
    use checks::{ExcerptLine, Finding, Rule, Severity};
    use serde_json::json;

    #[test]
    fn what_is_declared_is_shown_whether_it_was_found_or_not() {
        let declares = |host: &str, purpose: &str| HostDraft { host: host.to_owned(), purpose: purpose.to_owned() };
        let declared = [declares("a.test", "地图"), declares("b.test", "统计")];
        let found = vec![HostUse { host: "a.test".to_owned(), allowed: true, count: 3, places: Vec::new() }];
        let shown = of_hosts(found, &declared, &Decided::default()).hosts;
        let shown: Vec<_> = shown.iter().map(|of| (of.host.as_str(), of.purpose.as_deref(), of.count)).collect();
        assert_eq!(shown, [("a.test", Some("地图"), 3), ("b.test", Some("统计"), 0)]);
    }

    #[test]
    fn a_finding_reads_the_same_from_the_server_and_from_a_browser() {
        let excerpt = vec![ExcerptLine { line: 2, text: "eval(1)".to_owned() }];
        for (severity, line) in [(Severity::Block, Some(2)), (Severity::Warn, None)] {
            let (file, subject) = ("a.js".to_owned(), "eval".to_owned());
            let excerpt = excerpt.clone();
            let found = Finding { rule: Rule::Eval, severity, file, line, column: line, subject, excerpt };
            assert_eq!(json!(super::finding(&found)), json!(found.explained()));
        }
    }
}
