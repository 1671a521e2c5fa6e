//! What a row of the stock list's table says. Spec: stock application (Who and
//! what), the small table after "Transitions".

use super::IMPORTABLE;
use crate::fields::{FieldId, url};
use crate::import::Cells;
use crate::state::State;
use crate::words;

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

impl Entry {
    /// Checks a row.
    ///
    /// # Errors
    /// A sentence with everything that is wrong with it.
    pub fn read(cells: Cells<'_>) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let (original_id, name) = (cells.text(0, true, &mut wrong), cells.text(1, true, &mut wrong));
        let (english_name, department) = (cells.text(2, false, &mut wrong), cells.text(3, true, &mut wrong));
        let listed = state(cells.get(4)).map_err(|sentence| wrong.push(sentence)).ok();
        let address = url::check(FieldId::MobileUrl, cells.get(5)).map_err(|sentence| wrong.push(sentence)).ok();
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
    use crate::import::{Columns, ImportKind};

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_row_says_all_that_is_wrong_with_it() {
        let columns = Columns::find(ImportKind::Stock, &row(ImportKind::Stock.headings())).unwrap();
        let said = |cells: &[&str]| Entry::read(columns.cells(&row(cells))).unwrap_err();
        assert_eq!(said(&["A1", "", "", "", "", ""]).split('；').count(), 4);
        let address = "https://a.example/";
        assert!(said(&["A1", "公交", "", "某局", "发布审批中", address]).contains("请先在原平台办结"));
        assert!(said(&["A1", "公交", "", "某局", "在线", address]).contains("不认识状态「在线」"));
        assert!(!said(&["A1", "公交", "", "某局", "已发布", "javascript:alert(1)"]).is_empty());
        assert!(said(&["A1"]).contains("缺少中文名"), "a short row");
    }
}
