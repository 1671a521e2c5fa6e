//! 运行: what is live of a hosted publication, and what browsers say of it. screens.md: Publication.

use crate::fields::HostDraft;
use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// The tab 运行.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunningView {
    /// The external hosts that the live version declares, each with its purpose (用途).
    pub hosts: Vec<HostDraft>,
    /// 运行时外链, what came last first.
    pub refused: Vec<RefusedHost>,
    /// 健康 of what is live; nothing while nothing is.
    pub health: Vec<HealthView>,
    /// Milliseconds between two probes of an address; `None`: the site probes nothing.
    pub probed_every_ms: Option<i64>,
}

/// After so many failures in a row people are told.
pub const IN_A_ROW: usize = 3;

/// What is probed of a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probed {
    /// Where people reach it.
    Live,
    /// 健康地址.
    Health,
}

impl Probed {
    /// Both.
    pub const ALL: [Probed; 2] = [Probed::Live, Probed::Health];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Probed::Live => "live",
            Probed::Health => "health",
        }
    }

    /// The one of this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|probed| probed.id() == id)
    }
}

/// One address that is probed, and how it answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthView {
    /// Which.
    pub what: Probed,
    /// The whole address.
    pub address: String,
    /// Newest first, at most 50.
    pub probes: Vec<Probe>,
}

impl HealthView {
    /// How often it has failed in a row by now.
    pub fn failures(&self) -> usize {
        failures_in_a_row(&self.probes)
    }
}

/// One probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// When it was answered, or given up.
    pub at: UtcMillis,
    /// Milliseconds.
    pub took_ms: i64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It answered.
    Answered,
    /// It did not: why, in a sentence.
    Failed(String),
    /// It was not asked, which is not its fault: why, in a sentence.
    NotAsked(String),
}

impl Outcome {
    /// Why it is no answer; empty where it is one.
    pub fn said(&self) -> &str {
        match self {
            Self::Answered => "",
            Self::Failed(why) | Self::NotAsked(why) => why,
        }
    }
}

impl Probe {
    /// It was asked, and did not answer.
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }
}

/// How many of these, which stand newest first, failed since the last one that did not.
pub fn failures_in_a_row(probes: &[Probe]) -> usize {
    probes.iter().take_while(|probe| probe.failed()).count()
}

/// An external host that browsers refused to load, in preview or live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedHost {
    /// Lower case, punycode.
    pub host: String,
    /// How often it was reported; of one publication at most 60 reports a minute are counted.
    pub count: i64,
    /// When last.
    pub last_at: UtcMillis,
}
