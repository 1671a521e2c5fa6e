//! 存量应用 as the list, the form of 关联 and the import show it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decide::Offer;
use crate::fields::{FieldErrors, Registration};
use crate::ids::{OrderId, PublicationId, StockId};
use crate::role::Role;
use crate::state::{State, StockState};
use crate::time::UtcMillis;
use crate::view::application_system::SystemView;
use crate::view::work_order::RouteView;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRow {
    /// Which; the publication that it becomes has the same id.
    pub id: StockId,
    /// The aggregate's version.
    pub version: i64,
    /// 原应用ID.
    pub original_id: String,
    /// 中文名.
    pub name: String,
    /// 英文名; may be empty.
    pub english_name: String,
    /// 建设部门.
    pub department: String,
    /// Where the old platform has it.
    pub listed: State,
    /// 移动端地址.
    pub address: String,
    /// Where it stands in being linked.
    pub state: StockState,
    /// Why the last 关联 was refused; empty if it was not.
    pub refusal: String,
    /// The last link order.
    pub order: Option<OrderId>,
    /// The publication, once linked.
    pub publication: Option<PublicationId>,
    /// 关联, for who looks.
    pub link: Offer,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockPage {
    /// Last imported first.
    pub rows: Vec<StockRow>,
    /// How many the viewer sees in each state, in the order of [`StockState::ALL`], whatever is filtered.
    pub counts: [i64; 3],
    /// The key above which the previous page ends, if there is one.
    pub newer: Option<i64>,
    /// The key below which the next page begins, if there is one.
    pub older: Option<i64>,
    /// The role by which the viewer sees it.
    pub viewer: Role,
    /// The number of the newest change that it shows.
    pub heard: i64,
}

/// What the form of 关联 opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkForm {
    /// The idempotency key.
    pub key: Uuid,
    /// What is linked.
    pub stock: StockRow,
    /// As typed so far, or what the stock list knows.
    pub draft: Registration,
    /// When the draft was kept, if there is one.
    pub saved_at: Option<UtcMillis>,
    /// The department's systems that the person administers.
    pub systems: Vec<SystemView>,
    /// The draft's errors, where they were asked for.
    pub errors: FieldErrors,
    /// Who will decide.
    pub route: RouteView,
}
