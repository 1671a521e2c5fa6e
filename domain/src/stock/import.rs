//! The import of the stock list: which columns a table must have, and what its rows may say. Spec: stock application (Who and
//! what), the small table after "Transitions".

use super::IMPORTABLE;
use crate::fields::{FieldId, url};
use crate::state::State;
use crate::words;

/// The columns, by their headings.
pub const HEADINGS: [&str; 6] = ["原应用ID", "中文名", "英文名", "建设部门", "状态", "移动端地址"];

/// Rows of a table, at most.
pub const ROWS_MOST: usize = 5_000;

/// Bytes of a file, at most.
pub const BYTES_MOST: usize = 5 * 1024 * 1024;

/// Characters of a cell, at most.
const CELL_MOST: usize = 200;

/// Where each of [`HEADINGS`] stands in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns([usize; 6]);

/// What a row says, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// 原应用ID: the key.
    pub original_id: String,
    /// 中文名.
    pub name: String,
    /// 英文名; may be empty.
    pub english_name: String,
    /// 建设部门, by its name.
    pub department: String,
    /// 状态: one of [`IMPORTABLE`].
    pub listed: State,
    /// 移动端地址.
    pub address: String,
}

impl Columns {
    /// Finds the columns in a table's first row; they may stand in any order, among others.
    ///
    /// # Errors
    /// A sentence that names the ones that are missing.
    pub fn find(first: &[String]) -> Result<Self, String> {
        let at = |heading: &str| first.iter().position(|cell| cell.trim() == heading);
        let missing: Vec<&str> = HEADINGS.into_iter().filter(|heading| at(heading).is_none()).collect();
        if missing.is_empty() {
            return Ok(Self(HEADINGS.map(|heading| at(heading).unwrap_or_default())));
        }
        Err(format!("第一行缺少这些列：{}。请按模板的表头填写", missing.join("、")))
    }

    /// A cell, by the number of its heading; empty if the row is short.
    fn cell(self, row: &[String], heading: usize) -> &str {
        self.0.get(heading).and_then(|at| row.get(*at)).map_or("", |cell| cell.trim())
    }

    /// 原应用ID and 中文名 as they stand, for a report.
    pub fn named(self, row: &[String]) -> (String, String) {
        let short = |cell: &str| cell.chars().take(CELL_MOST).collect();
        (short(self.cell(row, 0)), short(self.cell(row, 1)))
    }

    /// Whether a row says nothing.
    pub fn is_blank(row: &[String]) -> bool {
        row.iter().all(|cell| cell.trim().is_empty())
    }

    /// Checks a row.
    ///
    /// # Errors
    /// A sentence with everything that is wrong with it.
    pub fn read(self, row: &[String]) -> Result<Entry, String> {
        let mut wrong = Vec::new();
        let mut text = |heading: usize, required: bool| {
            let (cell, name) = (self.cell(row, heading), HEADINGS[heading]);
            if cell.is_empty() && required {
                wrong.push(format!("缺少{name}"));
            } else if cell.chars().count() > CELL_MOST || cell.chars().any(char::is_control) {
                wrong.push(format!("{name}过长或含有控制字符"));
            }
            cell.to_owned()
        };
        let (original_id, name, english_name) = (text(0, true), text(1, true), text(2, false));
        let department = text(3, true);
        let listed = state(self.cell(row, 4)).map_err(|sentence| wrong.push(sentence)).ok();
        let address = url::check(FieldId::MobileUrl, self.cell(row, 5)).map_err(|sentence| wrong.push(sentence)).ok();
        match (listed, address, wrong.is_empty()) {
            (Some(listed), Some(address), true) => {
                Ok(Entry { original_id, name, english_name, department, listed, address })
            }
            _ => Err(wrong.join("；")),
        }
    }
}

fn state(word: &str) -> Result<State, String> {
    match State::ALL.into_iter().find(|state| words::state(*state) == word) {
        Some(state) if IMPORTABLE.contains(&state) => Ok(state),
        Some(state) => Err(format!("状态是「{}」，请先在原平台办结", words::state(state))),
        None if word.is_empty() => Err("缺少状态".to_owned()),
        None => Err(format!("不认识状态「{}」", word.chars().take(20).collect::<String>())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_are_found_in_any_order_and_missing_ones_are_named() {
        let first = row(&["备注", "状态", "移动端地址", "建设部门", " 英文名 ", "中文名", "原应用ID"]);
        let columns = Columns::find(&first).unwrap();
        let cells = row(&["x", "已发布", "https://a.example/", "某局", "Bus", "公交", "A1"]);
        let entry = columns.read(&cells).unwrap();
        assert_eq!((entry.original_id.as_str(), entry.name.as_str()), ("A1", "公交"));
        assert_eq!((entry.listed, entry.address.as_str()), (State::Published, "https://a.example/"));
        let missing = Columns::find(&row(&["原应用ID", "中文名"])).unwrap_err();
        assert!(missing.contains("英文名、建设部门、状态、移动端地址"), "{missing}");
    }

    #[test]
    fn a_row_says_all_that_is_wrong_with_it() {
        let columns = Columns::find(&row(&HEADINGS)).unwrap();
        let said = |cells: &[&str]| columns.read(&row(cells)).unwrap_err();
        assert_eq!(said(&["A1", "", "", "", "", ""]).split('；').count(), 4);
        let address = "https://a.example/";
        assert!(said(&["A1", "公交", "", "某局", "发布审批中", address]).contains("请先在原平台办结"));
        assert!(said(&["A1", "公交", "", "某局", "在线", address]).contains("不认识状态「在线」"));
        assert!(!said(&["A1", "公交", "", "某局", "已发布", "javascript:alert(1)"]).is_empty());
        assert!(said(&["A1"]).contains("缺少中文名"), "a short row");
    }
}
