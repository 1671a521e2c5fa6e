//! The sentence of a notice.

use crate::decide::Occasion;
use crate::words::order_kind;
use crate::work_order::OrderKind;

/// What a person is told, of a publication and the order that it is about.
pub fn notice(occasion: Occasion, name: &str, order: Option<OrderKind>) -> String {
    let order = match order {
        None => "申请".to_owned(),
        Some(kind @ OrderKind::Channels) => order_kind(kind).to_owned(),
        Some(kind) => format!("{}申请", order_kind(kind)),
    };
    match occasion {
        Occasion::OrderWaiting => format!("「{name}」的{order}等你审批"),
        Occasion::OrderApproved => format!("「{name}」的{order}已通过"),
        Occasion::OrderRefused => format!("「{name}」的{order}被拒绝"),
        Occasion::OrderWithdrawn => format!("「{name}」的{order}已撤回，不用再审批"),
        Occasion::Urged => format!("「{name}」的{order}被催办"),
        Occasion::SubmittedForAcceptance => format!("「{name}」提交了验收，等你验收"),
        Occasion::ConfigurationCompleted => format!("「{name}」已配置完成并上线"),
        Occasion::Registered => format!("你是「{name}」的开发商联系人，可以上传程序包了"),
        Occasion::Rejected => format!("「{name}」验收未通过，请修改后重新提交"),
        Occasion::Redeployed => format!("「{name}」要重新部署，请上传新版本"),
        Occasion::UpgradeBegun => format!("「{name}」开始版本升级，请上传新版本"),
        Occasion::UpgradeCancelled => format!("「{name}」的这次升级已撤销"),
        Occasion::Configuring => format!("「{name}」已通过审批，请上传正式版本并配置完成"),
        Occasion::Published => format!("「{name}」已发布"),
        Occasion::Offline => format!("「{name}」已下线"),
        Occasion::Republished => format!("「{name}」要重新发布，请上传版本并提交验收"),
    }
}
