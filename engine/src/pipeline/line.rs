//! The line: one stage after the other, until one does not pass.

use super::lease::Lease;
use super::log::StageLog;
use super::outcome::Verdict;
use super::{LEASE_MS, build, deploy, link_check, source_check};
use crate::Engine;
use crate::error::{Error, Result};
use crate::limit::{self, Limits};
use crate::store::job::{self, JobRow};
use crate::store::stage::{self, Ended};
use crate::store::version::{self, VersionRecord};
use domain::{Stage, StageStatus, UtcMillis};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::Notify;
use tracing::Instrument as _;
use uuid::Uuid;

/// How often a job is tried whose stage broke on our side: a full disk, a store that does not answer.
const TRIES: i64 = 3;

/// How often a job is taken at all: whoever took it before may have died of it without a word.
pub(super) const CLAIMS: i64 = 5;

/// Between two tries. Milliseconds.
const PAUSE_MS: i64 = 10_000;

/// What a stage says that was given up.
pub(super) const BROKEN: &str =
    "平台处理时出错，已经重试过，仍未成功。请稍后重新运行；如果一再出现，请联系系统管理员。";
const FULL: &str = "服务器的磁盘已满，已经重试过，仍未成功。请联系系统管理员清理磁盘，然后重新运行。";

/// How often what a stage wrote goes to its log.
const LOG_EVERY: Duration = Duration::from_millis(400);

/// What a stage works with.
pub(super) struct Step {
    pub(super) engine: Engine,
    pub(super) version: VersionRecord,
    /// A folder of its own, for all stages of this run.
    pub(super) folder: PathBuf,
    pub(super) log: StageLog,
    /// What counts for this stage.
    pub(super) limits: Limits,
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
pub(super) async fn run(engine: &Engine, lease: &Lease, job: &JobRow, folder: &Path) -> Result<()> {
    match stages(engine, lease, job.subject, folder).await {
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
        limits: limit::present(engine, &mut engine.db().reader().await?).await?,
        lease: (lease.key, lease.holder),
    };
    let span = tracing::info_span!("stage", stage = which.id(), version.id = %version);
    let verdict = Box::pin(logged(engine, lease, &log, work(&step, which)).instrument(span)).await?;
    let status = if verdict.passed { StageStatus::Passed } else { StageStatus::Failed };
    let ended =
        Ended { status, sentence: verdict.sentence, findings: json!(verdict.outcome).to_string(), at: engine.now() };
    tracing::info!(version.id = %version, stage = which.id(), status = status.id(), "a stage of version {version} ended");
    end(engine, lease, version, which, ended).await?;
    engine.tally().count(which, verdict.passed);
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

/// Lets the work go on and writes what it logs meanwhile. Side by side: on PostgreSQL the work may hold the row of its job, for which
/// the log waits; waited for alone, neither would come to an end.
async fn logged(
    engine: &Engine,
    lease: &Lease,
    log: &StageLog,
    work: impl Future<Output = Result<Verdict>>,
) -> Result<Verdict> {
    let over = Notify::new();
    let working = async {
        let verdict = work.await;
        over.notify_one();
        Ok(verdict)
    };
    let writing = async {
        let mut tick = tokio::time::interval(LOG_EVERY);
        loop {
            tokio::select! {
                () = over.notified() => return Ok::<_, Error>(()),
                _ = tick.tick() => {}
            }
            log.flush(engine, lease).await?;
        }
    };
    let (verdict, ()) = tokio::try_join!(working, writing)?;
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

/// Takes the job out of the queue.
pub(super) async fn over(engine: &Engine, lease: &Lease) -> Result<()> {
    let delete = engine.db().write(lease.renewed(), |conn, s| {
        Box::pin(async move {
            job::hold(conn, s.0, s.1, s.2).await?;
            job::delete(conn, s.0).await
        })
    });
    Ok(delete.await?)
}

/// A stage broke on our side: it is tried again later, and after the last time it says so.
pub(super) async fn broke(engine: &Engine, lease: &Lease, job: &JobRow, error: &Error) -> Result<()> {
    tracing::error!(error = %error, version.id = %job.subject, job.attempts, "a stage of version {} broke", job.subject);
    let full = error.is_disk_full();
    if job.attempts >= TRIES {
        return give_up(engine, lease, job, if full { FULL } else { BROKEN }).await;
    }
    let sentence = if full {
        "服务器的磁盘已满，稍后会自动重试。"
    } else {
        "平台处理时出错，稍后会自动重试。"
    };
    stop(engine, lease, job.subject, StageStatus::Waiting, sentence.to_owned()).await?;
    try_later(engine, lease, PAUSE_MS * job.attempts).await
}

/// Gives the job back, to be tried again after a pause in milliseconds.
pub(super) async fn try_later(engine: &Engine, lease: &Lease, pause_ms: i64) -> Result<()> {
    let due = UtcMillis(engine.now().0 + pause_ms);
    let (key, holder) = (lease.key, lease.holder);
    let back =
        engine.db().write((), move |conn, _| Box::pin(async move { job::give_back(conn, key, holder, due).await }));
    Ok(back.await?)
}

/// 未通过, with a sentence, and out of the queue.
pub(super) async fn give_up(engine: &Engine, lease: &Lease, job: &JobRow, sentence: &str) -> Result<()> {
    stop(engine, lease, job.subject, StageStatus::Failed, sentence.to_owned()).await?;
    over(engine, lease).await
}

/// The stage that was being run, or was next, ends like this.
async fn stop(engine: &Engine, lease: &Lease, version: Uuid, status: StageStatus, sentence: String) -> Result<()> {
    for row in stage::of_version(&mut engine.db().reader().await?, version).await? {
        if matches!(row.status()?, StageStatus::Running | StageStatus::Waiting) {
            let ended = Ended { status, sentence, findings: "{}".to_owned(), at: engine.now() };
            return end(engine, lease, version, row.stage()?, ended).await;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{JOB, LEASE_MS};
    use super::{Lease, StageLog, Verdict, job, logged};
    use crate::world::bench::static_zip;
    use crate::world::both;
    use domain::{Stage, UtcMillis};

    both! {
        async fn a_change_of_the_work_and_the_log_do_not_wait_for_each_other(w: World) {
            let version = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &static_zip("1")).await;
            let (engine, holder, now) = (w.engine.clone(), w.key(), w.engine.now());
            let until = UtcMillis(now.0 + LEASE_MS);
            let claim = engine.db().write((), move |conn, _| Box::pin(async move { job::claim(conn, JOB, holder, now, until).await }));
            let lease = Lease::new(engine.clone(), &claim.await.unwrap().unwrap(), holder);
            let log = StageLog::new(version.0, Stage::Build);
            let work = async {
                // Ends once the log was taken to be written, which waits for this change.
                let write = engine.db().write((lease.renewed(), log.clone()), |conn, s| Box::pin(async move {
                    let (key, holder, until) = s.0;
                    job::hold(conn, key, holder, until).await?;
                    s.1.line("first");
                    while conn.is_postgres() && s.1.waits() {
                        tokio::task::yield_now().await;
                    }
                    job::hold(conn, key, holder, until).await
                }));
                write.await?;
                log.line("second");
                Ok(Verdict::passed("done"))
            };
            assert!(Box::pin(logged(&engine, &lease, &log, work)).await.unwrap().passed);
            assert_eq!(w.log(version, Stage::Build).await, "first\nsecond\n");
        }
    }
}
