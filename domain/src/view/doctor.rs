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
    /// What each process sweeps every ten minutes for itself, with its last time here. Older servers also have here what [`Self::jobs`] has.
    pub sweeps: Vec<Swept>,
    /// What one process at a time does for all of the site, as far as it was done.
    #[serde(default)]
    pub jobs: Vec<PeriodicRun>,
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

/// What one process of a site does for all, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Periodic {
    /// Sessions that are over are forgotten.
    Sessions,
    /// Uploads that nobody finished are forgotten.
    Uploads,
    /// Messages that were sent long ago are forgotten.
    Messages,
    /// Previews that have expired are forgotten.
    Previews,
    /// Batches of plans of going live begin when their time has come.
    Plans,
    /// The daily backup is made.
    Backup,
}

impl Periodic {
    /// All, in the order of the page.
    pub const ALL: [Periodic; 6] =
        [Self::Sessions, Self::Uploads, Self::Messages, Self::Previews, Self::Plans, Self::Backup];
}

/// Its last runs, whichever process they were of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodicRun {
    /// What.
    pub what: Periodic,
    /// Whether the last one ended well.
    pub well: bool,
    /// When one last ended well; `None`: never.
    pub done_at: Option<UtcMillis>,
    /// How long that took. Milliseconds.
    pub took_ms: Option<i64>,
    /// When one last failed; `None`: never.
    pub failed_at: Option<UtcMillis>,
    /// What there is to say of the last one; `None`: nothing, or the log has the cause.
    pub said: Option<String>,
    /// The machine of the last one.
    pub machine: String,
}
