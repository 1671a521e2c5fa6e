//! Findings as SARIF 2.1.0, which code platforms show beside the lines.

use crate::check::Checked;
use checks::{Explained, Finding, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The rule of an external host that was not declared.
const HOSTS: &str = "links/unknown-host";

/// The log, whole.
pub(crate) fn of(checked: &Checked) -> Value {
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    let mut results = Vec::new();
    match &checked.report {
        Ok(report) => {
            for told in report.findings.iter().map(Finding::explained) {
                let help = format!("{}\n{}", told.why, told.how);
                rules.entry(told.rule.to_owned()).or_insert_with(|| rule(told.rule, told.what, &help));
                results.push(finding(&told));
            }
        }
        Err(bad) => {
            rules.insert("package".to_owned(), rule("package", "程序包不能读取", ""));
            results.push(json!({ "ruleId": "package", "level": "error", "message": { "text": bad } }));
        }
    }
    for unknown in &checked.unknown_hosts {
        rules.entry(HOSTS.to_owned()).or_insert_with(|| rule(HOSTS, "外部域名没有声明", "上传时声明，并写明用途"));
        let text = format!("外部域名 {} 没有声明", unknown.host);
        results.push(json!({
            "ruleId": HOSTS,
            "level": "error",
            "message": { "text": text },
            "locations": [place(&unknown.path, Some(unknown.line), Some(unknown.column))],
        }));
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "irs",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(id: &str, what: &str, help: &str) -> Value {
    json!({ "id": id, "shortDescription": { "text": what }, "help": { "text": help } })
}

fn finding(told: &Explained<'_>) -> Value {
    let level = if told.severity == Severity::Block { "error" } else { "warning" };
    json!({
        "ruleId": told.rule,
        "level": level,
        "message": { "text": format!("{}：{}", told.what, told.subject) },
        "locations": [place(told.path, told.line, told.column)],
    })
}

fn place(path: &str, line: Option<u32>, column: Option<u32>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": path } });
    if let (Some(line), Some(column)) = (line, column) {
        physical["region"] = json!({ "startLine": line, "startColumn": column });
    }
    json!({ "physicalLocation": physical })
}
