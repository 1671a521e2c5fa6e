//! The life cycle as a page: the table in Chinese and a drawing, both from [`TABLE`]. docs/ keeps a copy,
//! and a test compares.

use crate::state::{State, StockState};
use crate::transitions::{Place, Row, STOCK_TABLE, TABLE, To};
use crate::words;

/// Both tables and the drawing, as Markdown with Mermaid.
pub fn lifecycle_markdown() -> String {
    let mut page = String::from("# 发布的生命周期\n\n由 `domain::transitions` 生成，请勿手改。\n\n## 状态图\n\n");
    page.push_str(&drawing());
    page.push_str("\n## 状态转换\n\n| 从 | 操作 | 谁 | 条件 | 到 |\n| --- | --- | --- | --- | --- |\n");
    for row in TABLE {
        let guards: Vec<&str> = row.all_guards().map(words::guard).collect();
        page.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            join(row.from.iter().map(|place| words::place(*place)), "、"),
            words::action(row.action),
            words::who(row.who),
            guards.join("；"),
            words::to(row.to),
        ));
    }
    page.push_str("\n## 存量关联\n\n| 从 | 操作 | 谁 | 条件 | 到 |\n| --- | --- | --- | --- | --- |\n");
    for row in STOCK_TABLE {
        let guards: Vec<&str> = row.guards.iter().map(|guard| words::guard(*guard)).collect();
        page.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            words::stock_state(row.from),
            words::action(row.action),
            words::who(row.who),
            guards.join("；"),
            words::stock_state(row.to),
        ));
    }
    page
}

fn drawing() -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n");
    for state in State::ALL {
        text.push_str(&format!("    {}: {}\n", state.id(), words::state(state)));
    }
    for state in StockState::ALL {
        text.push_str(&format!("    {}: {}\n", state.id(), words::stock_state(state)));
    }
    text.push_str("    [*] --> preparing: 登记（代码托管）\n    [*] --> awaiting_release: 登记（不托管）\n");
    for row in TABLE {
        for place in row.from {
            text.push_str(&arrow(*place, row));
        }
    }
    for row in STOCK_TABLE {
        let (from, to) = (row.from.id(), row.to.id());
        text.push_str(&format!("    {from} --> {to}: {}\n", words::action(row.action)));
    }
    text.push_str("```\n");
    text
}

/// What changes no state is in the table, not in the drawing.
fn arrow(place: Place, row: &Row) -> String {
    match (place, row.to) {
        (Place::In(from), To::Into(to)) => {
            format!("    {} --> {}: {}\n", from.id(), to.id(), words::action(row.action))
        }
        _ => String::new(),
    }
}

fn join(words: impl Iterator<Item = String>, between: &str) -> String {
    words.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    /// Write it again with `UPDATE_DOCS=1 cargo test`.
    #[test]
    fn the_page_in_docs_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lifecycle.md");
        let fresh = super::lifecycle_markdown();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &fresh).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), fresh);
    }
}
