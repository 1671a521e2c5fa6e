//! 上传 → 源码检测 → 代码编译 → 外链检查 → 部署测试环境: one job a version, one file a stage (packages.md, Stages).
//!
//! A job belongs to whoever holds its lease; whatever its holder writes renews the lease in the same transaction, so a holder that
//! lost it can write nothing more. Every stage can be run twice: what it makes is content-addressed. Start at [`work`].

mod brought;
mod build;
mod bundle;
mod deploy;
mod evidence;
mod failure;
#[cfg(test)]
mod failure_tests;
#[cfg(test)]
mod fixtures;
mod folder;
#[cfg(test)]
mod full_tests;
mod lease;
mod line;
mod link_check;
mod log;
mod outcome;
mod output_check;
pub(crate) mod recompress;
mod sandbox;
mod smoke;
mod source_check;
#[cfg(test)]
mod tests;
mod tool;
mod unpack;

pub(crate) use build::{asked, registry_of};
pub(crate) use sandbox::{Enforced, Trouble, enforced, trouble};
pub(crate) use tool::tools;

use crate::Engine;
use crate::error::{Error, Result};
use crate::store::job::{self, JobRow};
use crate::store::preview;
use crate::workshop::Workshop;
use domain::UtcMillis;
use folder::Folder;
use futures_util::FutureExt;
use lease::Lease;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use uuid::Uuid;

/// A kind of job: all stages of the version that is its subject. Two for one version are one.
pub(crate) const JOB: &str = "pipeline";

/// How long a job is its holder's without a word of it. Milliseconds.
const LEASE_MS: i64 = 60_000;

/// How often the queue is looked at when nobody nudges: another process may have filled it.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What was cut off has ended after this, unless the disk hangs.
const LET_GO_WITHIN: Duration = Duration::from_secs(2);

/// Finds by what builds are held to their limits: to be asked before this process starts anything.
pub fn settle(workshop: &Workshop) {
    if workshop.builds > 0 {
        sandbox::settle();
    }
}

/// Runs jobs, as many at once as the settings say, until `stop` is over. What runs then is cut off and given back, for another process to
/// take at once; this counts as none of its tries.
pub async fn work(engine: Engine, stop: impl Future<Output = ()> + Send) {
    if engine.workshop().builds == 0 {
        return;
    }
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..engine.workshop().builds {
        workers.spawn(one_after_another(engine.clone()));
    }
    workers.spawn(recompress::work(engine.clone()));
    stop.await;
    // What still ran could take something up again.
    if tokio::time::timeout(LET_GO_WITHIN, workers.shutdown()).await.is_err() {
        tracing::warn!("what was checked or built does not let go of its folder");
    }
    if let Err(error) = give_back(&engine).await {
        tracing::warn!(error = %error, "another process takes up what was checked or built when the leases end");
    }
}

/// Takes up what processes left that died at work, at once (packages.md, Stages). Beside the embedded database no other process can be
/// at work. Elsewhere those are known to be dead whose folders are here and not locked any more; of all others the lease tells.
///
/// # Errors
/// The store fails.
pub async fn take_up(engine: &Engine) -> Result<()> {
    let work = engine.workshop().work.clone();
    let dead = tokio::task::spawn_blocking(move || folder::dead(&work)).await;
    let dead = dead.map_err(|e| Error::Work(e.to_string()))?;
    let give = engine.db().write(dead, |conn, dead| {
        Box::pin(async move {
            if !conn.is_postgres() {
                return job::give_everything_back(conn).await;
            }
            for holder in &*dead {
                job::give_back_of_dead(conn, *holder).await?;
            }
            Ok(())
        })
    });
    Ok(give.await?)
}

/// Gives back what this process still holds, when it ends in order: nobody has to wait for the leases.
///
/// # Errors
/// The store fails.
async fn give_back(engine: &Engine) -> Result<()> {
    let holders = engine.holders().clone();
    // Twice: a claim that was cut off may still be on its way to be one. All others wait for nothing.
    for settled in [false, true] {
        let give = engine.db().write((holders.clone(), settled), |conn, s| {
            Box::pin(async move {
                let (holders, settled) = &*s;
                if *settled {
                    job::hold_queue(conn).await?;
                }
                for holder in holders {
                    job::give_all_back(conn, *holder).await?;
                }
                Ok(())
            })
        });
        give.await?;
    }
    Ok(())
}

/// Runs the next job that is due, if there is one.
///
/// # Errors
/// The store fails.
pub async fn run_next(engine: &Engine) -> Result<bool> {
    as_holder(engine, |holder| run_as(engine, holder)).await
}

