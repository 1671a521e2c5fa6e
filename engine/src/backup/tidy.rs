//! Which backups that the clock of a site made are kept, and room for the next. Nobody else's is touched; of those that are to be kept none
//! goes before a good new one is there, and never the last good one. Start reading at [`tidy`].

use super::restore::read;
use super::screen::{free_bytes, time_of};
use super::work::verified;
use super::{BackupError, MANIFEST, Result, UNFINISHED, blocking, io, note, sync};
use domain::UtcMillis;
use std::fs::TryLockError;
use std::path::Path;

/// In the note of a backup that the clock of this site has begun.
pub(super) fn by_the_clock(site: &str) -> String {
    format!("The site {site} began it by itself, and removes it after its next backup.\n")
}

/// Whose backups are kept, and how many.
#[derive(Debug, Clone)]
pub(super) struct Keeping {
    /// Its [`site`](crate::audit::site): several may have one folder.
    pub(super) site: String,
    /// The one that is being made, or was made just now.
    pub(super) new: String,
    /// See [`DailyBackup`](crate::place::DailyBackup).
    pub(super) keep: u32,
}

/// One that the site's clock made, or began.
#[derive(Debug, Clone)]
struct Own {
    name: String,
    /// Sorts by time.
    key: String,
    is: Is,
}

/// What it is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    /// It broke off.
    Unfinished,
    /// A 校验 found it so.
    Damaged,
    /// The site lacked so many files when it was made.
    Good { lacks: u64 },
}

/// What went.
#[derive(Debug)]
pub(super) struct Tidied {
    /// Their names.
    pub(super) removed: Vec<String>,
    /// Why no more of them did.
    pub(super) failed: Option<BackupError>,
}

/// Keeps so many good ones, with `new` among them.
pub(super) async fn tidy(backups: &Path, keeping: Keeping) -> Tidied {
    let go = blocking(backups, move |backups| {
        let (mut removed, mut failed) = (Vec::new(), None);
        for name in to_remove(all_own(backups, &keeping.site)?, &keeping.new, keeping.keep) {
            match remove(&backups.join(&name), &keeping.site) {
                Ok(()) => removed.push(name),
                // Another process is at it.
                Err(BackupError::Busy(_)) => {}
                Err(error) => failed = Some(error),
            }
        }
        Ok(Tidied { removed, failed })
    });
    go.await.unwrap_or_else(Tidied::nothing)
}

impl Tidied {
    fn nothing(error: BackupError) -> Self {
        Self { removed: Vec::new(), failed: Some(error) }
    }
}

/// Room for as much as the newest backup takes: what broke off gives way, and then what are more than are kept, the oldest first.
/// Failed with [`BackupError::NoRoom`]: better none than a full disk.
pub(super) async fn make_room(backups: &Path, keeping: &Keeping) -> Tidied {
    let keeping = keeping.clone();
    let go = blocking(backups, move |backups| {
        let mut removed = Vec::new();
        let failed = remove_for_room(backups, &keeping, &mut removed).err();
        Ok(Tidied { removed, failed })
    });
    go.await.unwrap_or_else(Tidied::nothing)
}

fn remove_for_room(backups: &Path, keeping: &Keeping, removed: &mut Vec<String>) -> Result<()> {
    let Some(needed) = newest_bytes(backups)? else { return Ok(()) };
    for name in gives_way(all_own(backups, &keeping.site)?, &keeping.new, keeping.keep) {
        if free_bytes(backups).is_none_or(|free| free >= needed) {
            break;
        }
        match remove(&backups.join(&name), &keeping.site) {
            Ok(()) => removed.push(name),
            // Another process is at it.
            Err(BackupError::Busy(_)) => {}
            Err(error) => return Err(error),
        }
    }
    match free_bytes(backups) {
        Some(free) if free < needed => Err(BackupError::NoRoom { folder: backups.to_owned(), free, needed }),
        _ => Ok(()),
    }
}

