//! The rules as pages, from [`RULES`]. docs/rules/ keeps a copy, and a test compares.

use crate::rules::{Category, RULE_SET, RULES, RuleInfo};

/// All pages: the path below docs/rules, and the Markdown.
pub fn rule_pages() -> Vec<(String, String)> {
    let pages = RULES.iter().map(|info| (format!("{}.md", info.id), page(info)));
    [("README.md".to_owned(), index())].into_iter().chain(pages).collect()
}

fn index() -> String {
    let mut text = format!(
        "# 检测规则\n\n由 `checks::rules::RULES` 生成，请勿手改。规则版本 {RULE_SET}。规则由本产品制定，不是原平台的规则。\n"
    );
    for category in Category::ALL {
        text.push_str(&format!("\n## {}\n\n| 规则 | 默认级别 | 发现什么 |\n| --- | --- | --- |\n", category.word()));
        for info in RULES.iter().filter(|info| info.category == category) {
            text.push_str(&format!("| [{0}]({0}.md) | {1} | {2} |\n", info.id, info.severity.word(), info.title));
        }
    }
    text
}

fn page(info: &RuleInfo) -> String {
    let RuleInfo { id, category, severity, title, why, mend, example, .. } = info;
    let (category, severity) = (category.word(), severity.word());
    format!(
        "# {title}\n\n`{id}` · {category} · 默认{severity} · [全部规则](../README.md)\n\n\
         ## 为什么\n\n{why}\n\n## 怎么改\n\n{mend}\n\n## 示例\n\n```text\n{example}\n```\n"
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_rule_has_its_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules");
        let pages = super::rule_pages();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let _ = std::fs::remove_dir_all(&folder);
            for (path, text) in &pages {
                let file = folder.join(path);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, text).unwrap();
            }
        }
        for (path, text) in &pages {
            let kept = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
            assert!(kept == *text, "docs/rules/{path} is stale: UPDATE_DOCS=1 cargo test -p checks");
        }
        let mut kept = BTreeSet::new();
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            match entry.path().is_dir() {
                false => drop(kept.insert(name)),
                true => kept.extend(
                    std::fs::read_dir(entry.path())
                        .unwrap()
                        .flatten()
                        .map(|page| format!("{name}/{}", page.file_name().to_string_lossy())),
                ),
            }
        }
        assert_eq!(kept, pages.into_iter().map(|(path, _)| path).collect(), "pages without a rule");
    }
}
