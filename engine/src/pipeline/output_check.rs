//! What a build put out, by the rules of 源码检测 that are about what a file is (packages.md, 源码检测): source maps, programs, scripts of servers.
//! It looks at the blobs, so that a result of an earlier build is judged by the rules of today.

use super::bundle;
use super::line::Step;
use super::outcome::{Verdict, of_report};
use super::source_check::log_findings;
use crate::error::{Error, Result};
use crate::rule;
use checks::{OutputCheck, Report, Severity};

/// Looks at all files of a bundle.
pub(super) async fn run(step: &Step, bundle: &str) -> Result<Report> {
    let missing = || Error::Work(format!("the bundle {bundle} is not kept"));
    let built = bundle::of(step, bundle).await?.ok_or_else(missing)?;
    let rules = rule::present(&step.engine).await?;
    let mut check = OutputCheck::new(&rules.settings.severities);
    for (path, file) in built.files {
        check.file(&path, &step.engine.files().get(&file.sha256).await?.ok_or_else(missing)?);
    }
    let report = Report { rule_set: rules.name, ..check.finish() };
    log_findings(step, &report);
    Ok(report)
}

/// Why it must not be served, if it must not.
pub(super) fn refusal(report: &Report) -> Option<Verdict> {
    let first = report.findings.iter().find(|finding| finding.severity == Severity::Block)?;
    let sentence = format!(
        "编译成功，但输出中有 {} 处必须修改，如 {}：{}。请调整构建脚本，不要输出这些文件，再重新打包上传。",
        report.blocks,
        first.file,
        first.rule.info().title
    );
    Some(Verdict::failed(sentence).with(of_report(report)))
}

/// What is added to the sentence of a build that passed.
pub(super) fn remark(report: &Report) -> String {
    if report.warnings == 0 { String::new() } else { format!("输出中有 {} 条警告。", report.warnings) }
}
