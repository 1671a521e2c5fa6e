//! The words of 运行状况 and 系统设置.

use crate::limit::Limit;
use crate::view::doctor::{Condition, Periodic, Sweep};
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
        Sweep::Previews => "到期的预览",
        Sweep::Builds => "编译的剩余文件",
    }
}

/// What one process does for all.
pub const fn periodic(what: Periodic) -> &'static str {
    match what {
        Periodic::Sessions => "清理结束的会话",
        Periodic::Uploads => "清理没有完成的上传",
        Periodic::Messages => "清理已发送的通知",
        Periodic::Previews => "清理到期的预览",
        Periodic::Plans => "定时和分批上线",
        Periodic::Backup => "每日备份",
    }
}

/// Where a setting's value comes from.
pub const fn setting_source(source: Source) -> &'static str {
    match source {
        Source::Default => "默认",
        Source::File => "文件",
        Source::Environment => "环境变量",
        Source::Flag => "命令行",
        Source::Screen => "页面",
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

/// What is limited.
pub const fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::PackageMegabytes => "程序包（zip）的大小",
        Limit::PackageUnpackedMegabytes => "解压后所有文件的总大小",
        Limit::PackageFileMegabytes => "解压后单个文件的大小",
        Limit::PackageEntries => "文件和目录的个数",
        Limit::PackagePathCharacters => "路径的长度",
        Limit::PackagePathLevels => "路径的层数",
        Limit::PackageRatio => "压缩比，解压后与压缩后之比",
        Limit::BuildMinutes => "一次编译的时间，包括安装依赖",
        Limit::BuildMemoryMegabytes => "一次编译的内存",
        Limit::BuildProcesses => "一次编译的进程和线程数",
        Limit::BuildOutputMegabytes => "编译产物的大小",
        Limit::BuildDiskMegabytes => "一次编译占用的磁盘",
    }
}

/// In what it is counted.
pub const fn limit_unit(limit: Limit) -> &'static str {
    match limit {
        Limit::PackageMegabytes
        | Limit::PackageUnpackedMegabytes
        | Limit::PackageFileMegabytes
        | Limit::BuildMemoryMegabytes
        | Limit::BuildOutputMegabytes
        | Limit::BuildDiskMegabytes => "MB",
        Limit::PackageEntries | Limit::BuildProcesses => "个",
        Limit::PackagePathCharacters => "字",
        Limit::PackagePathLevels => "层",
        Limit::PackageRatio => "倍",
        Limit::BuildMinutes => "分钟",
    }
}
