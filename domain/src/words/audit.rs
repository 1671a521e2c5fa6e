//! The audit log in words: actions, kinds of objects, and the names of what explains an event.

/// Every action that is written to the audit log, in the order of the list to choose from. A test of engine compares it with
/// what is written (`engine/src/audit/words_tests.rs`).
pub const AUDIT_ACTIONS: &[(&str, &str)] = &[
    ("session.sign_in", "登录"),
    ("session.end", "退出登录"),
    ("session.end_other", "结束他人的会话"),
    ("session.confirm_code", "确认扫码登录"),
    ("session.refuse_code", "拒绝扫码登录"),
    ("installation.first_start", "初始化"),
    ("installation.restore", "从备份恢复"),
    ("account.new_link", "重新生成激活链接"),
    ("account.activate", "激活账号"),
    ("account.change_password", "修改密码"),
    ("account.bind_authenticator", "绑定身份验证器"),
    ("account.remove_authenticator", "关闭动态口令"),
    ("publication.register", "注册"),
    ("publication.confirm_contacts", "确认联系人"),
    ("publication.correct_registration", "修改登记信息"),
    ("version.upload", "上传版本"),
    ("version.cancel", "取消运行"),
    ("version.run_again", "重新运行检查"),
    ("version.keep_warning", "仍要继续"),
    ("version.pin_preview", "固定预览地址"),
    ("version.unpin_preview", "取消固定预览地址"),
    ("version.new_preview", "更换预览地址"),
    ("version.download", "下载程序包"),
    ("publication.save_test_parameters", "修改测试值"),
    ("publication.submit_for_acceptance", "提交验收"),
    ("publication.accept", "验收成功"),
    ("publication.reject", "验收拒绝"),
    ("publication.redeploy", "重新部署"),
    ("publication.submit_for_approval", "提交审批"),
    ("work_order.approve", "同意工单"),
    ("work_order.refuse", "拒绝工单"),
    ("work_order.withdraw", "撤回申请"),
    ("work_order.urge", "催办"),
    ("work_order.attachment", "下载附件"),
    ("publication.complete_configuration", "配置完成"),
    ("publication.request_info_change", "信息变更"),
    ("publication.upgrade", "版本升级"),
    ("publication.cancel_upgrade", "撤销升级"),
    ("publication.take_offline", "下线"),
    ("publication.republish", "重新发布"),
    ("publication.apply_for_channels", "渠道申请"),
    ("publication.roll_back", "版本回退"),
    ("rollout.start_batch", "上线"),
    ("rollout.pause", "暂停上线"),
    ("rollout.resume", "继续上线"),
    ("rollout.return", "回到旧版本"),
    ("rollout.steer", "控制上线计划"),
    ("publication.unhealthy", "健康检测没有通过"),
    ("publication.healthy", "健康检测恢复正常"),
    ("account.create", "新建账号"),
    ("account.change", "修改账号"),
    ("account.stop", "停用账号"),
    ("account.resume", "启用账号"),
    ("account.import", "导入账号"),
    ("account.link_sign_in", "关联登录"),
    ("account.unlink_sign_in", "解除登录关联"),
    ("account.refuse_sign_in", "移除待关联的登录"),
    ("department.import", "导入部门"),
    ("application_system.import", "导入应用系统"),
    ("role.change", "修改角色"),
    ("role.import", "导入角色"),
    ("routing.import", "导入审批路由"),
    ("routing.change", "修改审批路由"),
    ("sign_in_policy.change", "修改登录策略"),
    ("stock.import", "导入存量应用"),
    ("stock.link", "关联存量应用"),
    ("publication.export_list", "导出名称列表"),
    ("publication.export_history", "导出历史"),
    ("api_token.create", "创建 API 令牌"),
    ("api_token.revoke", "吊销 API 令牌"),
    ("api_token.use", "使用 API 令牌"),
    ("channel.add", "添加渠道"),
    ("channel.rename", "渠道改名"),
    ("channel.stop", "停用渠道"),
    ("channel.resume", "启用渠道"),
    ("rule_set.change", "修改检测规则"),
    ("limit_set.change", "修改限制"),
    ("system_host.put", "设置外部域名"),
    ("system_host.remove", "移除外部域名"),
    ("outbox.resend", "重新发送通知"),
    ("outbox.resend_all", "全部重新发送通知"),
    ("backup.begin", "开始备份"),
    ("backup.make", "备份"),
    ("backup.remove", "删除旧的备份"),
    ("backup.begin_verify", "开始校验备份"),
    ("backup.verify", "校验备份"),
    ("request.send", "使用没有权限的功能"),
    ("audit.export", "导出审计日志"),
    ("audit.verify", "校验审计日志"),
    ("audit.anchor", "下载每日锚点"),
];

