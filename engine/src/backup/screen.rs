//! 备份, for the system administrator: what lies in this server's folder of backups, and making or verifying one beside the request that asks
//! for it. The folder is the truth: what a command made there is seen, too. Start reading at [`list`].

mod said;

use super::restore::{each, read};
use super::{BackupError, MANIFEST, Making, Manifest, Progress, Result as Made, UNFINISHED, list as files, make_by};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::files::copy::sum_of;
use crate::place::{Place, machine};
use crate::record;
use crate::workshop::MB;
use domain::view::backup::{BackupDeed, BackupPage, BackupRow, BackupWork, FailedWork, Held, Verified};
use domain::{Role, UtcMillis};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// So long an answer waits for the work: small sites are backed up by then.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// A folder that has not answered by then does not.
const FOLDER_PATIENCE: Duration = Duration::from_secs(5);

const SILENT: &str = "备份目录没有响应：请检查它所在的磁盘，稍后再看";

/// So many backups are shown.
const SHOWN: usize = 50;

/// What a 校验 leaves in the folder.
const VERIFIED: &str = "verified.json";

const ADMINISTRATOR: [Role; 1] = [Role::SystemAdministrator];

/// What this process does with backups: one thing at a time.
#[derive(Debug, Default)]
pub(crate) struct Works(Mutex<State>, Arc<tokio::sync::Mutex<()>>);

#[derive(Debug, Default)]
struct State {
    working: Option<Working>,
    failed: Option<FailedWork>,
}

#[derive(Debug, Clone)]
struct Working {
    deed: BackupDeed,
    name: String,
    by: String,
    since: UtcMillis,
    progress: Arc<Progress>,
}

impl Works {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
    let name = engine.now().second_text().replace(' ', "-").replace(':', "");
    work(engine, ctx, BackupDeed::Make, name).await
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
    let progress = Arc::new(Progress::default());
    {
        let mut state = engine.backups().lock();
        if state.working.is_some() {
            return Ok(());
        }
        let working = Working { deed, name: name.clone(), by, since: engine.now(), progress: Arc::clone(&progress) };
        *state = State { working: Some(working), failed: None };
    }
    let work = Work { engine: engine.clone(), ctx: ctx.clone(), place, deed, name, progress };
    let working = tokio::spawn(work.whole());
    let _ = tokio::time::timeout(PATIENCE, working).await;
    Ok(())
}

/// Nothing is under way after a panic, either.
struct Over(Engine);

impl Drop for Over {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.backups().lock().working = None;
        }
    }
}

struct Work {
    engine: Engine,
    ctx: Ctx,
    place: Place,
    deed: BackupDeed,
    name: String,
    progress: Arc<Progress>,
}

impl Work {
    async fn whole(self) {
        // Also if it panics, the next can begin.
        let _over = Over(self.engine.clone());
        // Who began it is known, also if this process dies over it.
        let mut why = self.note(self.begun(), true, json!({})).await.err();
        if why.is_none() {
            why = self.does().await.err();
        }
        let failed = why.map(|why| FailedWork { deed: self.deed, name: self.name, at: self.engine.now(), why });
        *self.engine.backups().lock() = State { working: None, failed };
    }

    async fn does(&self) -> std::result::Result<(), String> {
        let folder = self.place.backups.join(&self.name);
        let done = match self.deed {
            BackupDeed::Make => Box::pin(self.make(&folder)).await,
            BackupDeed::Verify => Box::pin(verify(&folder, &self.progress)).await,
        };
        let (is_done, detail, why) = match &done {
            Ok(made) => (true, summary(made), None),
            Err(error) => {
                tracing::error!(error = %error, folder = %folder.display(), "a backup failed");
                (false, json!({ "why": said::of(error) }), Some(said::of(error)))
            }
        };
        self.note(self.ended(), is_done, detail).await?;
        // A disk that could not be read today says nothing of what lies on it.
        let is_known = matches!(done, Ok(_) | Err(BackupError::Damaged { .. } | BackupError::NotWhole(_)));
        if self.deed == BackupDeed::Verify && is_known {
            self.leave(&folder, why.clone())?;
        }
        why.map_or(Ok(()), Err)
    }

    async fn make(&self, folder: &Path) -> Made<Manifest> {
        let by = self.ctx.signed_in.as_ref().map(|who| who.name.clone());
        let making = Making {
            address: &self.place.database,
            files: self.engine.files(),
            clock: &self.engine.inner.clock,
            folder,
            by,
            server: Some(machine()),
            progress: &self.progress,
        };
        make_by(&making).await
    }

    /// Writes into the folder how the 校验 ended.
    fn leave(&self, folder: &Path, wrong: Option<String>) -> std::result::Result<(), String> {
        let by = self.ctx.signed_in.as_ref().map(|who| who.name.clone()).unwrap_or_default();
        let verified = Verified { at: self.engine.now(), by, wrong };
        let text = serde_json::to_vec_pretty(&verified).map_err(|error| error.to_string())?;
        let path = folder.join(VERIFIED);
        std::fs::write(&path, text).map_err(|cause| said::of(&super::io(&path)(cause)))
    }

    fn begun(&self) -> &'static str {
        match self.deed {
            BackupDeed::Make => "backup.begin",
            BackupDeed::Verify => "backup.begin_verify",
        }
    }

    fn ended(&self) -> &'static str {
        match self.deed {
            BackupDeed::Make => "backup.make",
            BackupDeed::Verify => "backup.verify",
        }
    }

    async fn note(&self, action: &'static str, done: bool, detail: Value) -> std::result::Result<(), String> {
        let ctx = Ctx { now: self.engine.now(), ..self.ctx.clone() };
        let event = Event { detail, done, ..Event::done(action, "backup", &self.name) };
        let noted = audit::note(&self.engine, &ctx, event).await;
        noted.map_err(|error| {
            tracing::error!(error = %error, "what was done with a backup could not be noted");
            "数据库没有记下这次操作，请稍后再试".to_owned()
        })
    }
}

fn summary(manifest: &Manifest) -> Value {
    let (files, bytes) = manifest.files();
    json!({
        "rows": manifest.rows(),
        "files": files,
        "megabytes": bytes.div_ceil(MB),
        "lacks": manifest.damaged.len() as u64 + manifest.missing,
    })
}

/// Reads all files of a backup, and compares them with what was written down when it was made.
///
/// # Errors
/// See [`BackupError`].
async fn verify(folder: &Path, progress: &Progress) -> Made<Manifest> {
    let manifest = read(folder)?;
    files::check(folder, &manifest.list).await?;
    each(folder, |line| async move {
        let file = folder.join(&line.name);
        let sum = sum_of(&file).await.map_err(super::io(&file))?;
        if sum != line.sum {
            let what = "it is not what was backed up: its hash is another".to_owned();
            return Err(BackupError::Damaged { file: line.name, what });
        }
        progress.add(sum.size);
        Ok(())
    })
    .await?;
    Ok(manifest)
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
    let there = folder.ancestors().find(|folder| folder.is_dir());
    let space = there.and_then(|folder| nix::sys::statvfs::statvfs(folder).ok());
    let free_bytes = space.map(|space| space.blocks_available() * space.fragment_size());
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

fn time_of(at: UtcMillis) -> String {
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
    let verified = std::fs::read(folder.join(VERIFIED)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    Held {
        made_at: UtcMillis(manifest.made_at),
        lacks: manifest.damaged.len() as u64 + manifest.missing,
        by: manifest.by,
        server: manifest.server,
        version: manifest.version,
        rows,
        files,
        bytes,
        verified,
    }
}
