//! Sign-in by OpenID Connect, as screens show it (identity.md, Sign-in).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::UtcMillis;
use crate::view::account::AccountRow;

/// Why somebody who came from the site's provider is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OidcRefusal {
    /// The way there and back took too long, was used, or began in another browser; or its code is none.
    Over,
    /// The person did not go on at the provider.
    Cancelled,
    /// The first time: the system administrator has to say whose account it is. With a code of 24 bits that both can see.
    Waits(u32),
    /// The first time, and too many wait already.
    Full,
    /// The account is disabled.
    Stopped,
    /// Administrators sign in by password and one-time code.
    Administrator,
    /// What the provider sent proves nothing.
    Unproved,
    /// The provider does not let this site ask, or not so.
    Refused,
    /// The provider does not answer, or not as it should.
    Away,
}

impl OidcRefusal {
    /// All; of those who wait with one code.
    pub const ALL: [Self; 9] = [
        Self::Over,
        Self::Cancelled,
        Self::Waits(0),
        Self::Full,
        Self::Stopped,
        Self::Administrator,
        Self::Unproved,
        Self::Refused,
        Self::Away,
    ];

    /// The stable id: in addresses and in the audit log.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Cancelled => "cancelled",
            Self::Waits(_) => "waits",
            Self::Full => "full",
            Self::Stopped => "stopped",
            Self::Administrator => "administrator",
            Self::Unproved => "unproved",
            Self::Refused => "refused",
            Self::Away => "away",
        }
    }
}

/// The code by which a person and the administrator make sure that they speak of the same sign-in.
pub fn shown_code(code: u32) -> String {
    format!("{code:06X}")
}

/// A person of the provider's, who waits or is linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideIdentity {
    /// Which.
    pub id: Uuid,
    /// What they were told when they came: a name is anybody's choice. 24 bits, shown by [`shown_code`].
    pub code: u32,
    /// As the provider calls them; may be empty. Anybody may call themselves so.
    pub name: String,
    /// The provider's number for them; what looks like a number of a person is masked.
    pub subject: String,
    /// The provider.
    pub issuer: String,
    /// When they were linked, or came for the first time.
    pub since: UtcMillis,
}

/// 待关联的登录.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingPage {
    /// Who has waited longest first.
    pub rows: Vec<OutsideIdentity>,
    /// Accounts that were looked for, to link one of the rows with.
    pub found: Vec<AccountRow>,
    /// There are more accounts than are shown.
    pub more: bool,
    /// For saying how long ago.
    pub now: UtcMillis,
}
