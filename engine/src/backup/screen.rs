//! 备份, for the system administrator: what lies in this server's folder of backups, and making or verifying one beside the request that asks
//! for it. The folder is the truth: what a command made there is seen, too. Start reading at [`list`].

use super::restore::read;
use super::work::{Task, Work, Working, verified};
use super::{MANIFEST, Manifest, UNFINISHED};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::place::machine;
use crate::record;
use domain::view::backup::{BackupDeed, BackupPage, BackupRow, BackupWork, Daily, Held};
use domain::{Role, UtcMillis};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;

/// So long an answer waits for the work: small sites are backed up by then.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// A folder that has not answered by then does not.
const FOLDER_PATIENCE: Duration = Duration::from_secs(5);

const SILENT: &str = "备份目录没有响应：请检查它所在的磁盘，稍后再看";

/// So many backups are shown.
const SHOWN: usize = 50;

const ADMINISTRATOR: [Role; 1] = [Role::SystemAdministrator];

/// What there is, and what is being done.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`].
pub async fn list(engine: &Engine, ctx: &Ctx) -> Result<BackupPage> {
    ctx.with_role(&ADMINISTRATOR)?;
    let place = engine.workshop().place.as_ref();
    let folder = place.map(|place| place.backups.clone());
    let lying = match folder.clone() {
        Some(folder) => Some(looked(engine, folder).await),
        None => None,
    };
    let (unreadable, lying) = match lying {
        Some(Ok(lying)) => (None, lying),
        Some(Err(why)) => (Some(why), Lying::default()),
        None => (None, Lying::default()),
    };
    let daily = place.and_then(|place| place.daily).map(|daily| Daily { at: daily.at_text(), keep: daily.keep });
    let state = engine.backups().lock();
    Ok(BackupPage {
        server: machine(),
        folder: folder.map(|folder| folder.display().to_string()),
        free_bytes: lying.free_bytes,
        unreadable,
        postgres: place.is_some_and(|place| place.database.starts_with("postgres")),
        working: state.working.as_ref().map(view),
        failed: state.failed.clone(),
        rows: lying.rows,
        total: lying.total,
        daily,
        now: engine.now(),
    })
}

fn view(working: &Working) -> BackupWork {
    let Working { deed, name, by, since, progress } = working;
    BackupWork {
        deed: *deed,
        name: name.clone(),
        by: by.clone(),
        since: *since,
        files: progress.files.load(Ordering::Relaxed),
        bytes: progress.bytes.load(Ordering::Relaxed),
    }
}

/// 立即备份: begins, unless something is under way, and waits for it a moment.
///
/// # Errors
/// As [`list`]; the store fails.
pub async fn start(engine: &Engine, ctx: &Ctx) -> Result<()> {
    record::admitted(engine, ctx, &ADMINISTRATOR, "backup.begin", ("backup", Uuid::nil())).await?;
    work(engine, ctx, BackupDeed::Make, time_of(engine.now())).await
}

/// 校验: the same with all files of one that is there.
///
/// # Errors
/// As [`start`]; [`Error::NotFound`].
pub async fn start_verify(engine: &Engine, ctx: &Ctx, name: &str) -> Result<()> {
    record::admitted(engine, ctx, &ADMINISTRATOR, "backup.begin_verify", ("backup", Uuid::nil())).await?;
    let folder = engine.workshop().place.as_ref().map(|place| place.backups.join(name));
    let is_one = |folder: &PathBuf| is_name(name) && folder.join(MANIFEST).is_file();
    match folder.is_some_and(|folder| is_one(&folder)) {
        true => work(engine, ctx, BackupDeed::Verify, name.to_owned()).await,
        false => Err(Error::NotFound),
    }
}

/// It leads nowhere but into the folder of backups.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])
}

async fn work(engine: &Engine, ctx: &Ctx, deed: BackupDeed, name: String) -> Result<()> {
    let by = ctx.with_role(&ADMINISTRATOR)?.name.clone();
    let Some(place) = engine.workshop().place.clone() else { return Ok(()) };
    let task = Task { ctx: ctx.clone(), by, deed, name, daily: None };
    if let Some(work) = Work::begin(engine, place, task) {
        let _ = tokio::time::timeout(PATIENCE, tokio::spawn(work.whole())).await;
    }
    Ok(())
}

/// What lies in the folder.
#[derive(Default)]
struct Lying {
    rows: Vec<BackupRow>,
    total: u32,
    free_bytes: Option<u64>,
}

/// One look at a time: a disk that hangs holds up one thread, and not one more with each look.
async fn looked(engine: &Engine, folder: PathBuf) -> std::result::Result<Lying, String> {
    let turn = tokio::time::timeout(FOLDER_PATIENCE, Arc::clone(&engine.backups().1).lock_owned()).await;
    let turn = turn.map_err(|_| SILENT.to_owned())?;
    let look = move || {
        let _turn = turn;
        lying(&folder)
    };
    in_time(look).await
}

/// Of a disk that may not answer.
async fn in_time<T: Send + 'static>(
    look: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::result::Result<T, String> {
    match tokio::time::timeout(FOLDER_PATIENCE, tokio::task::spawn_blocking(look)).await {
        Ok(Ok(Ok(found))) => Ok(found),
        Ok(Ok(Err(cause))) => Err(format!("备份目录读不了（{cause}）：请检查权限和磁盘")),
        Ok(Err(_)) | Err(_) => Err(SILENT.to_owned()),
    }
}

fn lying(folder: &Path) -> std::io::Result<Lying> {
    let free_bytes = free_bytes(folder);
    let entries = match std::fs::read_dir(folder) {
        // The first backup makes it.
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Lying { free_bytes, ..Lying::default() });
        }
        other => other?,
    };
    let mut rows = Vec::new();
    for entry in entries {
        rows.extend(row(&entry?.path()));
    }
    // What did not come to its end is among the others by its name, which is a time.
    let key = |row: &BackupRow| row.held.as_ref().map_or_else(|| row.name.clone(), |held| time_of(held.made_at));
    rows.sort_by_key(|row| std::cmp::Reverse(key(row)));
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    rows.truncate(SHOWN);
    Ok(Lying { rows, total, free_bytes })
}

/// Room on its disk, also if it is not there yet.
pub(super) fn free_bytes(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    let space = there.and_then(|folder| nix::sys::statvfs::statvfs(folder).ok());
    space.map(|space| space.blocks_available() * space.fragment_size())
}

/// A backup's name.
pub(super) fn time_of(at: UtcMillis) -> String {
    at.second_text().replace(' ', "-").replace(':', "")
}

/// `None`: it has nothing to do with backups.
fn row(folder: &Path) -> Option<BackupRow> {
    let name = folder.file_name()?.to_str().filter(|name| is_name(name))?.to_owned();
    let held = match read(folder) {
        Ok(manifest) => Some(held(folder, manifest)),
        Err(_) if folder.join(UNFINISHED).exists() || folder.join(MANIFEST).exists() => None,
        Err(_) => return None,
    };
    Some(BackupRow { name, path: folder.display().to_string(), held })
}

fn held(folder: &Path, manifest: Manifest) -> Held {
    let (rows, (files, bytes)) = (manifest.rows(), manifest.files());
    let verified = verified(folder);
    Held {
        made_at: UtcMillis(manifest.made_at),
        lacks: manifest.lacks(),
        by: manifest.by,
        server: manifest.server,
        version: manifest.version,
        rows,
        files,
        bytes,
        verified,
    }
}
