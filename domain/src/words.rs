//! The Chinese word of everything that has one. No other file of the product spells them.

mod audit;
mod notice;
mod operation;
mod refusal;

use crate::action::Action;
use crate::actor::Who;
use crate::guard::Guard;
use crate::publication::{Channel, PublicationType, Side};
use crate::region::RegionCode;
use crate::role::{Role, Seat};
use crate::rollout::RolloutPhase;
use crate::stage::{Stage, StageStatus};
use crate::state::{State, StockState};
use crate::time::UtcMillis;
use crate::transitions::{Place, To};
use crate::turn::WhoseTurn;
use crate::view::outbox::Carrier;
use crate::view::rule::RuleLevel;
use crate::view::running::Probed;
use crate::work_order::{Need, OrderKind, OrderStatus};

pub use audit::{AUDIT_ACTIONS, AUDIT_OBJECTS, audit_action, audit_detail, audit_object, audit_result};
pub use notice::{configured, group_notice, notice, withdrawal, work_notice_lead};
pub use operation::{condition, limit, limit_unit, periodic, setting_group, setting_source, sweep};
pub use refusal::{oidc_refusal, outside_refusal, refusal, rollout_refusal, urge_refusal};

/// What is probed.
pub const fn probed(what: Probed) -> &'static str {
    match what {
        Probed::Live => "访问地址",
        Probed::Health => "健康地址",
    }
}

/// A version of what administrators change in numbered versions; 0 is what counts before anybody changed it.
pub fn numbered_version(number: i64) -> String {
    if number == 0 { "系统默认".to_owned() } else { format!("第 {number} 版") }
}

/// 详情: the menu item that is always there.
pub const DETAILS: &str = "详情";
/// 催办.
pub const URGE: &str = "催办";
/// 无人可审.
pub const NOBODY_CAN_DECIDE: &str = "无人可审";
/// 已完成: the tab of orders that are decided or withdrawn.
pub const OVER: &str = "已完成";

/// What a finding of a rule weighs.
pub const fn rule_level(level: RuleLevel) -> &'static str {
    match level {
        RuleLevel::Block => "阻断",
        RuleLevel::Warn => "警告",
        RuleLevel::Off => "关闭",
    }
}

/// What carries a message out of the product.
pub const fn carrier(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Webhook => "群机器人",
        Carrier::Email => "电子邮件",
        Carrier::DingTalk => "浙政钉",
    }
}

/// The state.
pub const fn state(state: State) -> &'static str {
    match state {
        State::Preparing => "部署准备中",
        State::AwaitingAcceptance => "待验收",
        State::AwaitingRelease => "待发布审批",
        State::ReleaseInReview => "发布审批中",
        State::Configuring => "配置中",
        State::Published => "已发布",
        State::InfoChangeInReview => "信息变更中",
        State::UpgradeDeploying => "升级部署中",
        State::AwaitingUpgradeAcceptance => "待升级验收",
        State::AwaitingUpgrade => "待升级审批",
        State::UpgradeInReview => "升级审批中",
        State::OfflineInReview => "下线审批中",
        State::Offline => "已下线",
    }
}

/// The stock application's state.
pub const fn stock_state(state: StockState) -> &'static str {
    match state {
        StockState::Unlinked => "未关联",
        StockState::LinkInReview => "关联审核中",
        StockState::Linked => "已关联",
    }
}

/// The action, as its button says.
pub const fn action(action: Action) -> &'static str {
    match action {
        Action::Register => "注册",
        Action::CorrectRegistration => "修改登记信息",
        Action::Upload => "上传",
        Action::SubmitForAcceptance => "提交验收",
        Action::Accept => "验收成功",
        Action::Reject => "验收拒绝",
        Action::Redeploy => "重新部署",
        Action::SubmitForApproval => "提交审批",
        Action::Approve => "同意",
        Action::Refuse => "拒绝",
        Action::Withdraw => "撤回申请",
        Action::CompleteConfiguration => "配置完成",
        Action::RequestInfoChange => "信息变更",
        Action::Upgrade => "版本升级",
        Action::CancelUpgrade => "撤销升级",
        Action::TakeOffline => "下线",
        Action::Republish => "重新发布",
        Action::ApplyForChannels => "渠道申请",
        Action::RollBack => "版本回退",
        Action::Link => "关联",
    }
}

