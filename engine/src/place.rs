//! Where this server is and how it was set: what `server doctor` and `server backup` take from the settings, for the screens of the
//! system administrator.

use domain::view::setting::Setting;
use std::fmt;
use std::path::PathBuf;

/// A server's own: of several processes each has another.
#[derive(Clone)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The database's address; it may hold a password.
    pub database: String,
    /// Files are in a bucket, not in the data folder.
    pub bucket: bool,
    /// Where people reach the site, if not directly.
    pub public_url: Option<String>,
    /// Where backups lie that are made on the screen, and by itself.
    pub backups: PathBuf,
    /// The backup that it makes by itself, if it is to make one.
    pub daily: Option<DailyBackup>,
    /// The settings file, if there is one.
    pub file: Option<PathBuf>,
    /// All settings as they are in force, without secrets.
    pub settings: Vec<Setting>,
}

/// A backup that is made once a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyBackup {
    /// At this time of day in China. Minutes after midnight.
    pub minute: u16,
    /// So many of them are kept, at least 1.
    pub keep: u32,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("data", &self.data).field("backups", &self.backups).finish_non_exhaustive()
    }
}

/// The name of this machine, by which an administrator tells servers apart.
pub(crate) fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}
