//! 源码检测: the rules over the zip, in a child process.

use super::line::Step;
use super::outcome::{Verdict, of_report};
use crate::child::{self, Checked};
use crate::error::{Error, Result};
use crate::rule;
use crate::store::refused_package;
use checks::{Report, Severity};

/// Runs it.
pub(super) async fn run(step: &Step) -> Result<Verdict> {
    step.log.line(&format!("检测 {}（{} 字节）", step.version.file_name, step.version.package_size));
    let zip = match package(step).await {
        Ok(zip) => zip,
        // It was refused when it came: what would be read is not kept.
        Err(error) => {
            let why = refused_package::of(&mut step.engine.db().reader().await?, &step.version.package).await?;
            return why.map(Verdict::failed).ok_or(error);
        }
    };
    let rules = rule::present(&step.engine).await?;
    Ok(match child::check_source(&step.engine, &zip, &rules.settings).await? {
        Checked::Said(Ok(report)) => judged(step, &Report { rule_set: rules.name, ..report }),
        Checked::Said(Err(sentence)) => Verdict::failed(sentence),
        Checked::Died => Verdict::failed(
            "检测程序处理这个包时异常结束，多半是某个脚本嵌套过深或过于庞大。请去掉这样的脚本，或改用其正式发布的版本，再重新打包上传。",
        ),
    })
}

/// The zip, on the local disk.
pub(super) async fn package(step: &Step) -> Result<std::path::PathBuf> {
    let zip = step.folder.join("package.zip");
    if step.engine.files().fetch(&step.version.package, &zip).await? {
        Ok(zip)
    } else {
        Err(Error::Work(format!("the package {} is not kept", step.version.package)))
    }
}

fn judged(step: &Step, report: &Report) -> Verdict {
    step.log.line(&format!("{} 个文件，解压后 {} 字节，规则 {}", report.files, report.bytes, report.rule_set));
    log_findings(step, report);
    let sentence = if report.passes() {
        match report.warnings {
            0 => format!("检测了 {} 个文件，没有发现问题。", report.files),
            n => format!("检测了 {} 个文件，有 {n} 条警告。", report.files),
        }
    } else {
        let first = report.findings.iter().find(|f| f.severity == Severity::Block);
        let example = first.map(|f| format!("，如 {}：{}", f.file, f.rule.info().title)).unwrap_or_default();
        format!("有 {} 处必须修改{example}。请按每一处的说明修改后重新上传。", report.blocks)
    };
    let verdict = if report.passes() { Verdict::passed(sentence) } else { Verdict::failed(sentence) };
    verdict.with(of_report(report))
}

/// A line each.
pub(super) fn log_findings(step: &Step, report: &Report) {
    for finding in &report.findings {
        let place = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        let (word, title) = (finding.severity.word(), finding.rule.info().title);
        step.log.line(&format!("[{word}] {}{place} {title} {}", finding.file, finding.subject));
    }
}
