//! 账号 and 角色, as administrators see them (identity.md, The three administrators).

use serde::{Deserialize, Serialize};

use crate::fields::{FieldErrors, PersonDraft, RolesDraft};
use crate::ids::PersonId;
use crate::role::Seat;
use crate::view::oidc::OutsideIdentity;

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It has a password.
    Active,
    /// It has none yet: an activation link, 浙政钉 or OpenID Connect lets in.
    NoPassword,
    /// 停用: nothing lets in.
    Stopped,
}

impl Standing {
    /// All.
    pub const ALL: [Standing; 3] = [Self::Active, Self::NoPassword, Self::Stopped];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NoPassword => "no_password",
            Self::Stopped => "stopped",
        }
    }

    /// The one with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.id() == id)
    }

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "在用",
            Self::NoPassword => "未设密码",
            Self::Stopped => "已停用",
        }
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    /// The newest first.
    pub rows: Vec<AccountRow>,
    /// How many there are; counted up to 1,000.
    pub total: i64,
    /// Above this key the newer page lies.
    pub newer: Option<i64>,
    /// Below this key the older page lies.
    pub older: Option<i64>,
    /// 待关联的登录, for who links them; `None`: the site has no OpenID Connect.
    pub waiting: Option<i64>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Which.
    pub id: PersonId,
    /// 账号.
    pub account: String,
    /// 姓名.
    pub name: String,
    /// The department's name; may be empty.
    pub department: String,
    /// Masked; may be empty.
    pub mobile: String,
    /// Linked with 浙政钉.
    pub in_dingtalk: bool,
    /// How it stands.
    pub standing: Standing,
    /// What the person may be, with regions.
    pub seats: Vec<Seat>,
}

impl AccountRow {
    /// One of the three administrators.
    pub fn is_administrator(&self) -> bool {
        self.seats.iter().any(|seat| seat.role.is_administrator())
    }
}

/// What the form of an account opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccount {
    /// The account; `None`: a new one.
    pub row: Option<AccountRow>,
    /// As it is, or as it was typed when it was refused.
    pub draft: PersonDraft,
    /// What is wrong with what was typed.
    pub errors: FieldErrors,
    /// Names of departments, for choosing one.
    pub departments: Vec<String>,
    /// With whom of the OpenID provider's it is linked.
    pub identities: Vec<OutsideIdentity>,
}

/// An activation link that is to be handed over; shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
    /// 激活链接: good for 24 hours, used once.
    pub link: String,
}

/// Whoever has the link is let in: it is in no log.
impl std::fmt::Debug for NewLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewLink")
    }
}

/// What the form of a person's roles opens with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRoles {
    /// The account.
    pub row: AccountRow,
    /// The roles as they are, for the sending: somebody else may change them meanwhile.
    pub seen: String,
    /// As they are, or as they were typed when they were refused.
    pub draft: RolesDraft,
    /// What is wrong with what was typed.
    pub errors: FieldErrors,
    /// The viewer's own account: its roles are changed by somebody else.
    pub own: bool,
}
