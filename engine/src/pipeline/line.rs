//! The line: one stage after the other, until one does not pass.

use super::lease::Lease;
use super::log::StageLog;
use super::outcome::Verdict;
use super::{LEASE_MS, build, deploy, link_check, source_check};
use crate::Engine;
use crate::error::{Error, Result};
use crate::store::job::{self, JobRow};
use crate::store::stage::{self, Ended};
use crate::store::version::{self, VersionRecord};
use domain::{Stage, StageStatus, UtcMillis};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// How often a job is tried whose stage broke on our side: a full disk, a store that does not answer.
const TRIES: i64 = 3;

/// Between two tries. Milliseconds.
const PAUSE_MS: i64 = 10_000;

/// How often what a stage wrote goes to its log.
const LOG_EVERY: Duration = Duration::from_millis(400);

/// What a stage works with.
pub(super) struct Step {
    pub(super) engine: Engine,
    pub(super) version: VersionRecord,
    /// A folder of its own, for all stages of this run.
    pub(super) folder: PathBuf,
    pub(super) log: StageLog,
    /// Key and holder of the job.
    lease: (i64, Uuid),
}

impl Step {
    /// What has to be in every change that a stage makes by itself: see [`Lease::renewed`].
    pub(super) fn renewed(&self) -> (i64, Uuid, UtcMillis) {
        (self.lease.0, self.lease.1, UtcMillis(self.engine.now().0 + LEASE_MS))
    }
}

/// Runs what is left to do of the job's version, and takes the job out of the queue.
pub(super) async fn run(engine: &Engine, lease: &Lease, job: &JobRow) -> Result<()> {
    let folder = Folder::make(&engine.workshop().work, lease.holder, job.subject)?;
    let outcome = stages(engine, lease, job.subject, &folder.0).await;
    folder.remove().await;
    match outcome {
        Ok(()) => over(engine, lease).await,
        Err(Error::Conflict) => Err(Error::Conflict),
        Err(error) => broke(engine, lease, job, &error).await,
    }
}

async fn stages(engine: &Engine, lease: &Lease, version: Uuid, folder: &Path) -> Result<()> {
    for row in stage::of_version(&mut engine.db().reader().await?, version).await? {
        let (which, status) = (row.stage()?, row.status()?);
        if status == StageStatus::Passed {
            continue;
        }
        if !one(engine, lease, version, which, folder).await? {
            break;
        }
    }
    Ok(())
}

/// One stage, from 进行中 to its end; whether it passed.
async fn one(engine: &Engine, lease: &Lease, version: Uuid, which: Stage, folder: &Path) -> Result<bool> {
    let begin = engine.db().write((lease.renewed(), engine.now()), move |conn, s| {
        Box::pin(async move {
            let (key, holder, until) = s.0;
            job::hold(conn, key, holder, until).await?;
            stage::begin(conn, version, which, s.1).await
        })
    });
    begin.await?;
    let record = version::of(&mut engine.db().reader().await?, version).await?.ok_or(Error::NotFound)?;
    let log = StageLog::new(version, which);
    let step = Step {
        engine: engine.clone(),
        version: record,
        folder: folder.to_owned(),
        log: log.clone(),
        lease: (lease.key, lease.holder),
    };
    let verdict = logged(engine, lease, &log, Box::pin(work(&step, which))).await?;
    let status = if verdict.passed { StageStatus::Passed } else { StageStatus::Failed };
    let ended =
        Ended { status, sentence: verdict.sentence, findings: json!(verdict.outcome).to_string(), at: engine.now() };
    tracing::info!(version.id = %version, stage = which.id(), status = status.id(), "a stage of version {version} ended");
    end(engine, lease, version, which, ended).await?;
    Ok(verdict.passed)
}

async fn work(step: &Step, which: Stage) -> Result<Verdict> {
    match which {
        Stage::SourceCheck => source_check::run(step).await,
        Stage::Build => build::run(step).await,
        Stage::LinkCheck => link_check::run(step).await,
        Stage::DeployTest => deploy::run(step).await,
    }
}

/// Lets the work go on and writes what it logs meanwhile.
async fn logged(
    engine: &Engine,
    lease: &Lease,
    log: &StageLog,
    mut work: std::pin::Pin<Box<impl Future<Output = Result<Verdict>>>>,
) -> Result<Verdict> {
    let mut tick = tokio::time::interval(LOG_EVERY);
    let verdict = loop {
        tokio::select! {
            verdict = &mut work => break verdict,
            _ = tick.tick() => log.flush(engine, lease).await?,
        }
    };
    log.close();
    log.flush(engine, lease).await?;
    verdict
}

async fn end(engine: &Engine, lease: &Lease, version: Uuid, which: Stage, ended: Ended) -> Result<()> {
    let end = engine.db().write((lease.renewed(), ended), move |conn, s| {
        Box::pin(async move {
            let (key, holder, until) = s.0;
            job::hold(conn, key, holder, until).await?;
            stage::end(conn, version, which, &s.1).await
        })
    });
    Ok(end.await?)
}

async fn over(engine: &Engine, lease: &Lease) -> Result<()> {
    let delete = engine.db().write(lease.renewed(), |conn, s| {
        Box::pin(async move {
            job::hold(conn, s.0, s.1, s.2).await?;
            job::delete(conn, s.0).await
        })
    });
    Ok(delete.await?)
}

/// A stage broke on our side: it is tried again later, and after the last time it says so.
async fn broke(engine: &Engine, lease: &Lease, job: &JobRow, error: &Error) -> Result<()> {
    tracing::error!(error = %error, version.id = %job.subject, job.attempts, "a stage of version {} broke", job.subject);
    let last = job.attempts >= TRIES;
    let (status, sentence) = if last {
        (StageStatus::Failed, "平台处理时出错，已经重试过，仍未成功。请稍后重新运行；如果一再出现，请联系系统管理员。")
    } else {
        (StageStatus::Waiting, "平台处理时出错，稍后会自动重试。")
    };
    let mut running = None;
    for row in stage::of_version(&mut engine.db().reader().await?, job.subject).await? {
        if row.status()? == StageStatus::Running {
            running = Some(row.stage()?);
        }
    }
    if let Some(which) = running {
        let (sentence, findings) = (sentence.to_owned(), "{}".to_owned());
        end(engine, lease, job.subject, which, Ended { status, sentence, findings, at: engine.now() }).await?;
    }
    if last {
        return over(engine, lease).await;
    }
    let due = UtcMillis(engine.now().0 + PAUSE_MS * job.attempts);
    let (key, holder) = (lease.key, lease.holder);
    let back =
        engine.db().write((), move |conn, _| Box::pin(async move { job::give_back(conn, key, holder, due).await }));
    Ok(back.await?)
}

/// Removes the folders of processes that hold no lease: they are dead, or at nothing.
pub(super) fn sweep(work: &Path, alive: &[Uuid]) {
    for entry in std::fs::read_dir(work).into_iter().flatten().flatten() {
        let holder = entry.file_name().to_str().and_then(|name| Uuid::try_parse(name).ok());
        if holder.is_some_and(|holder| !alive.contains(&holder)) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A folder for one run, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn make(work: &Path, holder: Uuid, version: Uuid) -> Result<Self> {
        let folder = work.join(holder.simple().to_string()).join(version.simple().to_string());
        // What an earlier run of ours may have left behind.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|e| Error::Work(format!("{}: {e}", folder.display())))?;
        Ok(Self(folder))
    }

    async fn remove(self) {
        // Dependencies are some ten thousand files.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(error = %error, folder = %self.0.display(), "the work folder could not be removed");
        }
    }
}
