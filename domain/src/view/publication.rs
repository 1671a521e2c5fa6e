//! A publication as lists and its page show it. screens.md: List page, Publication.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::packed::Packed;
use super::work_order::{ReleaseView, RouteView, WorkOrderRow};
use crate::action::Action;
use crate::decide::{Menu, Offer};
use crate::fields::{ApprovalDraft, FieldErrors, Parameter, ValidRegistration};
use crate::ids::{OrderId, PublicationId, SystemId, VersionId};
use crate::publication::{ChannelSet, PublicationType, Side};
use crate::region::RegionCode;
use crate::rollout::RolloutPhase;
use crate::stage::{Stage, StageStatus};
use crate::state::State;
use crate::time::UtcMillis;
use crate::turn::{LineStep, WhoseTurn};
use crate::version::VersionNumber;
use crate::view::application_system::SystemView;
use crate::view::directory::FurtherChannel;
use crate::view::rollout::RolloutView;
use crate::work_order::OrderKind;

/// One row of 服务侧名称列表 or 治理侧名称列表. Its key is `(id, version)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationRow {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version.
    pub version: i64,
    /// 服务ID.
    pub service_id: String,
    /// 服务名称.
    pub name: String,
    /// The icon's content hash.
    pub icon: String,
    /// 发布端.
    pub channels: ChannelSet,
    /// 发布类型.
    pub kind: PublicationType,
    /// The state.
    pub state: State,
    /// What the chip adds to 已发布.
    pub rollout: Option<RolloutPhase>,
    /// 轮到谁.
    pub turn: WhoseTurn,
    /// Since when it is their turn.
    pub turn_since: UtcMillis,
    /// The open order.
    pub order: Option<OrderId>,
    /// 更新时间.
    pub updated_at: UtcMillis,
    /// 更多, for who looks.
    #[serde(default, skip_serializing_if = "RowMenu::is_empty")]
    pub menu: RowMenu,
}

/// The 更多 menu as a page draws it: reasons are sentences already, so that a browser needs no words for all that may be refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowMenu {
    /// What can be done now.
    pub possible: Vec<Action>,
    /// What can not be done now, with why.
    pub refused: Vec<(Action, String)>,
}

impl RowMenu {
    fn is_empty(&self) -> bool {
        self.possible.is_empty() && self.refused.is_empty()
    }
}

impl From<Menu> for RowMenu {
    fn from(menu: Menu) -> Self {
        let said = menu.disabled.iter().map(|refusal| (refusal.action, refusal.sentence()));
        Self { possible: menu.possible, refused: said.collect() }
    }
}

/// The page of one publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationDetail {
    /// How long the step that it is in usually takes, in milliseconds: the median of 30 days; `None` under 5 cases.
    pub usual_ms: Option<i64>,
    /// What the list shows, too.
    pub row: PublicationRow,
    /// The side.
    pub side: Side,
    /// 代码托管.
    pub hosted: bool,
    /// It came from a stock application.
    pub linked: bool,
    /// The application system.
    pub system: SystemId,
    /// Its name.
    pub system_name: String,
    /// 建设部门.
    pub department: String,
    /// What is registered now. Contacts' numbers are whole only for who needs them.
    pub registration: ValidRegistration,
    /// 联系人待确认: names and numbers, for who may confirm them.
    pub suspended: Vec<(String, String)>,
    /// 运行参数: the values for test.
    pub test_parameters: Vec<Parameter>,
    /// What an approved 渠道申请 gave, in the order of the list of channels.
    pub further_channels: Vec<FurtherChannel>,
    /// Where it is live; empty before, and while it answers 410. Of a hosted one it is the host's label alone:
    /// the base (`apps.localhost`) is a setting, which who draws it adds.
    pub live_address: String,
    /// The plan by which a version goes live, while it is not finished.
    pub plan: Option<RolloutView>,
    /// The lifecycle as a line of steps.
    pub line: Vec<LineStep>,
    /// What the workbench offers: 上传, 提交验收, 配置完成, in this order, with reasons.
    pub workbench: Vec<(Action, Offer)>,
    /// Bytes of a package, at most. 0: an older server, which does not say.
    #[serde(default)]
    pub package_most: u64,
    /// The versions, newest first.
    pub versions: Vec<VersionRow>,
    /// The version of the last 提交验收 of this round.
    pub submitted: Option<VersionId>,
    /// Why the submitted version was rejected last (验收拒绝), while it waits for acceptance or its successor.
    pub rejection: Option<String>,
    /// The refused order that the present turn comes from (see [`crate::turn::comes_from_refusal`]), for who may know of it.
    #[serde(default)]
    pub refused: Option<RefusedOrder>,
    /// Its work orders, newest first.
    pub orders: Vec<WorkOrderRow>,
    /// When this was read.
    pub now: UtcMillis,
    /// The number of the newest change that it shows.
    pub heard: i64,
    /// The idempotency key of the page's form: twice the same is done once.
    pub key: Uuid,
}

/// 上次未通过: an order that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedOrder {
    /// The order, for who may open it.
    pub order: Option<OrderId>,
    /// Why.
    pub reason: String,
    /// Who refused it.
    pub by: String,
    /// When.
    pub at: UtcMillis,
}

