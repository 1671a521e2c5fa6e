//! API 令牌: what a developer's own CI may do in their name, for one publication and a while (issue: their own CI).

use serde::{Deserialize, Serialize};

/// One thing that a token permits. The rules of the person and the publication hold all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiScope {
    /// Reading: how far versions are, findings, logs.
    Read,
    /// 上传.
    Upload,
    /// 提交验收.
    Submit,
    /// 配置完成.
    Configure,
}

impl ApiScope {
    /// All of them.
    pub const ALL: [ApiScope; 4] = [ApiScope::Read, ApiScope::Upload, ApiScope::Submit, ApiScope::Configure];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            ApiScope::Read => "read",
            ApiScope::Upload => "upload",
            ApiScope::Submit => "submit",
            ApiScope::Configure => "configure",
        }
    }

    /// The one of this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.id() == id)
    }

    /// The words.
    pub const fn word(self) -> &'static str {
        match self {
            ApiScope::Read => "查看状态、检测结果和日志",
            ApiScope::Upload => "上传",
            ApiScope::Submit => "提交验收",
            ApiScope::Configure => "配置完成",
        }
    }
}

/// For how many days a token may hold.
pub const DAYS: [u16; 4] = [7, 30, 90, 365];

/// Tokens of one person and publication that hold at a time, at most.
pub const MOST: usize = 20;
