//! `server backup`: database and files of a site that is serving, into a folder. `server restore` is in [`restore`].
//!
//! First the database, at one moment; then the files: blobs are never changed, and a file that a row names was there before the
//! row; a list may be written anew, after what it names, and lists are copied before blobs. The manifest is written last: a folder without it is no backup. Start reading at [`make`].

mod daily;
mod list;
pub mod restore;
mod screen;
#[cfg(test)]
mod tests;
mod tidy;
mod work;

pub use daily::work as daily;
pub use screen::{list as overview, start, start_verify};
pub(crate) use work::Works;

use crate::clock::Clock;
use crate::files::copy::{Sum, sum_of};
use crate::files::{Files, FilesError};
use crate::store::StoreError;
use crate::store::snapshot::{self, Taken};
use futures_util::{StreamExt, TryStreamExt};
use list::{List, Listed};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, BufReader};

/// What is in the folder.
const MANIFEST: &str = "manifest.json";
const UNFINISHED: &str = "UNFINISHED.txt";
const DATABASE: &str = "database";
const FILES: &str = "files";

/// Of [`Manifest::format`]: raised when an older program would read it wrongly.
const FORMAT: u32 = 1;

/// Files that are copied at once.
const AT_ONCE: usize = 8;

/// Missing files that are named one by one.
const MISSING_MOST: usize = 100;

/// What stands in a backup that is not one yet.
const NOTE: &str = "This backup did not come to its end, or is still being made: it is good for nothing.\n\
    `server backup` into this folder once more begins again, and keeps what is copied already.\n";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    format: u32,
    /// The product's.
    pub version: String,
    /// When it was begun. UTC milliseconds.
    pub made_at: i64,
    database: Taken,
    /// The list of all files, with their sums: `files.txt`.
    list: Listed,
    /// Files that were not what their names say, and are not in it.
    pub damaged: Vec<String>,
    /// How many files a row names that are not in it, and the first of them.
    pub missing: u64,
    /// At most [`MISSING_MOST`].
    pub first_missing: Vec<String>,
    /// Who asked for it on the screen; `None`: a command made it.
    #[serde(default)]
    pub by: Option<String>,
    /// The machine on which that was.
    #[serde(default)]
    pub server: Option<String>,
    /// The clock of this site asked for it: the site also removes it, as long as the folder has a name that the clock gave.
    #[serde(default)]
    daily_of: Option<String>,
}

impl Manifest {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.database.tables.iter().map(|table| table.rows).sum()
    }

    /// Files, and their bytes, the database's included.
    pub fn files(&self) -> (u64, u64) {
        (self.list.files, self.list.bytes)
    }

    /// Files that the site itself lacked.
    pub fn lacks(&self) -> u64 {
        self.damaged.len() as u64 + self.missing
    }

    /// The number of the newest audit event in it.
    pub fn audit_event(&self) -> i64 {
        self.database.audit.0
    }
}

/// Why there is no backup, or no restore. Each is one sentence with the remedy.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A backup goes into a folder of its own.
    #[error("{0} is not empty, and is no backup that broke off: name a new folder")]
    FolderNotEmpty(PathBuf),
    /// Somebody else writes there, or removes it.
    #[error("another process makes or removes the backup in {0}: wait for it, or name another folder")]
    Busy(PathBuf),
    /// It is not whole.
    #[error(
        "{0} is no backup that came to its end: it has no manifest.json. Take another one, or make it anew with server backup"
    )]
    NotWhole(PathBuf),
    /// A file is not what it was.
    #[error("the backup is damaged: {file}: {what}. Fetch it once more from where it was kept, or take another one")]
    Damaged {
        /// Its name in the folder.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// It was touched before it was backed up.
    #[error(
        "the audit log in the backup does not fit from row {0} on: it was changed outside the product. Take an older backup"
    )]
    AuditBroken(i64),
    /// It comes from a newer program.
    #[error("the backup was made by version {0}, which is newer than this program: restore it with that one")]
    Newer(String),
    /// It is one of the other database.
    #[error("this is a backup of {0}, and is restored into {0}: {1}")]
    OtherDatabase(&'static str, &'static str),
    /// A restore destroys nothing.
    #[error("restoring needs an empty place, and {0}: name another one (--data, --database-url), or empty this one")]
    PlaceNotEmpty(String),
    /// A backup that nobody asked for fills no disk.
    #[error("{} has {free} bytes left, and the last backup takes {needed}: make room there, or keep fewer (--backups-kept)", folder.display())]
    NoRoom {
        /// Of backups.
        folder: PathBuf,
        /// Bytes.
        free: u64,
        /// Bytes.
        needed: u64,
    },
    /// A file can't be written, or read.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The database.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// The files.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Its result.
