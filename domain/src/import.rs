//! Tables that administrators import: which columns each must have, and what its rows may say (identity.md, The three administrators).

mod route;
mod rows;

use serde::{Deserialize, Serialize};

use crate::role::Role;

pub use route::route_entry;
pub use rows::{AccountEntry, DepartmentEntry, RoleEntry, SystemEntry};
pub(crate) use rows::{dingtalk_id, email};

/// Rows of a table, at most.
pub const ROWS_MOST: usize = 5_000;

/// Bytes of a file, at most.
pub const BYTES_MOST: usize = 5 * 1024 * 1024;

/// Characters of a cell, at most.
const CELL_MOST: usize = 200;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// 部门.
    Departments,
    /// 账号.
    Accounts,
    /// 应用系统, with who administers them.
    Systems,
    /// 角色, of accounts that are there.
    Roles,
    /// 审批路由: the rules, all of them.
    Routes,
    /// 存量应用.
    Stock,
}

impl ImportKind {
    /// All, in the order in which a new site needs them.
    pub const ALL: [ImportKind; 6] =
        [Self::Departments, Self::Accounts, Self::Systems, Self::Roles, Self::Routes, Self::Stock];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Departments => "departments",
            Self::Accounts => "accounts",
            Self::Systems => "systems",
            Self::Roles => "roles",
            Self::Routes => "routes",
            Self::Stock => "stock",
        }
    }

    /// The kind with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Departments => "部门",
            Self::Accounts => "账号",
            Self::Systems => "应用系统",
            Self::Roles => "角色",
            Self::Routes => "审批路由",
            Self::Stock => "存量应用",
        }
    }

    /// Who imports it.
    pub const fn role(self) -> Role {
        match self {
            Self::Departments | Self::Accounts | Self::Systems | Self::Stock => Role::SystemAdministrator,
            Self::Roles | Self::Routes => Role::SecurityAdministrator,
        }
    }

    /// The columns, by their headings. The first is the key by which a row is found again, the second its name.
    pub const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Departments => &["浙政钉ID", "部门", "所属区域"],
            Self::Accounts => &["账号", "姓名", "部门", "手机号", "邮箱", "人员浙政钉ID"],
            Self::Systems => &["应用系统", "英文名", "部门浙政钉ID", "所属区域", "管理员账号"],
            Self::Roles => &["账号", "角色", "区域"],
            Self::Routes => &["顺序", "步骤", "侧", "工单类型", "是否统建", "区域", "部门浙政钉ID"],
            Self::Stock => &["原应用ID", "中文名", "英文名", "建设部门", "状态", "移动端地址"],
        }
    }

    /// How its rows are taken, for who prepares a table.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Departments => "按浙政钉ID新增或更新。所属区域填名称（如杭州市）或六位行政区划代码。",
            Self::Accounts => {
                "按账号新增或更新，部门、手机号、邮箱、人员浙政钉ID可以留空；留空的不清除原来的。手机号是开发商的登录身份。管理员的账号不由导入更改。"
            }
            Self::Systems => {
                "按应用系统的名称新增或更新。管理员账号可以填多个，用顿号、逗号或空格隔开；导入后的管理员就是表里的这些人。"
            }
            Self::Roles => {
                "每行给一个账号增加一个角色，不收回已有的。审核人员填所审核的区域；运营人员填浙江省；其他角色的区域留空。"
            }
            Self::Routes => {
                "每行一条规则，步骤照路由页上的写法，如：建设部门所在市审核人员（或签）→ 李敏（limin）、周涛（会签）。侧、工单类型、是否统建、区域、部门留空就是不限。"
            }
            Self::Stock => "按原应用ID新增或更新；已关联和关联审核中的不变；状态在原平台还没有办结的行不导入。",
        }
    }

    /// Which rows take effect.
    pub const fn effect(self) -> &'static str {
        match self {
            Self::Routes => "表里的规则替换现有的全部规则，成为一个新版本；有一行不对就都不导入，每行写明原因。",
            _ => "能导入的行一起生效，其余的行写明原因。",
        }
    }
}

/// Where each heading of a kind stands in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    headings: &'static [&'static str],
    at: Vec<usize>,
}

impl Columns {
    /// Finds the columns in a table's first row; they may stand in any order, among others.
    ///
    /// # Errors
    /// A sentence that names the ones that are missing.
    pub fn find(kind: ImportKind, first: &[String]) -> Result<Self, String> {
        let headings = kind.headings();
        let at = |heading: &str| first.iter().position(|cell| cell.trim() == heading);
        let missing: Vec<&str> = headings.iter().copied().filter(|heading| at(heading).is_none()).collect();
        if missing.is_empty() {
            return Ok(Self { headings, at: headings.iter().filter_map(|heading| at(heading)).collect() });
        }
        Err(format!("第一行缺少这些列：{}。请按模板的表头填写", missing.join("、")))
    }

    /// A row of the table.
    pub fn cells<'a>(&'a self, row: &'a [String]) -> Cells<'a> {
        Cells { columns: self, row }
    }
}

/// A row of a table, by the numbers of its kind's headings.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    columns: &'a Columns,
    row: &'a [String],
}

impl<'a> Cells<'a> {
    /// A cell, trimmed; empty if the row is short.
    pub fn get(self, heading: usize) -> &'a str {
        self.columns.at.get(heading).and_then(|at| self.row.get(*at)).map_or("", |cell| cell.trim())
    }

    /// Key and name as they stand, for a report.
    pub fn named(self) -> (String, String) {
        let short = |cell: &str| cell.chars().take(CELL_MOST).collect();
        (short(self.get(0)), short(self.get(1)))
    }

    /// A cell's text; what is wrong with it is added to `wrong`.
    pub(crate) fn text(self, heading: usize, required: bool, wrong: &mut Vec<String>) -> String {
        let (cell, name) = (self.get(heading), self.columns.headings.get(heading).copied().unwrap_or_default());
        if cell.is_empty() && required {
            wrong.push(format!("缺少{name}"));
        } else if cell.chars().count() > CELL_MOST || cell.chars().any(char::is_control) {
            wrong.push(format!("{name}过长或含有控制字符"));
        }
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn columns_are_found_in_any_order_and_missing_ones_are_named() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let columns =
            Columns::find(ImportKind::Departments, &row(&["备注", "所属区域", " 部门 ", "浙政钉ID"])).unwrap();
        let cells = row(&["x", " 杭州市", "交通局"]);
        let cells = columns.cells(&cells);
        assert_eq!((cells.get(0), cells.get(1), cells.get(2)), ("", "交通局", "杭州市"), "a short row");
        let missing = Columns::find(ImportKind::Roles, &row(&["账号"])).unwrap_err();
        assert!(missing.contains("角色、区域"), "{missing}");
    }

    #[test]
    fn every_kind_is_its_id_and_names_each_column_once() {
        for kind in ImportKind::ALL {
            assert_eq!(ImportKind::from_id(kind.id()), Some(kind));
            assert_eq!(kind.headings().iter().collect::<BTreeSet<_>>().len(), kind.headings().len());
            assert!(kind.role().is_administrator());
        }
    }
}
