//! Findings as SARIF 2.1.0, which code platforms show beside the lines.

use crate::check::Checked;
use checks::{Explained, Finding, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The rule of an external host that was not declared.
const HOSTS: &str = "links/unknown-host";

/// The log, whole; its places are below the folder that was checked.
pub(crate) fn of(checked: &Checked, of: &Path) -> Value {
    let folder = if of.is_dir() {
        of.to_string_lossy().trim_end_matches('/').trim_start_matches("./").to_owned()
    } else {
        String::new()
    };
    let below =
        |path: &str| if matches!(folder.as_str(), "" | ".") { path.to_owned() } else { format!("{folder}/{path}") };
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    let mut results = Vec::new();
    match &checked.report {
        Ok(report) => {
            for told in report.findings.iter().map(Finding::explained) {
                let help = format!("{}\n{}", told.why, told.how);
                rules.entry(told.rule.to_owned()).or_insert_with(|| rule(told.rule, told.what, &help));
                results.push(finding(&told, &below(told.path)));
            }
        }
        Err(bad) => {
            rules.insert("package".to_owned(), rule("package", "程序包不能读取", ""));
            let whole = place(&of.to_string_lossy(), None, None);
            let message = json!({ "text": bad });
            results.push(json!({ "ruleId": "package", "level": "error", "message": message, "locations": [whole] }));
        }
    }
    for unknown in &checked.unknown_hosts {
        rules.entry(HOSTS.to_owned()).or_insert_with(|| rule(HOSTS, "外部域名没有声明", "上传时声明，并写明用途"));
        let text = format!("外部域名 {} 没有声明", unknown.host);
        results.push(json!({
            "ruleId": HOSTS,
            "level": "error",
            "message": { "text": text },
            "locations": [place(&below(&unknown.path), Some(unknown.line), Some(unknown.column))],
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

fn finding(told: &Explained<'_>, path: &str) -> Value {
    let level = if told.severity == Severity::Block { "error" } else { "warning" };
    json!({
        "ruleId": told.rule,
        "level": level,
        "message": { "text": format!("{}：{}", told.what, told.subject) },
        "locations": [place(path, told.line, told.column)],
    })
}

fn place(path: &str, line: Option<u32>, column: Option<u32>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(path) } });
    if let (Some(line), Some(column)) = (line, column) {
        physical["region"] = json!({ "startLine": line, "startColumn": column });
    }
    json!({ "physicalLocation": physical })
}

/// A path as a reference of a URI (RFC 3986).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("src/a b#1.html"), "src/a%20b%231.html");
        assert_eq!(uri("首页.html"), "%E9%A6%96%E9%A1%B5.html");
    }
}