type Result<T> = std::result::Result<T, BackupError>;

/// Copies the database at this address, and then the files, into `folder`, which is new, empty, or a backup that broke off.
///
/// # Errors
/// See [`BackupError`]; what is in the folder then says of itself that it is no backup.
pub async fn make(address: &str, files: &Files, clock: &Clock, folder: &Path) -> Result<Manifest> {
    let progress = Progress::default();
    make_by(&Making { address, files, clock, folder, by: None, server: None, daily_of: None, progress: &progress })
        .await
}

/// What a backup is made of.
struct Making<'m> {
    address: &'m str,
    files: &'m Files,
    clock: &'m Clock,
    folder: &'m Path,
    /// See [`Manifest`].
    by: Option<String>,
    server: Option<String>,
    daily_of: Option<String>,
    progress: &'m Progress,
}

/// How far it is.
#[derive(Debug, Default)]
struct Progress {
    files: AtomicU64,
    bytes: AtomicU64,
}

impl Progress {
    fn add(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

async fn make_by(making: &Making<'_>) -> Result<Manifest> {
    let Making { address, files, clock, folder, progress, .. } = *making;
    let made_at = clock.now().0;
    let daily_of = making.daily_of.clone();
    let _ours = blocking(folder, move |folder| begin(folder, daily_of.as_deref())).await?;
    let database = Box::pin(snapshot::take(address, folder, &folder.join(DATABASE))).await?;
    let mut list = List::create(folder).await?;
    list_database(folder, &mut list).await?;
    let damaged = copy_files(files, folder, &mut list, progress).await?;
    let list = list.finish().await?;
    let (missing, first_missing) = missing(folder).await?;
    blocking(folder, sync).await?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let (by, server, daily_of) = (making.by.clone(), making.server.clone(), making.daily_of.clone());
    let manifest = Manifest {
        format: FORMAT,
        version,
        made_at,
        database,
        list,
        damaged,
        missing,
        first_missing,
        by,
        server,
        daily_of,
    };
    let written = manifest.clone();
    blocking(folder, move |folder| end(folder, &written)).await?;
    Ok(manifest)
}

/// On a thread of its own: a disk that is busy writing holds nobody up.
async fn blocking<T: Send + 'static>(
    folder: &Path,
    work: impl FnOnce(&Path) -> Result<T> + Send + 'static,
) -> Result<T> {
    let owned = folder.to_owned();
    let done = tokio::task::spawn_blocking(move || work(&owned)).await;
    done.unwrap_or_else(|error| Err(io(folder)(std::io::Error::other(error))))
}

/// Makes the folder ours. What is returned keeps others out until it is dropped.
fn begin(folder: &Path, daily_of: Option<&str>) -> Result<std::fs::File> {
    let unfinished = folder.join(UNFINISHED);
    make_folder(folder)?;
    if !unfinished.exists() && std::fs::read_dir(folder).map_err(io(folder))?.next().is_some() {
        return Err(BackupError::FolderNotEmpty(folder.to_owned()));
    }
    let ours = std::fs::File::options().create(true).append(true).open(&unfinished).map_err(io(&unfinished))?;
    ours.try_lock().map_err(|_| BackupError::Busy(folder.to_owned()))?;
    if folder.join(MANIFEST).exists() {
        // It ended; only the note stayed.
        return Err(BackupError::FolderNotEmpty(folder.to_owned()));
    }
    std::fs::write(&unfinished, note(daily_of)).map_err(io(&unfinished))?;
    // The database is copied anew: its moment is now. Files are as they were.
    let database = folder.join(DATABASE);
    if database.exists() {
        std::fs::remove_dir_all(&database).map_err(io(&database))?;
    }
    make_folder(&database)?;
    for kind in ["blob", "built", "bundle"] {
        make_folder(&folder.join(FILES).join(kind))?;
    }
    sync(folder)?;
    Ok(ours)
}

/// What stands in it until it is one.
fn note(daily_of: Option<&str>) -> String {
    format!("{NOTE}{}", daily_of.map(tidy::by_the_clock).unwrap_or_default())
}

/// With passwords' hashes and attachments in it, it is its owner's alone.
fn make_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io(folder))
}