/// In this order; what the new one goes on with gives way last.
fn gives_way(all: Vec<Own>, new: &str, keep: u32) -> Vec<String> {
    let unfinished = all.iter().filter(|own| own.is == Is::Unfinished);
    let unfinished: Vec<String> = unfinished.map(|own| own.name.clone()).collect();
    let mut go = to_remove(all, new, keep);
    go.reverse();
    go.sort_by_key(|name| !unfinished.contains(name));
    go.extend(unfinished.into_iter().filter(|name| name == new));
    go
}

/// What broke off there was begun by the clock of this site.
pub(super) fn is_begun_by_the_clock(folder: &Path, site: &str) -> bool {
    let text = std::fs::read_to_string(folder.join(UNFINISHED));
    !folder.join(MANIFEST).exists() && text.is_ok_and(|text| text.contains(&by_the_clock(site)))
}

/// Another process makes it, or removes it.
pub(super) fn is_busy(folder: &Path) -> bool {
    let note = std::fs::File::options().append(true).open(folder.join(UNFINISHED));
    note.is_ok_and(|note| matches!(note.try_lock(), Err(TryLockError::WouldBlock)))
}

fn folders(backups: &Path) -> Result<Vec<(String, std::path::PathBuf)>> {
    let entries = match std::fs::read_dir(backups) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(io(backups))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(io(backups))?;
        // A link leads to what is somebody else's.
        if entry.file_type().is_ok_and(|kind| kind.is_dir())
            && let Ok(name) = entry.file_name().into_string()
        {
            found.push((name, entry.path()));
        }
    }
    Ok(found)
}

fn all_own(backups: &Path, site: &str) -> Result<Vec<Own>> {
    let all = folders(backups)?.into_iter().filter(|(name, _)| is_time(name));
    Ok(all.filter_map(|(name, folder)| own(name, &folder, site)).collect())
}

/// As [`time_of`] names one. Who copies or renames one wants to keep it.
fn is_time(name: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        4 | 7 | 10 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    name.len() == "2026-11-24-080000".len() && name.bytes().enumerate().all(fits)
}

fn own(name: String, folder: &Path, site: &str) -> Option<Own> {
    let Ok(manifest) = read(folder) else {
        return is_begun_by_the_clock(folder, site).then(|| Own { key: name.clone(), name, is: Is::Unfinished });
    };
    let is_damaged = verified(folder).is_some_and(|verified| verified.wrong.is_some());
    let is = if is_damaged { Is::Damaged } else { Is::Good { lacks: manifest.lacks() } };
    let is_own = manifest.daily_of.as_deref() == Some(site);
    is_own.then(|| Own { name, key: time_of(UtcMillis(manifest.made_at)), is })
}

fn newest_bytes(backups: &Path) -> Result<Option<u64>> {
    let whole = folders(backups)?.into_iter().filter_map(|(_, folder)| read(&folder).ok());
    Ok(whole.max_by_key(|manifest| manifest.made_at).map(|manifest| manifest.files().1))
}

fn to_remove(mut all: Vec<Own>, new: &str, keep: u32) -> Vec<String> {
    all.sort_by(|a, b| b.key.cmp(&a.key));
    let lacks = |own: &Own| match own.is {
        Is::Good { lacks } => Some(lacks),
        Is::Unfinished | Is::Damaged => None,
    };
    // What the site lacks by now, an older one may have: the newest of those that lack least stays, however old it is.
    let least = all.iter().filter_map(lacks).min();
    let best = all.iter().find(|own| least.is_some() && lacks(own) == least).map(|own| own.name.clone());
    let (mut good, mut go) = (0, Vec::new());
    for own in all {
        let goes = match own.is {
            Is::Unfinished => true,
            Is::Damaged => good >= keep,
            Is::Good { .. } => {
                good += 1;
                good > keep && Some(&own.name) != best.as_ref()
            }
        };
        if goes && own.name != new {
            go.push(own.name);
        }
    }
    go
}

