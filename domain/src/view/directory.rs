//! The public directory of a channel. Spec: Where published applications are seen.

use serde::{Deserialize, Serialize};

use crate::fields::Audience;

/// A page of what is live in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryPage {
    /// Newest registration first.
    pub entries: Vec<DirectoryEntry>,
    /// The key after which the next page begins, if there is one.
    pub next: Option<i64>,
}

impl DirectoryPage {
    /// The same page with every hosted address whole: `whole` makes it of the host's label.
    pub fn with_addresses(mut self, whole: impl Fn(&str) -> String) -> Self {
        for entry in &mut self.entries {
            for address in [&mut entry.mobile, &mut entry.pc].into_iter().flatten() {
                if let Address::Hosted(label) = address {
                    *address = Address::Url(whole(label));
                }
            }
        }
        self
    }
}

/// One application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryEntry {
    /// 服务ID.
    pub service_id: String,
    /// 服务名称.
    pub name: String,
    /// 服务介绍.
    pub intro: String,
    /// The icon's content hash.
    pub icon: String,
    /// 服务用户类型.
    pub audience: Audience,
    /// 移动端地址, where the channel shows it.
    pub mobile: Option<Address>,
    /// PC端地址, where the channel shows it.
    pub pc: Option<Address>,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// We host it: the host's label; the base (`apps.localhost`) is a setting, which who draws it adds.
    Hosted(String),
    /// Elsewhere, whole.
    Url(String),
}