/// Every kind of what something is done to.
pub const AUDIT_OBJECTS: &[(&str, &str)] = &[
    ("publication", "应用"),
    ("version", "版本"),
    ("work_order", "工单"),
    ("person", "人员"),
    ("account", "登录账号"),
    ("installation", "系统"),
    ("department", "部门"),
    ("application_system", "应用系统"),
    ("stock", "存量应用"),
    ("stock_list", "存量应用清单"),
    ("account_list", "账号清单"),
    ("department_list", "部门清单"),
    ("application_system_list", "应用系统清单"),
    ("role_list", "角色清单"),
    ("routing_list", "审批路由表"),
    ("routing", "审批路由"),
    ("sign_in_policy", "登录策略"),
    ("export", "导出"),
    ("channel", "渠道"),
    ("rule_set", "检测规则"),
    ("limit_set", "限制"),
    ("system_host", "外部域名"),
    ("outbox", "通知"),
    ("backup", "备份"),
    ("request", "功能"),
    ("api_token", "API 令牌"),
    ("audit", "审计日志"),
];

/// Names of what explains an event.
const DETAILS: &[(&str, &str)] = &[
    ("about", "版本"),
    ("account", "账号"),
    ("action", "动作"),
    ("activation_links", "激活链接"),
    ("address", "地址"),
    ("agent", "浏览器"),
    ("api_token", "API 令牌"),
    ("api_tokens", "API 令牌"),
    ("approved_by", "审批工单"),
    ("again", "换过身份验证器"),
    ("authenticator", "绑定身份验证器"),
    ("authenticators_to_be_bound", "待绑定的身份验证器"),
    ("backed_up_at", "备份时间"),
    ("broken", "第一条不符"),
    ("bundle", "部署内容校验和"),
    ("by", "方式"),
    ("changed", "改动的文件"),
    ("channel", "发布端"),
    ("date", "日期"),
    ("days", "更新时间（天）"),
    ("desk", "电脑地址"),
    ("difference", "与审批内容的差异"),
    ("done", "结果"),
    ("ended", "没有恢复"),
    ("expires_at", "到期"),
    ("failed", "没有导入"),
    ("file", "文件"),
    ("files", "文件数"),
    ("first_start_links", "初始化链接"),
    ("format", "格式"),
    ("hash", "哈希"),
    ("hidden", "对审计员隐藏"),
    ("host", "主机"),
    ("hosts", "外部地址"),
    ("keyword", "关键字"),
    ("issuer", "登录平台"),
    ("kind", "对象类型"),
    ("lacks", "缺少的文件"),
    ("megabytes", "大小（MB）"),
    ("messages", "条数"),
    ("name", "名称"),
    ("number", "版本号"),
    ("object", "对象"),
    ("oidc_subject", "登录平台的编号"),
    ("order", "工单"),
    ("package", "程序包校验和"),
    ("people", "管理员"),
    ("purpose", "用途"),
    ("query", "筛选条件"),
    ("reason", "理由"),
    ("region", "地区"),
    ("release", "上线版本"),
    ("result", "结果"),
    ("role", "角色"),
    ("rows", "条数"),
    ("rule", "规则"),
    ("said", "说明"),
    ("scope", "权限"),
    ("scopes", "权限"),
    ("seq", "编号"),
    ("service_id", "服务ID"),
    ("sessions", "会话"),
    ("set", "规则版本"),
    ("sign_in_codes", "登录码"),
    ("since", "开始日期"),
    ("size", "每页"),
    ("state", "状态"),
    ("step", "步骤"),
    ("stock", "原应用ID"),
    ("subject", "名称"),
    ("system", "应用系统"),
    ("target", "检测"),
    ("token", "令牌"),
    ("turned_away", "其间被拒的次数"),
    ("unfinished_uploads", "未完成的上传"),
    ("until", "结束日期"),
    ("unwell", "没有通过的检测"),
    ("value", "值"),
    ("version", "版本"),
    ("waiting_messages", "待发送的通知"),
    ("who", "人员"),
    ("why", "原因"),
];

/// An event's name in words.
pub fn audit_action(id: &str) -> Option<&'static str> {
    word_of(AUDIT_ACTIONS, id)
}

/// A kind of object in words.
pub fn audit_object(id: &str) -> Option<&'static str> {
    word_of(AUDIT_OBJECTS, id)
}

/// The name of a part of what explains an event.
pub fn audit_detail(id: &str) -> Option<&'static str> {
    word_of(DETAILS, id)
}

/// Whether it was done, or refused.
pub const fn audit_result(done: bool) -> &'static str {
    if done { "成功" } else { "拒绝" }
}

fn word_of(table: &[(&str, &'static str)], id: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == id).map(|(_, word)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Action;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_of_the_table_has_a_word_and_each_stands_once() {
        for action in Action::ALL {
            assert!(audit_action(action.audit_event()).is_some(), "{action:?}");
        }
        for table in [AUDIT_ACTIONS, AUDIT_OBJECTS, DETAILS] {
            assert_eq!(table.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len(), table.len());
        }
        let words: BTreeSet<&str> = AUDIT_ACTIONS.iter().map(|(_, word)| *word).collect();
        assert_eq!(words.len(), AUDIT_ACTIONS.len(), "a list to choose from has no two that read the same");
    }
}
