//! 运行状况: what the doctor found, what waits, and what was swept, of the server that answers. Spec: identity.md, Operations.

use serde::{Deserialize, Serialize};

use crate::time::UtcMillis;
use crate::view::outbox::Carrier;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// 故障: something has to be done.
    Wrong,
    /// 警告: it works, but could be better.
    Note,
    /// 正常.
    Fine,
    /// 未检查: this site has it not.
    Skipped,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What was looked at.
    pub title: String,
    /// How it is.
    pub condition: Condition,
    /// The same in a sentence.
    pub what: String,
    /// What to do; `None`: nothing.
    pub remedy: Option<String>,
}

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorPage {
    /// The machine's name.
    pub server: String,
    /// The program's version.
    pub version: String,
    /// When this process started.
    pub started_at: UtcMillis,
    /// When this was read.
    pub now: UtcMillis,
    /// When the checks began that are being made; `None`: none are.
    pub running_since: Option<UtcMillis>,
    /// When those below ended; `None`: there were none yet.
    pub checked_at: Option<UtcMillis>,
    /// What is wrong first.
    pub found: Vec<Found>,
    /// What waits; `None`: the database did not say in time.
    pub queues: Option<Queues>,
    /// What is swept every ten minutes, each with its last time.
    pub sweeps: Vec<Swept>,
}

/// What waits and runs, in all processes of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queues {
    /// Packages that wait to be checked and built.
    pub builds_waiting: i64,
    /// Packages that are being checked and built.
    pub builds_running: i64,
    /// So long has the first of those that wait been due. Milliseconds; 0 if none waits.
    pub oldest_build_ms: i64,
    /// Messages of each carrier.
    pub messages: Vec<Messages>,
    /// Servers and build workers with the connections they hold; empty on the embedded database, which is one process's own.
    pub processes: Vec<ProcessSeen>,
}

/// A carrier's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// Which.
    pub carrier: Carrier,
    /// They wait.
    pub waiting: i64,
    /// They were given up.
    pub dead: i64,
    /// The oldest that waits was written so long ago. Milliseconds; 0 if none waits.
    pub oldest_ms: i64,
}

/// A process, as PostgreSQL knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessSeen {
    /// What it calls itself: the machine's name and its number there.
    pub name: String,
    /// Connections that it holds.
    pub connections: i64,
}

/// What is swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sweep {
    /// Sessions that are over.
    Sessions,
    /// Uploads that were not finished.
    Uploads,
    /// Messages that were sent.
    Messages,
    /// Previews that have expired.
    Previews,
    /// What builds left on this machine.
    Builds,
}

impl Sweep {
    /// All, in the order of the page.
    pub const ALL: [Sweep; 5] = [Self::Sessions, Self::Uploads, Self::Messages, Self::Previews, Self::Builds];
}

/// The last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    /// What.
    pub what: Sweep,
    /// When.
    pub at: UtcMillis,
    /// Whether it could be; the log has the cause.
    pub well: bool,
}
