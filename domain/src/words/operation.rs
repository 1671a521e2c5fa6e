//! The words of 运行状况 and 系统设置.

use crate::view::doctor::{Condition, Sweep};
use crate::view::setting::{SettingGroup, Source};

/// What a check came to.
pub const fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Wrong => "故障",
        Condition::Note => "警告",
        Condition::Fine => "正常",
        Condition::Skipped => "未检查",
    }
}

/// What is swept.
pub const fn sweep(what: Sweep) -> &'static str {
    match what {
        Sweep::Sessions => "结束的会话",
        Sweep::Uploads => "没有完成的上传",
        Sweep::Messages => "已发送的通知",
        Sweep::Previews => "到期的预览和编译的剩余文件",
    }
}

/// Where a setting's value comes from.
pub const fn setting_source(source: Source) -> &'static str {
    match source {
        Source::Default => "默认",
        Source::File => "文件",
        Source::Environment => "环境变量",
        Source::Flag => "命令行",
    }
}

/// Which settings stand together.
pub const fn setting_group(group: SettingGroup) -> &'static str {
    match group {
        SettingGroup::Network => "访问",
        SettingGroup::Storage => "数据与备份",
        SettingGroup::Applications => "应用与工单",
        SettingGroup::Building => "编译",
        SettingGroup::Limits => "限制",
        SettingGroup::Notices => "通知",
        SettingGroup::DingTalk => "浙政钉",
        SettingGroup::OpenId => "单位账号（OpenID）",
        SettingGroup::Log => "日志与其他",
    }
}
