//! A work order as lists and its page show it. screens.md: Work order.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::decide::Offer;
use crate::fields::Change;
use crate::fields::files::FileKind;
use crate::ids::{OrderId, PersonId, PublicationId, VersionId};
use crate::publication::Side;
use crate::time::UtcMillis;
use crate::version::VersionNumber;
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
    /// Hash of the icon that is asked for, of 关联.
    pub icon: Option<String>,
    /// Before and after, for an information change.
    pub changes: Vec<Change>,
    /// The steps, in order.
    pub timeline: Vec<TimelineStep>,
    /// 同意, 拒绝 and 撤回申请, in this order, for who looks.
    pub offers: Vec<(crate::action::Action, Offer)>,
    /// What its approval makes live, of a hosted publication.
    pub release: Option<ReleaseView>,
    /// 附件: the index goes with the order's id to fetch one.
    pub attachments: Vec<AttachmentView>,
    /// 催办: `None` if the viewer never may, else the milliseconds to wait (0: now).
    pub urge_wait_ms: Option<i64>,
    /// The idempotency key of 同意, 拒绝 and 撤回申请.
    pub key: Uuid,
    /// The one of 催办.
    pub urge_key: Uuid,
    /// What the viewer typed as a reason for 拒绝, if it came without scripts and was not taken.
    pub reason: String,
    /// The viewer may open the publication, too.
    pub opens_publication: bool,
    /// Another order that waits for the viewer, the oldest: its id and the publication's name.
    pub next: Option<(OrderId, String)>,
    /// When this was read: "2 小时" is counted from it.
    pub now: UtcMillis,
    /// The number of the newest change that it shows.
    pub heard: i64,
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
    /// Of the current one: how many have to say 同意 yet. An older server does not say.
    #[serde(default)]
    pub lacks: u16,
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

/// The version that an order is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseView {
    /// The version.
    pub version: VersionId,
    /// Its number.
    pub number: VersionNumber,
    /// SHA-256 of what is served: what was accepted, and what the approval is sealed to.
    pub bundle: Option<String>,
    /// Its 发布方式 is 定时 or 分批.
    pub planned: bool,
    /// 配置完成 made this one live instead (governance side).
    pub configured: Option<(VersionId, VersionNumber, Option<String>)>,
}

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentView {
    /// From 0.
    pub index: u16,
    /// Its name, for people.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What it is.
    pub kind: Option<FileKind>,
}

/// Who will decide, as it is shown before filing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RouteView {
    /// The steps, in order.
    pub steps: Vec<RouteStep>,
    /// Why it can not be filed, as a sentence.
    pub blocked: Option<String>,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteStep {
    /// 杭州市审核人员.
    pub name: String,
    /// What it needs: 或签, so many, 会签.
    pub need: String,
    /// Who may decide; names.
    pub people: Vec<String>,
}

/// One page of 我发起的 or 待我审批.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrderPage {
    /// Newest first.
    pub rows: Vec<WorkOrderRow>,
    /// Of what may be decided now: the idempotency key of a decision made here, one a row. Else empty.
    pub keys: Vec<Uuid>,
    /// On the tab 审批中, whatever is filtered; at most 1,000 are counted.
    pub in_review: i64,
    /// On the tab 已完成, the same.
    pub over: i64,
    /// How many a filtered list has; at most 1,000 are counted.
    pub found: Option<i64>,
    /// The name of the reviewer that the list is narrowed to.
    pub reviewer: Option<String>,
    /// When this was read: "2 小时" is counted from it.
    pub now: UtcMillis,
    /// The number of the newest change that it shows.
    pub heard: i64,
    /// The key above which the previous page ends, if there is one.
    pub newer: Option<i64>,
    /// The key below which the next page begins, if there is one.
    pub older: Option<i64>,
}