/// First it is no backup any more; the note goes last: what breaks off here is removed the next time. What is being read stays.
fn remove(folder: &Path, site: &str) -> Result<()> {
    let (path, manifest) = (folder.join(UNFINISHED), folder.join(MANIFEST));
    let unread = match std::fs::File::options().append(true).open(&manifest) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => None,
        other => Some(other.map_err(io(&manifest))?),
    };
    if let Some(unread) = &unread {
        unread.try_lock().map_err(|_| BackupError::Busy(folder.to_owned()))?;
    }
    let ours = std::fs::File::options().create(true).append(true).open(&path).map_err(io(&path))?;
    ours.try_lock().map_err(|_| BackupError::Busy(folder.to_owned()))?;
    std::fs::write(&path, note(Some(site))).map_err(io(&path))?;
    if manifest.exists() {
        std::fs::remove_file(&manifest).map_err(io(&manifest))?;
    }
    sync(folder)?;
    // On NFS, what is open stays in the folder under another name.
    drop(unread);
    remove_all_but_the_note(folder)?;
    drop(ours);
    std::fs::remove_file(&path).map_err(io(&path))?;
    std::fs::remove_dir(folder).map_err(io(folder))
}

pub(super) fn remove_all_but_the_note(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(io(folder))? {
        let entry = entry.map_err(io(folder))?;
        let path = entry.path();
        if entry.file_name() == UNFINISHED {
            continue;
        }
        let is_folder = entry.file_type().map_err(io(&path))?.is_dir();
        let gone = if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        gone.map_err(io(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(all: &[(&str, Is)], keep: u32) -> Vec<String> {
        let own = |(name, is): &(&str, Is)| Own { name: (*name).to_owned(), key: (*name).to_owned(), is: *is };
        to_remove(all.iter().map(own).collect(), "9", keep)
    }

    #[test]
    fn for_room_go_first_what_broke_off_then_the_oldest_that_are_too_many_and_last_what_goes_on() {
        let good = Is::Good { lacks: 0 };
        let all = [("8", good), ("7", good), ("9", Is::Unfinished), ("6", Is::Unfinished), ("5", good)];
        let own = |(name, is): &(&str, Is)| Own { name: (*name).to_owned(), key: (*name).to_owned(), is: *is };
        let go = |keep| gives_way(all.iter().map(own).collect(), "9", keep);
        assert_eq!(go(1), ["6", "5", "7", "9"]);
        assert_eq!(go(3), ["6", "9"]);
    }

    #[test]
    fn a_name_is_of_the_clock_or_a_persons() {
        assert!(is_time(&time_of(UtcMillis(0))));
        for other in ["before-the-move", "2026-11-24-080000-kept", "2026-11-24", "2026-11-24_080000", ""] {
            assert!(!is_time(other), "{other}");
        }
    }

    #[test]
    fn so_many_good_ones_stay_and_never_is_the_best_among_what_goes() {
        let good = Is::Good { lacks: 0 };
        let lacking = Is::Good { lacks: 2 };
        assert_eq!(gone(&[("9", good)], 1), [""; 0]);
        assert_eq!(gone(&[("7", good), ("9", good), ("8", good)], 2), ["7"]);
        // What is damaged or broke off is none of the two.
        assert_eq!(
            gone(&[("9", good), ("8", Is::Damaged), ("7", good), ("6", Is::Unfinished), ("5", good)], 2),
            ["6", "5"]
        );
        assert_eq!(gone(&[("9", good), ("8", good), ("7", Is::Damaged)], 2), ["7"]);
        // The site has lost two files, and the newest that has them stays.
        assert_eq!(gone(&[("9", lacking), ("8", lacking), ("7", good), ("6", good)], 1), ["8", "6"]);
        assert_eq!(gone(&[("9", lacking), ("8", lacking), ("7", lacking)], 1), ["8", "7"]);
        // The clock was set back: what was made just now stays.
        let future = [("9", good), ("99", good), ("98", good)];
        assert_eq!(gone(&future, 2), [""; 0]);
    }
}