async fn list_database(folder: &Path, list: &mut List) -> Result<()> {
    let database = folder.join(DATABASE);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&database).map_err(io(&database))? {
        names.push(entry.map_err(io(&database))?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    for name in names {
        let file = database.join(&name);
        let sum = sum_of(&file).await.map_err(io(&file))?;
        list.add(&format!("{DATABASE}/{name}"), &sum).await?;
    }
    Ok(())
}

/// Answers which were not what they should be.
async fn copy_files(files: &Files, folder: &Path, list: &mut List, progress: &Progress) -> Result<Vec<String>> {
    let copies = files.kept().map(|place| async move {
        let place = place?;
        let sum = Box::pin(copy_one(files, folder, &place)).await?;
        Ok::<_, BackupError>((place, sum))
    });
    let mut copies = std::pin::pin!(copies.buffer_unordered(AT_ONCE));
    let mut damaged = Vec::new();
    while let Some((place, sum)) = copies.try_next().await? {
        match sum {
            Some(sum) => {
                list.add(&format!("{FILES}/{place}"), &sum).await?;
                progress.add(sum.size);
            }
            None => damaged.push(place),
        }
    }
    damaged.sort_unstable();
    Ok(damaged)
}

/// Copies one file, unless it is there already, and checks it. `None`: it is not what its name says.
async fn copy_one(files: &Files, folder: &Path, place: &str) -> Result<Option<Sum>> {
    let to = folder.join(FILES).join(place);
    let blob = place.strip_prefix("blob/");
    if let (Some(hash), Ok(sum)) = (blob, sum_of(&to).await)
        && sum.sha256 == hash
    {
        return Ok(Some(sum));
    }
    let sum = files.copy_out(place, &to).await?;
    // A blob is named by what is in it. A list is named by what it is about: it must be one.
    let is_good = match (&sum, blob) {
        (Some(sum), Some(hash)) => sum.sha256 == hash,
        (Some(_), None) => is_json(&to).await,
        (None, _) => false,
    };
    if is_good {
        return Ok(sum);
    }
    let _ = tokio::fs::remove_file(&to).await;
    Ok(None)
}

/// Files that rows of the copied database name, and that did not come: were the files those of this database?
async fn missing(folder: &Path) -> Result<(u64, Vec<String>)> {
    let path = folder.join(snapshot::NAMED_FILE);
    let file = tokio::fs::File::open(&path).await.map_err(io(&path))?;
    let mut names = BufReader::new(file).lines();
    let (mut missing, mut first) = (0, Vec::new());
    while let Some(place) = names.next_line().await.map_err(io(&path))? {
        let there = tokio::fs::try_exists(folder.join(FILES).join(&place)).await.map_err(io(folder))?;
        if !there {
            missing += 1;
            if first.len() < MISSING_MOST {
                first.push(place);
            }
        }
    }
    std::fs::remove_file(&path).map_err(io(&path))?;
    Ok((missing, first))
}

async fn is_json(file: &Path) -> bool {
    let read = tokio::fs::read(file).await;
    read.is_ok_and(|bytes| serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok())
}

/// From here on it is a backup.
fn end(folder: &Path, manifest: &Manifest) -> Result<()> {
    let (file, note) = (folder.join(MANIFEST), folder.join(UNFINISHED));
    let before = folder.join("manifest.json.part");
    let text = serde_json::to_vec_pretty(manifest).map_err(|cause| io(&file)(cause.into()))?;
    std::fs::write(&before, text).map_err(io(&before))?;
    sync(folder)?;
    std::fs::rename(&before, &file).map_err(io(&file))?;
    std::fs::remove_file(&note).map_err(io(&note))?;
    sync(folder)
}

/// All that was written there is on the disk.
fn sync(folder: &Path) -> Result<()> {
    let opened = std::fs::File::open(folder).map_err(io(folder))?;
    nix::unistd::syncfs(opened).map_err(|cause| io(folder)(cause.into()))
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |cause| BackupError::Io { path: path.clone(), cause }
}
