//! 系统设置: the settings of the server that answers, as they are in force. Spec: identity.md, Operations.

use serde::{Deserialize, Serialize};

use crate::time::UtcMillis;

/// Where a value comes from; what is named later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// 默认: nobody set it.
    Default,
    /// 文件.
    File,
    /// 环境变量.
    Environment,
    /// 命令行.
    Flag,
    /// 页面: the system administrator set it there, and nobody else did.
    Screen,
}

/// Which settings stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingGroup {
    /// 访问.
    Network,
    /// 数据与备份.
    Storage,
    /// 应用与检测.
    Applications,
    /// 编译.
    Building,
    /// 限制.
    Limits,
    /// 通知.
    Notices,
    /// 浙政钉.
    DingTalk,
    /// 单位账号（OpenID）.
    OpenId,
    /// 日志与其他.
    Log,
}

impl SettingGroup {
    /// All, in the order of the page.
    pub const ALL: [SettingGroup; 9] = [
        SettingGroup::Network,
        SettingGroup::Storage,
        SettingGroup::Applications,
        SettingGroup::Building,
        SettingGroup::Limits,
        SettingGroup::Notices,
        SettingGroup::DingTalk,
        SettingGroup::OpenId,
        SettingGroup::Log,
    ];
}

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingValue {
    /// 未设置.
    Unset,
    /// 已设置: a secret, which nobody is shown.
    Secret,
    /// As it is, with its unit.
    Text(String),
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its flag, without the dashes: so it stands in the file.
    pub name: String,
    /// Its variable of the environment.
    pub variable: String,
    /// Where on the page.
    pub group: SettingGroup,
    /// What it is for.
    pub meaning: String,
    /// What is in force.
    pub value: SettingValue,
    /// Where that comes from.
    pub source: Source,
}

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingPage {
    /// The machine's name.
    pub server: String,
    /// Settings were read then.
    pub started_at: UtcMillis,
    /// The settings file, if there is one.
    pub file: Option<String>,
    /// All, in their order.
    pub settings: Vec<Setting>,
}
