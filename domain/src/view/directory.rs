//! The public directory of a channel. Spec: Where published applications are seen.

use serde::{Deserialize, Serialize};

use crate::fields::Audience;
use crate::ids::FurtherChannelId;
use crate::publication::Channel;
use crate::region::RegionCode;
use crate::words;

/// Whose directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum DirectoryOf {
    /// A channel that a registration chooses.
    Channel(Channel),
    /// One that is applied for (渠道申请).
    Further(FurtherChannelId),
}

impl DirectoryOf {
    /// As it stands in an address: the channel's id.
    pub fn id(self) -> String {
        match self {
            DirectoryOf::Channel(channel) => channel.id().to_owned(),
            DirectoryOf::Further(channel) => channel.0.to_string(),
        }
    }

    /// Reads what [`Self::id`] wrote; whether there is such a further channel, the store knows.
    pub fn from_id(id: &str) -> Option<DirectoryOf> {
        let further = || id.parse().ok().map(FurtherChannelId).map(DirectoryOf::Further);
        Channel::from_id(id).map(DirectoryOf::Channel).or_else(further)
    }
}

impl From<DirectoryOf> for String {
    fn from(of: DirectoryOf) -> String {
        of.id()
    }
}

impl TryFrom<String> for DirectoryOf {
    type Error = &'static str;

    fn try_from(id: String) -> Result<DirectoryOf, &'static str> {
        DirectoryOf::from_id(&id).ok_or("not the id of a channel")
    }
}

/// A channel from the list that the system administrator keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FurtherChannel {
    /// Its id.
    pub id: FurtherChannelId,
    /// Its name.
    pub name: String,
}

/// A further channel, for the system administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRow {
    /// The channel.
    pub channel: FurtherChannel,
    /// It may be applied for, and has a directory.
    pub active: bool,
    /// How many applications are in its directory.
    pub listed: i64,
}

/// The name of every directory: those that a registration chooses, then the further ones.
pub fn directories(further: &[FurtherChannel]) -> Vec<(DirectoryOf, String)> {
    let chosen = Channel::ALL.map(|channel| (DirectoryOf::Channel(channel), words::channel(channel).to_owned()));
    let further = further.iter().map(|channel| (DirectoryOf::Further(channel.id), channel.name.clone()));
    chosen.into_iter().chain(further).collect()
}

/// A page of what is live in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryPage {
    /// Every directory there is, with its name.
    pub directories: Vec<(DirectoryOf, String)>,
    /// Newest registration first.
    pub entries: Vec<DirectoryEntry>,
    /// The key after which the next page begins, if there is one.
    pub next: Option<i64>,
}

impl DirectoryPage {
    /// The same page with every hosted address whole: `whole` makes it of the host's label. Of a site's page the address names the site: the
    /// application shows what is live there.
    pub fn with_addresses(mut self, site: Option<RegionCode>, whole: impl Fn(&str) -> String) -> Self {
        let at = site.map(|site| format!("/?site={site}")).unwrap_or_default();
        for entry in &mut self.entries {
            for address in [&mut entry.mobile, &mut entry.pc].into_iter().flatten() {
                if let Address::Hosted(label) = address {
                    *address = Address::Url(whole(label) + &at);
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
