//! 备份: what lies in this server's folder of backups, and what is being made. Spec: identity.md, Operations.

use serde::{Deserialize, Serialize};

use crate::time::UtcMillis;

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPage {
    /// The machine's name: the folder is this server's.
    pub server: String,
    /// Where backups lie; `None`: nobody said, and none can be made.
    pub folder: Option<String>,
    /// Room that is left there. Bytes; `None`: it is not known.
    pub free_bytes: Option<u64>,
    /// Why the folder can't be read, in a sentence.
    pub unreadable: Option<String>,
    /// The database is PostgreSQL: restoring needs another one.
    pub postgres: bool,
    /// What is being done.
    pub working: Option<BackupWork>,
    /// How the last work ended that this process did, if it failed.
    pub failed: Option<FailedWork>,
    /// The newest first; not all, if they are many.
    pub rows: Vec<BackupRow>,
    /// How many there are.
    pub total: u32,
    /// The backup that this server makes by itself, if it is to make one.
    #[serde(default)]
    pub daily: Option<Daily>,
    /// When this was read.
    pub now: UtcMillis,
}

/// A backup that is made once a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daily {
    /// The time of day in China: `02:00`.
    pub at: String,
    /// So many of them are kept.
    pub keep: u32,
}

/// What is done with a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupDeed {
    /// 备份.
    Make,
    /// 校验: all files are read again, and compared with their hashes.
    Verify,
}

/// What is being done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupWork {
    /// What.
    pub deed: BackupDeed,
    /// The folder's name.
    pub name: String,
    /// Who asked for it.
    pub by: String,
    /// Since when.
    pub since: UtcMillis,
    /// Files that are done.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedWork {
    /// What.
    pub deed: BackupDeed,
    /// The folder's name.
    pub name: String,
    /// When.
    pub at: UtcMillis,
    /// Why, and what to do.
    pub why: String,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRow {
    /// Its name.
    pub name: String,
    /// Its path, as a command takes it.
    pub path: String,
    /// What it holds; `None`: it did not come to its end, and is good for nothing.
    pub held: Option<Held>,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// When it was begun: it shows the database of that moment.
    pub made_at: UtcMillis,
    /// Who made it; `None`: a command.
    pub by: Option<String>,
    /// On which machine, if that is known.
    pub server: Option<String>,
    /// The product's version.
    pub version: String,
    /// Rows of all tables.
    pub rows: u64,
    /// Files, those of the database as well.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that the site itself lacked.
    pub lacks: u64,
    /// The last 校验.
    pub verified: Option<Verified>,
}

impl Held {
    /// The last 校验 found that it would not come back whole.
    pub fn is_damaged(&self) -> bool {
        self.verified.as_ref().is_some_and(|verified| verified.wrong.is_some())
    }
}

/// How a 校验 ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// When.
    pub at: UtcMillis,
    /// Who asked for it.
    pub by: String,
    /// What is wrong; `None`: all files are what they were.
    pub wrong: Option<String>,
}