/// The action as the 更多 menu names it: 验收 opens the page with both buttons.
pub const fn menu_item(item: Action) -> &'static str {
    match item {
        Action::Accept => "验收",
        other => action(other),
    }
}

/// The button that opens the registration form.
pub const fn register(side: Side) -> &'static str {
    match side {
        Side::Service => "注册服务侧名称",
        Side::Governance => "注册治理侧名称",
    }
}

/// The role.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Staff => "政府工作人员",
        Role::Reviewer => "审核人员",
        Role::Operator => "数浙运营人员",
        Role::Developer => "开发商",
        Role::SystemAdministrator => "系统管理员",
        Role::SecurityAdministrator => "安全管理员",
        Role::Auditor => "审计员",
    }
}

/// A role of a person, with its region: 杭州市审核人员.
pub fn seat(seat: Seat) -> String {
    format!("{}{}", seat.region.map_or("", RegionCode::name), role(seat.role))
}

/// Who acts, in a sentence.
pub const fn who(who: Who) -> &'static str {
    match who {
        Who::Staff => "业主单位",
        Who::Developer => "开发商",
        Who::Reviewer => "审核人员",
        Who::Operator => "数浙运营人员",
        Who::Initiator => "发起人",
    }
}

/// The side.
pub const fn side(side: Side) -> &'static str {
    match side {
        Side::Service => "服务侧",
        Side::Governance => "治理侧",
    }
}

/// The channel (发布端).
pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::ZheliApp => "浙里办APP",
        Channel::ServiceWeb => "政务服务网",
        Channel::Zhezhengding => "浙政钉",
    }
}

/// The type (发布类型).
pub const fn publication_type(kind: PublicationType) -> &'static str {
    match kind {
        PublicationType::H5 => "H5",
        PublicationType::Pc => "PC",
        PublicationType::MiniProgram => "小程序",
    }
}

/// The kind of work order.
pub const fn order_kind(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Release => "发布",
        OrderKind::Upgrade => "升级",
        OrderKind::InfoChange => "信息变更",
        OrderKind::Offline => "下线",
        OrderKind::Link => "存量关联",
        OrderKind::Channels => "渠道申请",
        OrderKind::RollBack => "版本回退",
    }
}

/// What becomes true with the last 同意. `configured`: the developer completes it after that (governance side).
/// `planned`: 定时 or 分批.
pub const fn order_effect(kind: OrderKind, configured: bool, planned: bool) -> &'static str {
    match kind {
        OrderKind::Release | OrderKind::Upgrade if configured => "转到开发商配置，配置完成后上线",
        OrderKind::Release | OrderKind::Upgrade if planned => "按申请里的发布方式上线",
        OrderKind::Release => "立即上线",
        OrderKind::Upgrade => "新版本立即上线",
        OrderKind::InfoChange => "变更立即生效",
        OrderKind::Offline => "立即下线，公众不能再访问",
        OrderKind::Link => "关联立即生效",
        OrderKind::Channels => "立即在所申请的渠道上线",
        OrderKind::RollBack => "立即回退到该版本",
    }
}

/// How far the order is.
pub const fn order_status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::InReview => "审批中",
        OrderStatus::Approved => "已通过",
        OrderStatus::Refused => "已拒绝",
        OrderStatus::Withdrawn => "已撤回",
    }
}

