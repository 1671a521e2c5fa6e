//! The sentence of a notice.

use crate::decide::Occasion;
use crate::time::UtcMillis;
use crate::view::difference::VersionDifference;
use crate::view::running::IN_A_ROW;
use crate::words::order_kind;
use crate::work_order::OrderKind;

/// What a person is told, of a publication and the order that it is about.
pub fn notice(occasion: Occasion, name: &str, order: Option<OrderKind>) -> String {
    let order = order_words(order);
    match occasion {
        Occasion::OrderWaiting => format!("「{name}」的{order}等你审批"),
        Occasion::OrderApproved => format!("「{name}」的{order}已通过"),
        Occasion::OrderRefused => format!("「{name}」的{order}被拒绝"),
        Occasion::OrderWithdrawn => format!("「{name}」的{order}已撤回，不用再审批"),
        Occasion::Urged => format!("「{name}」的{order}被催办"),
        Occasion::SubmittedForAcceptance => format!("「{name}」提交了验收，等你验收"),
        Occasion::ConfigurationCompleted => format!("「{name}」已配置完成"),
        Occasion::Registered => format!("你是「{name}」的开发商联系人，可以上传程序包了"),
        Occasion::Rejected => format!("「{name}」验收未通过，请修改后重新提交"),
        Occasion::Redeployed => format!("「{name}」要重新部署，请上传新版本"),
        Occasion::UpgradeBegun => format!("「{name}」开始版本升级，请上传新版本"),
        Occasion::UpgradeCancelled => format!("「{name}」的这次升级已撤销"),
        Occasion::Configuring => format!("「{name}」已通过审批，请上传正式版本并配置完成"),
        Occasion::Published => format!("「{name}」已发布"),
        Occasion::Offline => format!("「{name}」已下线"),
        Occasion::Republished => format!("「{name}」要重新发布，请上传版本并提交验收"),
        Occasion::Unhealthy => format!("「{name}」连续 {IN_A_ROW} 次健康检测没有通过，请尽快查看"),
        Occasion::Healthy => format!("「{name}」的健康检测恢复正常"),
        Occasion::ReturnedToOld => format!("「{name}」已回到上线前的状态，这次上线结束"),
    }
}

/// What 配置完成 changed of what was approved, as one sentence for who is told of it.
pub fn configured(of: &VersionDifference) -> String {
    if of.is_empty() {
        return "与审批的版本相比没有变化".to_owned();
    }
    let mut parts = Vec::new();
    if let Some(files) = of.files.as_ref().filter(|files| !files.files.is_empty()) {
        parts.push(format!("文件新增 {}、修改 {}、删除 {}", files.added, files.changed, files.removed));
    }
    for (hosts, word) in [(&of.hosts_added, "新增"), (&of.hosts_removed, "去掉")] {
        if !hosts.is_empty() {
            parts.push(format!("外部域名{word} {} 个", hosts.len()));
        }
    }
    if of.dependencies_changed > 0 {
        parts.push(format!("依赖变化 {} 个", of.dependencies_changed));
    }
    if !of.findings.is_empty() {
        parts.push(format!("检测结果变化 {} 项", of.findings.len()));
    }
    format!("与审批的版本相比：{}", parts.join("，"))
}

/// The same for a group, in which the people who are told are not alone.
pub fn group_notice(occasion: Occasion, name: &str, order: Option<OrderKind>) -> String {
    match occasion {
        Occasion::OrderWaiting => format!("「{name}」的{}待审批", order_words(order)),
        Occasion::SubmittedForAcceptance => format!("「{name}」提交了验收，待验收"),
        Occasion::Registered => format!("「{name}」已登记，联系人可以上传程序包了"),
        other => notice(other, name, order),
    }
}

/// What a work notification begins with: the same text reaches a person once a day, so what makes it another one comes first, to the
/// second: what is withdrawn and filed again at once is another.
/// `urges`: how often the step was urged, this time included.
pub fn work_notice_lead(occasion: Occasion, urges: i64, at: UtcMillis) -> String {
    match occasion {
        Occasion::Urged if urges > 1 => format!("第 {urges} 次催办 {}", at.clock_text()),
        // Of an order that is filed again, the first comes whenever its people like.
        Occasion::Urged => format!("催办 {}", at.second_text().split_off(11)),
        _ => at.second_text(),
    }
}

/// What the withdrawal of a message is called where it could not be sent.
pub fn withdrawal(title: &str) -> String {
    format!("撤回：{title}")
}

fn order_words(order: Option<OrderKind>) -> String {
    match order {
        None => "申请".to_owned(),
        Some(kind @ OrderKind::Channels) => order_kind(kind).to_owned(),
        Some(kind) => format!("{}申请", order_kind(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_not_spoken_to_as_one_person() {
        for occasion in Occasion::ALL {
            assert!(!group_notice(occasion, "杭州公交", Some(OrderKind::Release)).contains('你'), "{occasion:?}");
        }
        let text = group_notice(Occasion::OrderWaiting, "杭州公交", Some(OrderKind::Release));
        assert_eq!(text, "「杭州公交」的发布申请待审批");
    }
}
