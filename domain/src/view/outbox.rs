//! 通知: what is told outside of the product, for the system administrator.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::UtcMillis;

/// What carries a message out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// A robot that posts into a group.
    Webhook,
    /// E-mail, to each person.
    Email,
    /// A work notification of 浙政钉, to each person whose account is linked.
    #[serde(rename = "dingtalk")]
    DingTalk,
}

impl Carrier {
    /// All.
    pub const ALL: [Carrier; 3] = [Carrier::Webhook, Carrier::Email, Carrier::DingTalk];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Carrier::Webhook => "webhook",
            Carrier::Email => "email",
            Carrier::DingTalk => "dingtalk",
        }
    }

    /// The carrier with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Carrier> {
        Carrier::ALL.into_iter().find(|carrier| carrier.id() == id)
    }
}

/// What the administrator sees of all that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxPage {
    /// Each carrier, with how it does.
    pub carriers: Vec<CarrierState>,
    /// A page of what could not be sent, newest first.
    pub dead: Vec<DeadLetter>,
    /// Above this key the newer page lies, if there is one.
    #[serde(default)]
    pub newer: Option<i64>,
    /// Below this key the older page lies, if there is one.
    #[serde(default)]
    pub older: Option<i64>,
    /// When it was read.
    pub now: UtcMillis,
}

/// One carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierState {
    /// Which.
    pub carrier: Carrier,
    /// The host that it is handed to; `None`: not configured.
    pub host: Option<String>,
    /// Messages that wait.
    pub waiting: i64,
    /// Messages that are given up.
    pub dead: i64,
}

/// A message that is given up, until it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The message's id.
    pub id: Uuid,
    /// By what it was to go.
    pub carrier: Carrier,
    /// To whom: names, with the address of an e-mail.
    pub to: String,
    /// About what.
    pub title: String,
    /// When it happened.
    pub at: UtcMillis,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it did not go the last time.
    pub error: String,
}