/// What a person reads who wanted to decide an order that is over: who ended it, when, how. screens.md, Words.
pub fn order_over(status: OrderStatus, by: &str, at: UtcMillis) -> String {
    let ended = match status {
        OrderStatus::InReview => "处理",
        OrderStatus::Approved => "通过",
        OrderStatus::Refused => "拒绝",
        OrderStatus::Withdrawn => "撤回",
    };
    format!("{by} 已于 {} {ended}了此工单。请刷新页面查看结果。", at.local_text())
}

/// What a step needs.
pub fn need(need: Need) -> String {
    match need {
        Need::One | Need::Count(0 | 1) => "或签（任意 1 人）".to_owned(),
        Need::Count(count) => format!("任意 {count} 人"),
        Need::All => "会签（全部）".to_owned(),
    }
}

/// The stage.
pub const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::SourceCheck => "源码检测",
        Stage::Build => "代码编译",
        Stage::LinkCheck => "外链检查",
        Stage::DeployTest => "部署测试环境",
    }
}

/// 轮到谁; — when it is nobody's.
pub fn whose_turn(turn: WhoseTurn) -> String {
    match turn {
        WhoseTurn::Nobody => "—".to_owned(),
        WhoseTurn::Developer { .. } => "开发商".to_owned(),
        WhoseTurn::Staff { .. } => "业主单位".to_owned(),
        WhoseTurn::Reviewer { step, of } => format!("审核人员（第 {step}/{of} 步）"),
    }
}

/// How far the stage is.
pub const fn stage_status(status: StageStatus) -> &'static str {
    match status {
        StageStatus::Waiting => "未开始",
        StageStatus::Running => "进行中",
        StageStatus::Passed => "已完成",
        StageStatus::Failed => "未通过",
        StageStatus::Cancelled => "已取消",
    }
}

/// What the chip adds to 已发布.
pub const fn rollout_phase(phase: RolloutPhase) -> &'static str {
    match phase {
        RolloutPhase::Waiting => "待上线",
        RolloutPhase::InBatches => "分批中",
        RolloutPhase::Paused => "已暂停",
    }
}

/// The guard, as the generated table says it.
pub const fn guard(guard: Guard) -> &'static str {
    match guard {
        Guard::FormValid => "表单无误",
        Guard::Changed => "至少修改一项",
        Guard::PartChosen => "已选变更类型",
        Guard::ReasonGiven => "填写原因",
        Guard::Hosted => "代码托管",
        Guard::NotHosted => "不托管",
        Guard::ServiceSide => "服务侧",
        Guard::GovernanceH5 => "治理侧 H5",
        Guard::GovernanceHostedH5 => "治理侧托管的 H5",
        Guard::NotGovernanceHostedH5 => "不是治理侧托管的 H5",
        Guard::NewestVersionReady => "本轮最新版本通过检查并已部署测试环境",
        Guard::SubmittedVersionChecked => "提交的版本存在，代码编译和外链检查已完成",
        Guard::VersionAccepted => "有验收成功的版本",
        Guard::VersionAcceptedIfHosted => "代码托管的要有验收成功的版本",
        Guard::CameFromRelease => "来自发布审批",
        Guard::CameFromUpgrade => "来自升级审批",
        Guard::LastStep => "最后一步",
        Guard::NotLastStep => "不是最后一步",
        Guard::FurtherChannel => "至少一个尚未拥有的渠道",
        Guard::RollbackCandidate => "最近上线过的五个版本之一",
        Guard::NoOrderOpen => "没有审批中的工单",
        Guard::RolloutFinished => "没有未完成的上线计划",
    }
}

/// Where a row begins.
pub fn place(place: Place) -> String {
    match place {
        Place::Nowhere => "（无）".to_owned(),
        Place::In(at) => state(at).to_owned(),
        Place::OrderOpen(at) => format!("{}（工单审批中）", state(at)),
    }
}

/// Where a row ends.
pub const fn to(to: To) -> &'static str {
    match to {
        To::Into(at) => state(at),
        To::Unchanged => "不变",
        To::ByHosting => "按托管表",
    }
}
