//! The folder of one run of a job, gone with it. In it lies a file that the process at work keeps locked: the system gives the lock back
//! however the process ends, so that whoever starts next knows at once which leases are of the dead.

use crate::error::{Error, Result};
use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// How often it is tried to remove a folder in which a dying process may still write, and the time between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// So old is a folder of which nobody says whether its process lives, before it is swept away: its lease is taken after it is made.
const FRESH: Duration = Duration::from_secs(120);

/// The locked file in it.
const HELD: &str = "held";

/// A folder for one run: its name is that of the lease.
pub(super) struct Folder {
    place: Option<PathBuf>,
    /// `None`: the file system knows no locks, and the lease alone says who lives.
    _held: Option<File>,
}

impl Folder {
    /// Made before the lease is taken: whoever has a lease has its folder.
    pub(super) fn make(work: &Path, holder: Uuid) -> Result<Self> {
        let folder = work.join(holder.simple().to_string());
        let made = std::fs::create_dir_all(&folder).map(|()| held(&folder));
        let held = made.map_err(|e| Error::Work(format!("{}: {e}", folder.display())))?;
        Ok(Self { place: Some(folder), _held: held })
    }

    pub(super) fn path(&self) -> &Path {
        self.place.as_deref().unwrap_or(Path::new(""))
    }

    /// Dependencies are some ten thousand files, and what a cancelled build started may not be buried yet.
    pub(super) async fn remove(mut self) {
        let Some(folder) = self.place.take() else { return };
        let patiently = move || {
            for _ in 1..TRIES {
                if remove_all(&folder).is_ok() {
                    return;
                }
                std::thread::sleep(PAUSE);
            }
            remove_or_warn(&folder);
        };
        let _ = tokio::task::spawn_blocking(patiently).await;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = self.place.take() {
            remove_or_warn(&folder);
        }
    }
}

/// The file, locked before it has its name: nobody ever finds it open while its process lives. No build may open it.
fn held(folder: &Path) -> Option<File> {
    let nameless = folder.join("holding");
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&nameless).ok()?;
    file.write_all(machine().as_bytes()).ok()?;
    file.try_lock().ok()?;
    std::fs::rename(nameless, folder.join(HELD)).ok()?;
    Some(file)
}

/// This machine since it was started: on a shared folder, locks of others may not be seen.
fn machine() -> String {
    let of = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (boot, name) = (of("/proc/sys/kernel/random/boot_id"), of("/proc/sys/kernel/hostname"));
    format!("{} {}", boot.trim(), name.trim())
}

/// Whether its process lives; `None`: nobody says.
fn is_held(folder: &Path) -> Option<bool> {
    let mut file = File::open(folder.join(HELD)).ok()?;
    let mut made_on = String::new();
    file.read_to_string(&mut made_on).ok()?;
    if made_on != machine() {
        return None;
    }
    match file.try_lock() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(_)) => None,
    }
}

/// The leases of processes that are dead for certain.
pub(super) fn dead(work: &Path) -> Vec<Uuid> {
    all(work).into_iter().filter(|(_, folder)| is_held(folder) == Some(false)).map(|(holder, _)| holder).collect()
}

/// The folders of all runs, with their leases' names.
pub(super) fn all(work: &Path) -> Vec<(Uuid, PathBuf)> {
    let entries = std::fs::read_dir(work).into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| {
        let holder = entry.file_name().to_str().and_then(|name| Uuid::try_parse(name).ok())?;
        Some((holder, entry.path()))
    });
    named.collect()
}

/// Removes the folders of those that are over: they died, or could not clean up.
pub(super) fn sweep(there: Vec<(Uuid, PathBuf)>, alive: &[Uuid]) {
    for (_, folder) in there.into_iter().filter(|(holder, _)| !alive.contains(holder)) {
        // Whoever has just made it has no lease yet.
        let is_over = is_held(&folder).map_or_else(|| !is_fresh(&folder), |held| !held);
        if is_over {
            remove_or_warn(&folder);
        }
    }
}

