//! The report: sorted, bounded, the same each time; and the table behind it.

use super::*;

#[test]
fn the_rule_table() {
    for (at, info) in RULES.iter().enumerate() {
        assert_eq!(info.rule as usize, at, "the table follows the enum");
        assert_eq!(serde_json::to_string(&info.rule).unwrap(), format!("\"{}\"", info.id));
        assert_eq!(Rule::from_id(info.id), Some(info.rule));
        let category = serde_json::to_string(&info.category).unwrap();
        assert!(info.id.starts_with(category.trim_matches('"')), "{}", info.id);
    }
    let rows: Vec<String> = RULES
        .iter()
        .map(|i| {
            format!(
                "{} | {} | {} | {}\n  为何：{}\n  处理：{}\n  示例：{}",
                i.id,
                i.category.word(),
                i.severity.word(),
                i.title,
                i.why,
                i.mend,
                i.example
            )
        })
        .collect();
    insta::assert_snapshot!(format!("规则集 {RULE_SET}\n{}", rows.join("\n")));
}

#[test]
fn severities_are_the_administrators() {
    let zip = static_zip().with("a.js", "eval(1); debugger;");
    let changed = Severities::default().with(Rule::Eval, Level::Warn).with(Rule::Debugger, Level::Off);
    let report = zip.report_with(&changed);
    assert_eq!((report.blocks, report.warnings, report.findings.len()), (0, 1, 1));
    assert!(report.passes());
    let harder = zip.report_with(&Severities::default().with(Rule::Debugger, Level::Block));
    assert_eq!((harder.blocks, harder.warnings), (2, 0));
    let json = serde_json::to_string(&changed).unwrap();
    assert_eq!(serde_json::from_str::<Severities>(&json).unwrap(), changed);
}

#[test]
fn at_most_500_are_kept_and_those_that_block_first() {
    let report = static_zip().with("a.js", "debugger;\n".repeat(600)).with("z.js", "eval(1);\n".repeat(3)).report();
    assert_eq!(report.findings.len(), 500);
    assert_eq!((report.blocks, report.warnings, report.not_kept()), (3, 600, 103));
    assert_eq!(report.findings[499].rule, Rule::Eval);
    assert_eq!(report.counts[&Rule::Debugger], 600);
}

#[test]
fn the_same_bytes_give_the_same_report() {
    let zip = static_zip().with("b.js", "eval(1); el.innerHTML = x").with("a.js", "debugger; call('13812345678')");
    let once = serde_json::to_string_pretty(&zip.report()).unwrap();
    assert_eq!(once, serde_json::to_string_pretty(&zip.report()).unwrap());
    assert_eq!(serde_json::from_str::<Report>(&once).unwrap(), zip.report());
    insta::assert_snapshot!(once);
}

#[test]
fn excerpts() {
    let report = static_zip().with("a.js", "// one\r\n// 二\r\nlet 好 = eval('1');\r\n// four\r\n").report();
    let f = &report.findings[0];
    assert_eq!((f.line, f.column), (Some(3), Some(9)));
    let lines: Vec<_> = f.excerpt.iter().map(|line| (line.line, line.text.as_str())).collect();
    assert_eq!(lines, [(2, "// 二"), (3, "let 好 = eval('1');"), (4, "// four")]);
    let long = format!("/*{}*/eval('1');/*{}*/", "好".repeat(5000), "x".repeat(5000));
    let report = static_zip().with("a.js", long).report();
    let f = &report.findings[0];
    assert_eq!((f.line, f.column, f.excerpt.len()), (Some(1), Some(5005), 1));
    assert!(f.excerpt[0].text.contains("eval('1')") && f.excerpt[0].text.chars().count() <= 200);
}

#[test]
fn text_in_other_encodings() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("eval(1)".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(static_zip().with("a.js", utf16).report().findings[0].rule, Rule::Eval);
    let (gbk, _, _) = encoding_rs::GB18030.encode("// 中文\neval(1)");
    assert_eq!(static_zip().with("a.js", gbk).report().findings[0].line, Some(2));
}
