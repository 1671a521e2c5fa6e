//! People, as screens show them.

use serde::{Deserialize, Serialize};

use crate::password::PasswordPolicy;
use crate::role::Role;
use crate::time::UtcMillis;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// As the account has it.
    pub name: String,
    /// In the order of the spec.
    pub roles: Vec<Role>,
}

/// Somebody whom a demo signs in with one click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The account's name.
    pub account: String,
    /// As the account has it.
    pub name: String,
    /// The department's name, if there is one.
    pub department: Option<String>,
    /// What they are.
    pub role: Role,
    /// The region code of a reviewer's seat; else empty.
    pub region: String,
}

/// How far a code for signing in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// Nobody has decided.
    Waiting,
    /// The phone has confirmed: the browser may go on.
    Confirmed,
    /// The phone has refused.
    Refused,
    /// Unknown, too old, used, or of another browser.
    Over,
}

/// Why somebody whom 浙政钉 knows is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutsideRefusal {
    /// The way there and back took too long, was used, or began in another browser; or its code is none.
    Over,
    /// No account is linked, or it is disabled.
    Unknown,
    /// Administrators sign in by password and one-time code.
    Administrator,
    /// Of another tenant.
    OtherTenant,
    /// The gateway does not answer, or not as it should.
    Away,
}

impl OutsideRefusal {
    /// All.
    pub const ALL: [Self; 5] = [Self::Over, Self::Unknown, Self::Administrator, Self::OtherTenant, Self::Away];

    /// The stable id: in addresses and in the audit log.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Unknown => "unknown",
            Self::Administrator => "administrator",
            Self::OtherTenant => "other_tenant",
            Self::Away => "away",
        }
    }
}

/// By what people sign in at this site, beside account and password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInWays {
    /// 浙政钉.
    pub dingtalk: bool,
    /// By OpenID Connect: the word on the button.
    pub oidc: Option<String>,
    /// The browser brought two sessions, and was told to forget both.
    #[serde(default)]
    pub tossed: bool,
}

/// Who asks to be signed in, for the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoAsks {
    /// The desk's address.
    pub address: String,
    /// The name that its browser gives itself.
    pub agent: String,
    /// When it asked.
    pub asked_at: UtcMillis,
}

/// An administrator that the first start made, with the link that is to be handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAdministrator {
    /// Which of the three.
    pub role: Role,
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
    /// 激活链接: good for 24 hours, used once.
    pub link: String,
}

/// What an activation link leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
    /// What the password must be.
    pub policy: PasswordPolicy,
    /// What is to be bound, where one is demanded, or was bound before.
    pub authenticator: Option<Authenticator>,
}

/// One's own authenticator, on the page of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAuthenticator {
    /// The account has a password: whoever signs in otherwise alone needs no authenticator.
    pub local: bool,
    /// One is bound.
    pub bound: bool,
    /// It is demanded: it can be changed, and not taken off.
    pub demanded: bool,
    /// Recovery codes that are left.
    pub recovery: i64,
}

/// An authenticator that waits to be bound, and whose it becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedAuthenticator {
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
    /// What is offered.
    pub authenticator: Authenticator,
}

/// An authenticator to be bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticator {
    /// To be typed, base32.
    pub secret: String,
    /// The same as authenticators scan it.
    pub uri: String,
    /// Each signs in once in place of a code.
    pub recovery: Vec<String>,
}