/// What opens the approval form of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalFormView {
    /// The publication, with the version (`seen`) that the form goes back with.
    pub row: PublicationRow,
    /// Release or upgrade.
    pub kind: OrderKind,
    /// Hosted ones have 发布方式.
    pub hosted: bool,
    /// 适用范围: what 分批 divides.
    pub scope: BTreeSet<RegionCode>,
    /// The form: what was kept, else 联系人 and 联系电话 from the account.
    pub draft: ApprovalDraft,
    /// When it was kept.
    pub saved_at: Option<UtcMillis>,
    /// What its approval makes live.
    pub release: Option<ReleaseView>,
    /// Who will decide.
    pub route: RouteView,
    /// What is wrong with the draft, if that was asked.
    pub errors: FieldErrors,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// When this was read: dates that are given must not have passed.
    pub now: UtcMillis,
}

/// What the form of a request about one publication opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestForm<D> {
    /// The publication, with the version (`seen`) that the form goes back with.
    pub row: PublicationRow,
    /// The form: as it was kept, else as it begins.
    pub draft: D,
    /// When it was kept.
    pub saved_at: Option<UtcMillis>,
    /// Who will decide; no step: nobody needs to.
    pub route: RouteView,
    /// What is wrong with the draft, if that was asked.
    pub errors: FieldErrors,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// What 修改登记信息 or 信息变更 opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeForm {
    /// The form.
    pub request: RequestForm<crate::fields::Registration>,
    /// What is registered now.
    pub before: ValidRegistration,
    /// See [`PublicationDetail::live_address`].
    pub live_address: String,
    /// 应用系统.
    pub system_name: String,
    /// 建设部门.
    pub department: String,
    /// 建设部门浙政钉ID.
    pub department_id: String,
}

/// A page of the workbench's list, or of another list without tabs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbenchPage {
    /// What waits for the person first, newest first within.
    pub rows: Vec<WorkbenchRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<WorkbenchFrom>,
}

/// Where a page of the workbench begins: after this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbenchFrom {
    /// The row waits for the person.
    pub theirs: bool,
    /// Its key.
    pub key: i64,
}

/// One publication as its developer sees it in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbenchRow {
    /// The publication.
    pub row: PublicationRow,
    /// The side.
    pub side: Side,
    /// 上传, 提交验收, 配置完成, in this order, with reasons.
    pub offers: Vec<(Action, Offer)>,
}

/// One row of the table of versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// The version.
    pub id: VersionId,
    /// Its number.
    pub number: VersionNumber,
    /// 版本说明.
    pub note: String,
    /// The four stages, in order.
    pub stages: Vec<(Stage, StageStatus)>,
    /// When it was uploaded.
    pub uploaded_at: UtcMillis,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// SHA-256 of what is served, once built.
    pub bundle: Option<String>,
    /// It is live now.
    pub live: bool,
}

/// One page of 服务侧名称列表 or 治理侧名称列表.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Packed", from = "Packed")]
pub struct PublicationPage {
    /// Newest first.
    pub rows: Vec<PublicationRow>,
    /// For the tabs: how many the filter has in each state, whichever of them is asked for.
    pub counts: Vec<(State, i64)>,
    /// How many the filter has.
    pub total: i64,
    /// There may be more than `total` and `counts` say: counting stopped.
    pub capped: bool,
    /// When this was read: "2 小时" is counted from it.
    pub now: UtcMillis,
    /// The number of the newest change that it shows.
    pub heard: i64,
    /// The key above which the previous page ends, if there is one.
    pub newer: Option<i64>,
    /// The key below which the next page begins, if there is one.
    pub older: Option<i64>,
}

/// What changed of a [`PublicationPage`] that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationUpdate {
    /// The rows that were asked for, as they are now.
    pub rows: Vec<PublicationRow>,
    /// For the tabs, as in the page.
    pub counts: Vec<(State, i64)>,
    /// When this was read.
    pub now: UtcMillis,
}

/// A registration form that was not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// As typed.
    pub body: crate::fields::Registration,
    /// When it was saved.
    pub saved_at: UtcMillis,
}

/// What the registration form opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationForm {
    /// The idempotency key: twice the same form registers once.
    pub key: Uuid,
    /// What was typed before.
    pub draft: Option<Draft>,
    /// The application systems to choose from.
    pub systems: Vec<SystemView>,
    /// What is wrong with the draft, if that was asked.
    pub errors: FieldErrors,
}

/// What a registration answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The new publication.
    pub id: PublicationId,
    /// Its 服务ID.
    pub service_id: String,
    /// Whether the contacts' numbers were asked for.
    #[serde(default)]
    pub numbers: Numbers,
}

/// Whether 浙政钉 was asked for the numbers of 开发商联系方式 (lifecycle.md, Registration fields).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// Each was, or there was nothing to ask.
    #[default]
    Asked,
    /// The gateway is away: they are taken as they are, and whoever sent them is told.
    Unasked,
}

/// Of what has no numbers.
impl From<()> for Numbers {
    fn from((): ()) -> Self {
        Self::Asked
    }
}
