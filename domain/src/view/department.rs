//! 部门, as the system administrator sees them.

use serde::{Deserialize, Serialize};

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentPage {
    /// By name.
    pub rows: Vec<DepartmentView>,
    /// How many there are on all pages.
    pub total: i64,
    /// The name after which the next page begins, if there is one.
    pub next: Option<String>,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentView {
    /// Unique.
    pub name: String,
    /// Its id in 浙政钉; unique.
    pub dingtalk_id: String,
    /// Official region code of its seat.
    pub region: String,
    /// How many application systems it has.
    pub systems: i64,
    /// How many accounts it has, active ones.
    pub people: i64,
}
