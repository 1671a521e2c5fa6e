//! The folder of one run of a job, gone with it.

use crate::error::{Error, Result};
use std::fs::{OpenOptions, Permissions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// How often it is tried to remove a folder in which a dying process may still write, and the time between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// A folder for one run: its name is that of the lease.
pub(super) struct Folder(Option<PathBuf>);

impl Folder {
    pub(super) fn make(work: &Path, holder: Uuid) -> Result<Self> {
        let folder = work.join(holder.simple().to_string());
        std::fs::create_dir_all(&folder).map_err(|e| Error::Work(format!("{}: {e}", folder.display())))?;
        Ok(Self(Some(folder)))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }

    /// Dependencies are some ten thousand files, and what a cancelled build started may not be buried yet.
    pub(super) async fn remove(mut self) {
        let Some(folder) = self.0.take() else { return };
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
        if let Some(folder) = self.0.take() {
            remove_or_warn(&folder);
        }
    }
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
        remove_or_warn(&folder);
    }
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
    use super::{Folder, open_up};
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    use uuid::Uuid;

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
