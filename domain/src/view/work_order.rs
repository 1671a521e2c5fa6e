//! A work order as lists and its page show it. screens.md: Work order.

use serde::{Deserialize, Serialize};

use crate::decide::Offer;
use crate::fields::Change;
use crate::ids::{OrderId, PersonId, PublicationId};
use crate::publication::Side;
use crate::time::UtcMillis;
use crate::work_order::{OrderKind, OrderStatus};

/// One row of 我发起的 or 待我审批. Its key is `(id, version)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrderRow {
    /// The order.
    pub id: OrderId,
    /// The aggregate's version.
    pub version: i64,
    /// Its kind.
    pub kind: OrderKind,
    /// How far it is.
    pub status: OrderStatus,
    /// The publication; `None` while a stock application is being linked.
    pub publication: Option<PublicationId>,
    /// Its name.
    pub name: String,
    /// The side.
    pub side: Side,
    /// Who filed it.
    pub initiator: String,
    /// 建设部门.
    pub department: String,
    /// When it was filed.
    pub filed_at: UtcMillis,
    /// When the current step was reached, or the order ended.
    pub since: UtcMillis,
    /// The current step, from 1.
    pub step: u8,
    /// How many there are.
    pub steps: u8,
    /// 无人可审.
    pub nobody_can_decide: bool,
}

/// The page of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrderDetail {
    /// What the list shows, too.
    pub row: WorkOrderRow,
    /// The form as it was submitted: label and text, in the form's order.
    pub form: Vec<(String, String)>,
    /// Before and after, for an information change.
    pub changes: Vec<Change>,
    /// The steps, in order.
    pub timeline: Vec<TimelineStep>,
    /// 同意, 拒绝 and 撤回申请, in this order, for who looks.
    pub offers: Vec<(crate::action::Action, Offer)>,
    /// 催办: `None` if the viewer never may, else the milliseconds to wait (0: now).
    pub urge_wait_ms: Option<i64>,
}

/// One step of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineStep {
    /// The step's name: 杭州市审核人员.
    pub name: String,
    /// What it needs: 或签, so many, 会签.
    pub need: String,
    /// It is the current one.
    pub current: bool,
    /// Who may decide now; names.
    pub may_decide: Vec<String>,
    /// Who decided what, in order.
    pub decided: Vec<StepPerson>,
    /// When it was urged, in order.
    pub urged_at: Vec<UtcMillis>,
}

/// A decision in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPerson {
    /// The account.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// 同意 (true) or 拒绝.
    pub approved: bool,
    /// When.
    pub at: UtcMillis,
    /// A comment, or the reason of the 拒绝.
    pub comment: String,
}
