//! Side, channels, type and hosting: what a registration fixes for ever. Spec: Hosting.

use serde::{Deserialize, Serialize};

use crate::state::State;

/// For whom it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 服务侧: citizens and enterprises.
    Service,
    /// 治理侧: public servants.
    Governance,
}

/// A channel (发布端) with a directory of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 浙里办APP.
    ZheliApp,
    /// 政务服务网.
    ServiceWeb,
    /// 浙政钉.
    Zhezhengding,
}

/// What is published (发布类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationType {
    /// H5.
    H5,
    /// PC.
    Pc,
    /// 小程序.
    MiniProgram,
}

/// The channels of one publication, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelSet(u8);

/// One row of the hosting table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostingRow {
    /// The side.
    pub side: Side,
    /// Exactly these channels.
    pub channels: &'static [Channel],
    /// The type that goes with them.
    pub kind: PublicationType,
    /// Whether we host it, unless staff may and do choose otherwise.
    pub hosted: bool,
    /// Whether staff may choose.
    pub choice: bool,
}

/// The hosting table of the spec, in its order.
#[rustfmt::skip]
pub static HOSTING: &[HostingRow] = &[
    //          side              channels                                     type                          hosted choice
    hosting(Side::Service,    &[Channel::ZheliApp],                        PublicationType::H5,          true,  false),
    hosting(Side::Service,    &[Channel::ServiceWeb],                      PublicationType::Pc,          false, false),
    hosting(Side::Service,    &[Channel::ZheliApp, Channel::ServiceWeb],   PublicationType::H5,          true,  false),
    hosting(Side::Governance, &[Channel::Zhezhengding],                    PublicationType::H5,          true,  true),
    hosting(Side::Governance, &[Channel::Zhezhengding],                    PublicationType::MiniProgram, false, false),
];

const fn hosting(
    side: Side,
    channels: &'static [Channel],
    kind: PublicationType,
    hosted: bool,
    choice: bool,
) -> HostingRow {
    HostingRow { side, channels, kind, hosted, choice }
}

/// The row for side, channels and, on the governance side, the chosen type. On the service side the
/// type follows the channels, so `kind` is not read there. `None`: there is no such publication.
pub fn hosting_row(side: Side, channels: ChannelSet, kind: Option<PublicationType>) -> Option<&'static HostingRow> {
    HOSTING.iter().find(|row| {
        row.side == side
            && ChannelSet::of(row.channels) == channels
            && (side == Side::Service || kind == Some(row.kind))
    })
}

impl HostingRow {
    /// Hosted or not, after staff's choice, which counts only where the table allows one.
    pub fn hosted(&self, chosen: Option<bool>) -> bool {
        if self.choice { chosen.unwrap_or(self.hosted) } else { self.hosted }
    }
}

/// The state after registration, as the hosting table says: without us hosting there is no developer
/// to wait for.
pub const fn initial_state(hosted: bool) -> State {
    if hosted { State::Preparing } else { State::AwaitingRelease }
}

impl Side {
    /// Both sides.
    pub const ALL: [Side; 2] = [Side::Service, Side::Governance];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Side::Service => "service",
            Side::Governance => "governance",
        }
    }

    /// The side with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Side> {
        Side::ALL.into_iter().find(|side| side.id() == id)
    }

    /// The channels that a registration on this side may choose.
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            Side::Service => &[Channel::ZheliApp, Channel::ServiceWeb],
            Side::Governance => &[Channel::Zhezhengding],
        }
    }
}

impl Channel {
    /// All channels, in the order of the spec.
    pub const ALL: [Channel; 3] = [Channel::ZheliApp, Channel::ServiceWeb, Channel::Zhezhengding];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Channel::ZheliApp => "zheli_app",
            Channel::ServiceWeb => "service_web",
            Channel::Zhezhengding => "zhezhengding",
        }
    }

    /// The channel with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.id() == id)
    }
}

impl PublicationType {
    /// All types, in the order of the spec.
    pub const ALL: [PublicationType; 3] = [PublicationType::H5, PublicationType::Pc, PublicationType::MiniProgram];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            PublicationType::H5 => "h5",
            PublicationType::Pc => "pc",
            PublicationType::MiniProgram => "mini_program",
        }
    }

    /// The type with this id, if there is one.
    pub fn from_id(id: &str) -> Option<PublicationType> {
        PublicationType::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

impl ChannelSet {
    /// These channels.
    pub fn of(channels: &[Channel]) -> ChannelSet {
        ChannelSet(channels.iter().fold(0, |bits, channel| bits | 1 << *channel as u8))
    }

    /// Whether the channel is among them.
    pub const fn has(self, channel: Channel) -> bool {
        self.0 & (1 << channel as u8) != 0
    }

    /// The channels, in the order of the spec.
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(move |channel| self.has(*channel))
    }

    /// The number for the database: one bit a channel, in the order of [`Channel::ALL`].
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with these bits; bits that are no channel are dropped.
    pub const fn from_bits(bits: u8) -> ChannelSet {
        ChannelSet(bits & 0b111)
    }
}