fn is_fresh(folder: &Path) -> bool {
    let modified = std::fs::metadata(folder).and_then(|meta| meta.modified()).ok();
    modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age < FRESH)
}

fn remove_or_warn(folder: &Path) {
    if let Err(error) = remove_all(folder) {
        tracing::warn!(error = %error, folder = %folder.display(), "the work folder could not be removed");
    }
}

/// Also what a build has shut against us: without root's rights we can't look into its folders, but they are ours.
fn remove_all(folder: &Path) -> std::io::Result<()> {
    if !folder.exists() || std::fs::remove_dir_all(folder).is_ok() {
        return Ok(());
    }
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if open_up(&folder).is_ok() {
            folders.extend(std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()));
        }
    }
    std::fs::remove_dir_all(folder)
}

/// Gives us all rights on a folder; refuses what is none, a link above all.
fn open_up(folder: &Path) -> std::io::Result<()> {
    use nix::libc::{O_DIRECTORY, O_NOFOLLOW, O_PATH};
    let opened = OpenOptions::new().read(true).custom_flags(O_PATH | O_DIRECTORY | O_NOFOLLOW).open(folder)?;
    // The path of what was opened: whatever stands at its name now.
    std::fs::set_permissions(format!("/proc/self/fd/{}", opened.as_raw_fd()), Permissions::from_mode(0o700))
}

#[cfg(test)]
mod tests {
    use super::{Folder, all, dead, open_up, sweep};
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    use uuid::Uuid;

    #[test]
    fn who_lives_is_told_by_the_lock() {
        let work = std::env::temp_dir().join(format!("irs-held-{}", std::process::id()));
        let (living, dying, older) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let (at_work, mut killed) = (Folder::make(&work, living).unwrap(), Folder::make(&work, dying).unwrap());
        // As it was made before there was a lock.
        let folder = work.join(older.simple().to_string());
        std::fs::create_dir(&folder).unwrap();
        sweep(all(&work), &[]);
        assert!(folder.exists(), "its lease may be taken in a moment");
        std::fs::File::open(&folder).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        assert!(dead(&work).is_empty());
        // Nobody cleans up after a SIGKILL.
        killed.place = None;
        drop(killed);
        // A child that another test starts at this moment has the file as well, until it is its own program.
        let dropped = std::time::Instant::now();
        while dead(&work).is_empty() && dropped.elapsed() < std::time::Duration::from_secs(10) {
            std::thread::yield_now();
        }
        assert_eq!(dead(&work), [dying]);
        sweep(all(&work), &[]);
        assert_eq!(all(&work).into_iter().map(|(holder, _)| holder).collect::<Vec<_>>(), [living]);
        drop(at_work);
        std::fs::remove_dir(work).unwrap();
    }

    #[tokio::test]
    async fn what_a_build_has_shut_is_removed_and_links_are_not_followed() {
        let work = std::env::temp_dir().join(format!("irs-folder-{}", std::process::id()));
        let (folder, outside) = (Folder::make(&work, Uuid::nil()).unwrap(), work.join("outside"));
        let (shut, link) = (folder.path().join("shut"), folder.path().join("link"));
        std::fs::create_dir_all(shut.join("inner")).unwrap();
        std::fs::create_dir(&outside).unwrap();
        std::os::unix::fs::symlink(&outside, &link).unwrap();
        for place in [&shut, &outside] {
            set_permissions(place, Permissions::from_mode(0o500)).unwrap();
        }
        assert!(open_up(&link).is_err());
        open_up(&shut).unwrap();
        assert_eq!(metadata(&shut).unwrap().permissions().mode() & 0o777, 0o700);
        set_permissions(&shut, Permissions::from_mode(0o000)).unwrap();
        let path = folder.path().to_owned();
        folder.remove().await;
        assert!(!path.exists());
        assert_eq!(metadata(&outside).unwrap().permissions().mode() & 0o777, 0o500);
        std::fs::remove_dir_all(work).unwrap();
    }
}