async fn run_as(engine: &Engine, holder: Uuid) -> Result<bool> {
    if !job::is_due(&mut engine.db().reader().await?, JOB, engine.now()).await? {
        return Ok(false);
    }
    // First the folder: whoever starts after our death sees by it that the lease is a dead one's.
    let folder = Folder::make(&engine.workshop().work, holder);
    let Some((lease, job)) = claim(engine, JOB, holder).await? else { return Ok(false) };
    let ended = match folder {
        _ if job.attempts > line::CLAIMS => {
            tracing::error!(version.id = %job.subject, job.attempts, "nobody came to an end with version {}", job.subject);
            line::give_up(engine, &lease, &job, line::BROKEN).await
        }
        Ok(folder) => {
            let ended = tokio::select! {
                ended = Box::pin(line::run(engine, &lease, &job, folder.path())) => ended,
                () = lease.lost() => Err(Error::Conflict),
            };
            folder.remove().await;
            ended
        }
        Err(error) => line::broke(engine, &lease, &job, &error).await,
    };
    match ended {
        // It was cancelled, or another process has it now: what we would say of it counts no longer.
        Err(Error::Conflict) => tracing::info!(version.id = %job.subject, "the job is not ours any more"),
        other => other?,
    }
    Ok(true)
}

/// Runs it under an id of its own: two workers of one process are two holders, too. Whoever is cut off here, at the end of the
/// process, has its lease given back by [`give_back`]. What panics ends here, and counts as a try: its lease runs out.
async fn as_holder<F: Future<Output = Result<bool>>>(engine: &Engine, run: impl FnOnce(Uuid) -> F) -> Result<bool> {
    let holder = engine.entropy().id(engine.now());
    engine.holders().insert(holder);
    let ran = AssertUnwindSafe(run(holder)).catch_unwind().await;
    engine.holders().remove(&holder);
    // Its line is in the log already.
    ran.unwrap_or(Ok(false))
}

/// Takes the next job of this kind that is due.
async fn claim(engine: &Engine, kind: &'static str, holder: Uuid) -> Result<Option<(Lease, JobRow)>> {
    let now = engine.now();
    let until = UtcMillis(now.0 + LEASE_MS);
    let claim =
        engine.db().write((), move |conn, _| Box::pin(async move { job::claim(conn, kind, holder, now, until).await }));
    Ok(claim.await?.map(|job| (Lease::new(engine.clone(), &job, holder), job)))
}

/// Clears away what processes of this machine left behind that died at work: their folders and control groups.
///
/// # Errors
/// The store fails.
pub async fn sweep(engine: &Engine) -> Result<()> {
    let now = engine.now();
    let (work, tarballs) = (engine.workshop().work.clone(), engine.workshop().tarballs.clone());
    let there =
        tokio::task::spawn_blocking(move || folder::all(&work)).await.map_err(|e| Error::Work(e.to_string()))?;
    // Asked after the look: whoever made a folder by then had its lease already.
    let mut alive = job::holders(&mut engine.db().reader().await?, now).await?;
    alive.extend(engine.holders().iter());
    let swept = tokio::task::spawn_blocking(move || {
        folder::sweep(there, &alive);
        sandbox::sweep();
        sandbox::sweep_tarballs(&tarballs);
    });
    swept.await.map_err(|e| Error::Work(e.to_string()))
}

/// Forgets previews that have expired.
///
/// # Errors
/// The store fails.
pub async fn sweep_previews(engine: &Engine) -> Result<()> {
    let now = engine.now();
    Ok(engine.db().write((), move |conn, _| Box::pin(async move { preview::delete_expired(conn, now).await })).await?)
}

/// A new preview label: 160 random bits.
pub(crate) fn new_label(engine: &Engine) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let random: [u8; 32] = engine.entropy().bytes();
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

/// Until when a preview's label holds that is given now.
pub(crate) fn preview_until(engine: &Engine, now: UtcMillis) -> UtcMillis {
    UtcMillis(now.0 + i64::try_from(engine.workshop().preview.as_millis()).unwrap_or(i64::MAX / 2))
}

async fn one_after_another(engine: Engine) {
    loop {
        match run_next(&engine).await {
            Ok(true) => {}
            Ok(false) => engine.wait_for_work(LOOK_EVERY).await,
            Err(error) => {
                tracing::error!(error = %error, "a job could not be run");
                engine.wait_for_work(LOOK_EVERY).await;
            }
        }
    }
}
