//! What people do to a publication. Spec: Transitions, column "action".

use serde::{Deserialize, Serialize};

use crate::work_order::OrderKind;

/// One action of the two tables. 催办 and the steps of a rollout change no state: see
/// [`crate::work_order::urge`] and [`crate::rollout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 注册服务侧名称 / 注册治理侧名称.
    Register,
    /// 修改登记信息.
    CorrectRegistration,
    /// 上传: upload, check, deploy to test.
    Upload,
    /// 提交验收.
    SubmitForAcceptance,
    /// 验收成功.
    Accept,
    /// 验收拒绝.
    Reject,
    /// 重新部署.
    Redeploy,
    /// 提交审批.
    SubmitForApproval,
    /// 同意.
    Approve,
    /// 拒绝.
    Refuse,
    /// 撤回申请.
    Withdraw,
    /// 配置完成.
    CompleteConfiguration,
    /// 信息变更.
    RequestInfoChange,
    /// 版本升级.
    Upgrade,
    /// 撤销升级.
    CancelUpgrade,
    /// 下线.
    TakeOffline,
    /// 重新发布.
    Republish,
    /// 渠道申请.
    ApplyForChannels,
    /// 版本回退.
    RollBack,
    /// 关联 (of a stock application).
    Link,
}

impl Action {
    /// All actions, in the order in which the spec's table first names them.
    pub const ALL: [Action; 20] = [
        Action::Register,
        Action::CorrectRegistration,
        Action::Upload,
        Action::SubmitForAcceptance,
        Action::Accept,
        Action::Reject,
        Action::Redeploy,
        Action::SubmitForApproval,
        Action::Approve,
        Action::Refuse,
        Action::Withdraw,
        Action::CompleteConfiguration,
        Action::RequestInfoChange,
        Action::Upgrade,
        Action::CancelUpgrade,
        Action::TakeOffline,
        Action::Republish,
        Action::ApplyForChannels,
        Action::RollBack,
        Action::Link,
    ];

    /// The 更多 menu, in its order. `Accept` stands for 验收, which opens the page with both buttons;
    /// 详情 is always there and no action. Spec: The 更多 menu.
    pub const MENU: [Action; 11] = [
        Action::Accept,
        Action::SubmitForApproval,
        Action::Redeploy,
        Action::CorrectRegistration,
        Action::RequestInfoChange,
        Action::Upgrade,
        Action::CancelUpgrade,
        Action::RollBack,
        Action::ApplyForChannels,
        Action::TakeOffline,
        Action::Republish,
    ];

    /// What the developer workbench offers.
    pub const WORKBENCH: [Action; 3] = [Action::Upload, Action::SubmitForAcceptance, Action::CompleteConfiguration];

    /// What the page of a work order offers; 催办 is apart.
    pub const ORDER: [Action; 3] = [Action::Approve, Action::Refuse, Action::Withdraw];

    /// The kind of work order that this action files in the table; what 提交审批 files depends on
    /// the state, see [`mod@crate::decide`].
    pub const fn files(self) -> bool {
        matches!(
            self,
            Action::SubmitForApproval
                | Action::RequestInfoChange
                | Action::TakeOffline
                | Action::ApplyForChannels
                | Action::RollBack
                | Action::Link
        )
    }

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Action::Register => "register",
            Action::CorrectRegistration => "correct_registration",
            Action::Upload => "upload",
            Action::SubmitForAcceptance => "submit_for_acceptance",
            Action::Accept => "accept",
            Action::Reject => "reject",
            Action::Redeploy => "redeploy",
            Action::SubmitForApproval => "submit_for_approval",
            Action::Approve => "approve",
            Action::Refuse => "refuse",
            Action::Withdraw => "withdraw",
            Action::CompleteConfiguration => "complete_configuration",
            Action::RequestInfoChange => "request_info_change",
            Action::Upgrade => "upgrade",
            Action::CancelUpgrade => "cancel_upgrade",
            Action::TakeOffline => "take_offline",
            Action::Republish => "republish",
            Action::ApplyForChannels => "apply_for_channels",
            Action::RollBack => "roll_back",
            Action::Link => "link",
        }
    }

    /// The action with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.id() == id)
    }

    /// The name of the audit event that the action leaves, accepted or refused.
    pub const fn audit_event(self) -> &'static str {
        match self {
            Action::Register => "publication.register",
            Action::CorrectRegistration => "publication.correct_registration",
            Action::Upload => "version.upload",
            Action::SubmitForAcceptance => "publication.submit_for_acceptance",
            Action::Accept => "publication.accept",
            Action::Reject => "publication.reject",
            Action::Redeploy => "publication.redeploy",
            Action::SubmitForApproval => "publication.submit_for_approval",
            Action::Approve => "work_order.approve",
            Action::Refuse => "work_order.refuse",
            Action::Withdraw => "work_order.withdraw",
            Action::CompleteConfiguration => "publication.complete_configuration",
            Action::RequestInfoChange => "publication.request_info_change",
            Action::Upgrade => "publication.upgrade",
            Action::CancelUpgrade => "publication.cancel_upgrade",
            Action::TakeOffline => "publication.take_offline",
            Action::Republish => "publication.republish",
            Action::ApplyForChannels => "publication.apply_for_channels",
            Action::RollBack => "publication.roll_back",
            Action::Link => "stock.link",
        }
    }

    /// The kind of order that the action files; `None` for 提交审批, whose kind the state decides.
    pub const fn order_kind(self) -> Option<OrderKind> {
        match self {
            Action::RequestInfoChange => Some(OrderKind::InfoChange),
            Action::TakeOffline => Some(OrderKind::Offline),
            Action::ApplyForChannels => Some(OrderKind::Channels),
            Action::RollBack => Some(OrderKind::RollBack),
            Action::Link => Some(OrderKind::Link),
            _ => None,
        }
    }
}
