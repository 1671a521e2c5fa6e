//! One piece of work with backups in this process: making one, or reading all of one again. Whoever asks for it (the screen, the clock)
//! is said in its audit events. Start reading at [`Work::whole`].

mod said;

use super::restore::{each, hold, read};
use super::tidy::{Keeping, Tidied, make_room, tidy};
use super::{BackupError, Making, Manifest, Progress, Result as Made, list as files, make_by};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::files::copy::sum_of;
use crate::place::{DailyBackup, Place, machine};
use crate::workshop::MB;
use domain::UtcMillis;
use domain::view::backup::{BackupDeed, FailedWork, Verified};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a 校验 leaves in the folder.
const VERIFIED: &str = "verified.json";

/// What this process does with backups: one thing at a time.
#[derive(Debug, Default)]
pub(crate) struct Works(Mutex<State>, pub(super) Arc<tokio::sync::Mutex<()>>);

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) working: Option<Working>,
    pub(super) failed: Option<FailedWork>,
}

#[derive(Debug, Clone)]
pub(super) struct Working {
    pub(super) deed: BackupDeed,
    pub(super) name: String,
    pub(super) by: String,
    pub(super) since: UtcMillis,
    pub(super) progress: Arc<Progress>,
}

impl Works {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

/// What is to be done.
pub(super) struct Task {
    /// Who asks for it.
    pub(super) ctx: Ctx,
    /// Their name, as the folder keeps it.
    pub(super) by: String,
    pub(super) deed: BackupDeed,
    /// The folder's.
    pub(super) name: String,
    /// It is the daily one.
    pub(super) daily: Option<DailyBackup>,
}

/// It is being done.
pub(super) struct Work {
    engine: Engine,
    place: Place,
    task: Task,
    progress: Arc<Progress>,
}

impl Work {
    /// From now on this process does nothing else with backups; `None`: it does already.
    pub(super) fn begin(engine: &Engine, place: Place, task: Task) -> Option<Self> {
        let progress = Arc::new(Progress::default());
        let mut state = engine.backups().lock();
        if state.working.is_some() {
            return None;
        }
        let Task { deed, name, by, .. } = &task;
        let (name, by, progress_too) = (name.clone(), by.clone(), Arc::clone(&progress));
        let working = Working { deed: *deed, name, by, since: engine.now(), progress: progress_too };
        *state = State { working: Some(working), failed: None };
        drop(state);
        Some(Self { engine: engine.clone(), place, task, progress })
    }

    /// Does it, and answers what there is to say of it, or why it failed.
    pub(super) async fn whole(self) -> Result<Option<String>, String> {
        // Also if it panics, the next can begin.
        let _over = Over(self.engine.clone());
        // Who began it is known, also if this process dies over it.
        let mut came = self.note(self.begun(), true, json!({})).await.map(|()| None);
        if came.is_ok() {
            came = self.does().await;
        }
        let failed = came.as_ref().err().cloned().map(|why| FailedWork {
            deed: self.task.deed,
            name: self.task.name.clone(),
            at: self.engine.now(),
            why,
        });
        *self.engine.backups().lock() = State { working: None, failed };
        came
    }

    async fn does(&self) -> Result<Option<String>, String> {
        let folder = self.place.backups.join(&self.task.name);
        let done = match self.task.deed {
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
        if self.task.deed == BackupDeed::Verify && is_known {
            self.leave(&folder, why.clone())?;
        }
        match (why, done, self.task.daily) {
            (Some(why), ..) => Err(why),
            (None, Ok(made), Some(daily)) => Ok(self.tidy(&made, daily).await),
            (None, ..) => Ok(None),
        }
    }

    /// What the clock made and nobody needs any more goes; what there is to say of it all.
    async fn tidy(&self, made: &Manifest, daily: DailyBackup) -> Option<String> {
        let keeping = self.keeping(made.daily_of.clone().unwrap_or_default(), daily);
        let Tidied { removed, failed } = tidy(&self.place.backups, keeping).await;
        self.note_removed(removed).await;
        if let Some(error) = &failed {
            tracing::error!(error = %error, "old backups could not be removed");
        }
        let lacks = Some(made.lacks()).filter(|lacks| *lacks > 0);
        let lacks = lacks.map(|lacks| format!("已备份，但平台自己缺 {lacks} 个文件，更早的备份里可能有。"));
        let stay = failed.map(|error| format!("已备份，但旧的备份删除失败（{}）。", said::of(&error)));
        Some(lacks.into_iter().chain(stay).collect::<String>()).filter(|said| !said.is_empty())
    }

    async fn note_removed(&self, removed: Vec<String>) {
        for name in removed {
            // What could not be noted was said in the log.
            let _ = self.note_of("backup.remove", &name, true, json!({})).await;
        }
    }

    fn keeping(&self, site: String, daily: DailyBackup) -> Keeping {
        Keeping { site, new: self.task.name.clone(), keep: daily.keep }
    }

    async fn make(&self, folder: &Path) -> Made<Manifest> {
        let keeping = match self.task.daily {
            Some(daily) => Some(self.keeping(audit::site(&self.engine).await?, daily)),
            None => None,
        };
        if let Some(keeping) = &keeping {
            let Tidied { removed, failed } = make_room(&self.place.backups, keeping).await;
            self.note_removed(removed).await;
            failed.map_or(Ok(()), Err)?;
        }
        let making = Making {
            address: &self.place.database,
            files: self.engine.files(),
            clock: &self.engine.inner.clock,
            folder,
            by: Some(self.task.by.clone()),
            server: Some(machine()),
            daily_of: keeping.map(|keeping| keeping.site),
            progress: &self.progress,
        };
        make_by(&making).await
    }

    /// Writes into the folder how the 校验 ended.
    fn leave(&self, folder: &Path, wrong: Option<String>) -> Result<(), String> {
        let verified = Verified { at: self.engine.now(), by: self.task.by.clone(), wrong };
        let text = serde_json::to_vec_pretty(&verified).map_err(|error| error.to_string())?;
        let path = folder.join(VERIFIED);
        std::fs::write(&path, text).map_err(|cause| said::of(&super::io(&path)(cause)))
    }

    fn begun(&self) -> &'static str {
        match self.task.deed {
            BackupDeed::Make => "backup.begin",
            BackupDeed::Verify => "backup.begin_verify",
        }
    }

    fn ended(&self) -> &'static str {
        match self.task.deed {
            BackupDeed::Make => "backup.make",
            BackupDeed::Verify => "backup.verify",
        }
    }

    async fn note(&self, action: &'static str, done: bool, detail: Value) -> Result<(), String> {
        self.note_of(action, &self.task.name, done, detail).await
    }

    async fn note_of(&self, action: &'static str, name: &str, done: bool, detail: Value) -> Result<(), String> {
        let ctx = Ctx { now: self.engine.now(), ..self.task.ctx.clone() };
        let event = Event { detail, done, ..Event::done(action, "backup", name) };
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
        "lacks": manifest.lacks(),
    })
}

/// Reads all files of a backup, and compares them with what was written down when it was made.
///
/// # Errors
/// See [`BackupError`].
async fn verify(folder: &Path, progress: &Progress) -> Made<Manifest> {
    let _held = hold(folder)?;
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

/// How the last 校验 of the backup in this folder ended.
pub(super) fn verified(folder: &Path) -> Option<Verified> {
    let text = std::fs::read(folder.join(VERIFIED)).ok()?;
    serde_json::from_slice(&text).ok()
}
