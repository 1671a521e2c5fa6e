//! Where backups lie, and the one that is made by itself.

use clap::Args;
use engine::DailyBackup;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use thiserror::Error;

/// Where a folder is named, one is made every day.
#[derive(Debug, Clone, Args)]
pub struct BackupSettings {
    /// Folder of backups: those that the system administrator makes on the screen, which without it go to `backups` in the data folder, and the
    /// daily one, which is made only if this is set.
    #[arg(long, env = "IRS_BACKUPS")]
    pub backups: Option<PathBuf>,

    /// When the daily backup is made, if a folder of backups is set: the time of day in China, or `off`.
    #[arg(long, env = "IRS_BACKUP_TIME", default_value = "02:00")]
    pub backup_time: BackupTime,

    /// So many daily backups are kept; older ones are removed after a good new one.
    #[arg(long, env = "IRS_BACKUPS_KEPT", default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub backups_kept: u32,
}

impl BackupSettings {
    /// As named.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.backups.as_deref().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// The one that is made by itself.
    pub(super) fn daily(&self) -> Option<DailyBackup> {
        self.folder()?;
        Some(DailyBackup { minute: self.backup_time.0?, keep: self.backups_kept })
    }
}

/// A time of day in minutes after midnight; `None`: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupTime(Option<u16>);

/// It is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a time of day like 02:00 is wanted, or off")]
pub struct NoTime;

impl FromStr for BackupTime {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        if text == "off" {
            return Ok(Self(None));
        }
        let (hour, minute) = text.split_once(':').ok_or(NoTime)?;
        let number = |digits: &str, below: u16| {
            let is_two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.parse::<u16>().ok().filter(|number| is_two && *number < below);
            number.ok_or(NoTime)
        };
        Ok(Self(Some(number(hour, 24)? * 60 + number(minute, 60)?)))
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;
    use clap::Parser;
    use engine::DailyBackup;

    fn daily(args: &[&str]) -> Result<Option<DailyBackup>, String> {
        let read = Settings::try_parse_from([&["server"], args].concat());
        read.map(|settings| settings.backups.daily()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_backup_is_made_every_day_where_a_folder_is_named_and_nobody_says_off() {
        let backups = ["--backups", "/backup/irs"];
        assert_eq!(daily(&[]), Ok(None));
        assert_eq!(daily(&["--backup-time", "03:00"]), Ok(None));
        assert_eq!(daily(&backups), Ok(Some(DailyBackup { minute: 120, keep: 14 })));
        assert_eq!(daily(&[&backups[..], &["--backup-time", "off"]].concat()), Ok(None));
        let told = [&backups[..], &["--backup-time", "23:59", "--backups-kept", "3"]].concat();
        assert_eq!(daily(&told), Ok(Some(DailyBackup { minute: 23 * 60 + 59, keep: 3 })));
        for wrong in ["24:00", "2:00", "02:60", "0200", "", "night", "+2:00"] {
            let said = daily(&["--backup-time", wrong]).unwrap_err();
            assert!(said.contains("--backup-time") && said.contains("a time of day like 02:00"), "{wrong}: {said}");
        }
        assert!(daily(&["--backups-kept", "0"]).unwrap_err().contains("--backups-kept"));
    }
}
