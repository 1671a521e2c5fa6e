//! What may be asked. [`Command`] is what [`mod@crate::decide`] reads; the structs in the modules are what
//! crosses the wire, one per command, each with the publication's `id`, the aggregate's version that the
//! page showed (`seen`) and the idempotency key that the server made with the form (`key`). design.md, Data.

pub mod publication;
pub mod rollout;
pub mod stock;
pub mod version;
pub mod work_order;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::fields::{FieldErrors, Parts};
use crate::ids::{FurtherChannelId, OrderId, VersionId};

/// One action with what its guards need to know of its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// 注册服务侧名称 / 注册治理侧名称.
    Register {
        /// The checked form.
        form: Checked,
    },
    /// 修改登记信息.
    CorrectRegistration {
        /// The checked form.
        form: Checked,
    },
    /// 上传.
    Upload,
    /// 提交验收.
    SubmitForAcceptance {
        /// The version that the page showed.
        version: VersionId,
    },
    /// 验收成功.
    Accept {
        /// The version that the page showed.
        version: VersionId,
    },
    /// 验收拒绝.
    Reject {
        /// The version that the page showed.
        version: VersionId,
        /// Why.
        reason: String,
    },
    /// 重新部署.
    Redeploy,
    /// 提交审批.
    SubmitForApproval {
        /// The checked approval form.
        form: Checked,
    },
    /// 同意.
    Approve {
        /// The order that the page showed.
        order: OrderId,
    },
    /// 拒绝.
    Refuse {
        /// The order that the page showed.
        order: OrderId,
        /// Why.
        reason: String,
    },
    /// 撤回申请.
    Withdraw {
        /// The order that the page showed.
        order: OrderId,
    },
    /// 配置完成.
    CompleteConfiguration {
        /// The version that the page showed.
        version: VersionId,
    },
    /// 信息变更.
    RequestInfoChange {
        /// 上架信息, 发布信息 or both.
        parts: Parts,
        /// The checked change form.
        form: Checked,
    },
    /// 版本升级.
    Upgrade,
    /// 撤销升级.
    CancelUpgrade,
    /// 下线.
    TakeOffline {
        /// Why (下线原因).
        reason: String,
    },
    /// 重新发布.
    Republish,
    /// 渠道申请.
    ApplyForChannels {
        /// The further channels.
        channels: Vec<FurtherChannelId>,
    },
    /// 版本回退.
    RollBack {
        /// The version to make live again.
        version: VersionId,
        /// Why.
        reason: String,
    },
}

/// One action on a stock application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockCommand {
    /// 关联.
    Link {
        /// The checked form.
        form: Checked,
    },
    /// 同意.
    Approve {
        /// The order that the page showed.
        order: OrderId,
    },
    /// 拒绝.
    Refuse {
        /// The order that the page showed.
        order: OrderId,
        /// Why.
        reason: String,
    },
    /// 撤回申请.
    Withdraw {
        /// The order that the page showed.
        order: OrderId,
    },
}

/// What [`crate::fields`] found in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checked {
    /// How many errors.
    pub errors: u16,
    /// How many fields differ from what is there.
    pub changed: u16,
}

impl Checked {
    /// A form without error; `changed` is the length of the comparison.
    pub fn valid(changed: usize) -> Checked {
        Checked { errors: 0, changed: u16::try_from(changed).unwrap_or(u16::MAX) }
    }

    /// A form with these errors.
    pub fn invalid(errors: &FieldErrors) -> Checked {
        Checked { errors: u16::try_from(errors.len()).unwrap_or(u16::MAX), changed: 0 }
    }
}

impl Command {
    /// The version that it names.
    pub const fn version(&self) -> Option<VersionId> {
        match self {
            Command::SubmitForAcceptance { version }
            | Command::Accept { version }
            | Command::Reject { version, .. }
            | Command::CompleteConfiguration { version }
            | Command::RollBack { version, .. } => Some(*version),
            _ => None,
        }
    }

    /// The action of the table.
    pub const fn action(&self) -> Action {
        match self {
            Command::Register { .. } => Action::Register,
            Command::CorrectRegistration { .. } => Action::CorrectRegistration,
            Command::Upload => Action::Upload,
            Command::SubmitForAcceptance { .. } => Action::SubmitForAcceptance,
            Command::Accept { .. } => Action::Accept,
            Command::Reject { .. } => Action::Reject,
            Command::Redeploy => Action::Redeploy,
            Command::SubmitForApproval { .. } => Action::SubmitForApproval,
            Command::Approve { .. } => Action::Approve,
            Command::Refuse { .. } => Action::Refuse,
            Command::Withdraw { .. } => Action::Withdraw,
            Command::CompleteConfiguration { .. } => Action::CompleteConfiguration,
            Command::RequestInfoChange { .. } => Action::RequestInfoChange,
            Command::Upgrade => Action::Upgrade,
            Command::CancelUpgrade => Action::CancelUpgrade,
            Command::TakeOffline { .. } => Action::TakeOffline,
            Command::Republish => Action::Republish,
            Command::ApplyForChannels { .. } => Action::ApplyForChannels,
            Command::RollBack { .. } => Action::RollBack,
        }
    }

    /// What was found in its form, if it has one with fields.
    pub const fn form(&self) -> Option<Checked> {
        match self {
            Command::Register { form }
            | Command::CorrectRegistration { form }
            | Command::SubmitForApproval { form }
            | Command::RequestInfoChange { form, .. } => Some(*form),
            _ => None,
        }
    }

    /// Its reason, if it has one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Command::Reject { reason, .. }
            | Command::Refuse { reason, .. }
            | Command::TakeOffline { reason }
            | Command::RollBack { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// The order that it decides or withdraws.
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Command::Approve { order } | Command::Refuse { order, .. } | Command::Withdraw { order } => Some(*order),
            _ => None,
        }
    }
}

impl StockCommand {
    /// The action of the small table.
    pub const fn action(&self) -> Action {
        match self {
            StockCommand::Link { .. } => Action::Link,
            StockCommand::Approve { .. } => Action::Approve,
            StockCommand::Refuse { .. } => Action::Refuse,
            StockCommand::Withdraw { .. } => Action::Withdraw,
        }
    }

    /// The order that it decides or withdraws.
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            StockCommand::Approve { order } | StockCommand::Refuse { order, .. } | StockCommand::Withdraw { order } => {
                Some(*order)
            }
            StockCommand::Link { .. } => None,
        }
    }
}
