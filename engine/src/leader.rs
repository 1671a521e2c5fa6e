//! One leader at a time for each periodic job, by a lease in the database (identity.md, Operations). Who leads goes on leading while
//! it comes round in time; if it stops, another leads when the lease is over, or at once if it was given back.
//!
//! Not here: what processes share out among them, piece by piece, each piece under a lease or a compare-and-set of its own (jobs of
//! the pipeline, messages, probes), and what each does for its own machine (folders that builds left).

use crate::Engine;
use crate::error::Result;
use crate::place::machine;
use crate::store::lease as store;
use crate::store::periodic_run::{self, Of};
use domain::UtcMillis;
pub use domain::view::doctor::Periodic as Job;
use domain::view::doctor::PeriodicRun;
use std::time::Duration;
use tokio::time::Instant;

/// As the tables have it.
pub(crate) const fn name(job: Job) -> &'static str {
    match job {
        Job::Sessions => "sweep_sessions",
        Job::Uploads => "sweep_uploads",
        Job::Messages => "sweep_messages",
        Job::Previews => "sweep_previews",
        Job::Plans => "start_batches",
        Job::Backup => "daily_backup",
    }
}

/// Whether this process leads the job until it comes round again `every` so often. The lease is longer by half, so that a round that
/// is late loses nothing.
///
/// # Errors
/// The store fails.
pub async fn leads(engine: &Engine, job: Job, every: Duration) -> Result<bool> {
    let (holder, now) = (engine.process(), engine.now());
    let lease_ms = i64::try_from((every + every / 2).as_millis()).unwrap_or(i64::MAX / 2);
    let until = UtcMillis(now.0.saturating_add(lease_ms));
    let take = engine.db().write((), move |conn, _| Box::pin(store::take(conn, name(job), holder, now, until)));
    Ok(take.await?)
}

/// Does it, if this process leads it, and notes how it ended; `None`: another does. Who fails leads no longer.
///
/// # Errors
/// The store fails, or the job.
pub async fn led<T>(
    engine: &Engine,
    job: Job,
    every: Duration,
    work: impl AsyncFnOnce(&Engine) -> Result<T>,
) -> Result<Option<T>> {
    if !leads(engine, job, every).await? {
        return Ok(None);
    }
    let begun = Instant::now();
    match work(engine).await {
        Ok(done) => {
            ran(engine, job, Ended::Well(begun.elapsed(), None)).await?;
            Ok(Some(done))
        }
        Err(error) => {
            if let Err(error) = ran(engine, job, Ended::Failed(None)).await {
                tracing::warn!(error = %error, job = name(job), "how a periodic job ended could not be noted");
            }
            Err(error)
        }
    }
}

/// How a run ended, with what there is to say of it.
#[derive(Debug, Clone)]
pub(crate) enum Ended {
    /// It took so long.
    Well(Duration, Option<String>),
    Failed(Option<String>),
}

/// Notes how a run of this process ended, for 运行状况. Who failed leads no longer: what is broken here may be whole elsewhere.
pub(crate) async fn ran(engine: &Engine, job: Job, ended: Ended) -> Result<()> {
    let holder = engine.process();
    let what = (of(engine, job), ended);
    let note = engine.db().write(what, move |conn, what| {
        Box::pin(async move {
            match &what.1 {
                Ended::Well(took, said) => {
                    let took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
                    periodic_run::done(conn, &what.0, took_ms, said.as_deref()).await
                }
                Ended::Failed(said) => {
                    periodic_run::failed(conn, &what.0, said.as_deref()).await?;
                    store::give_one_back(conn, name(job), holder).await
                }
            }
        })
    });
    Ok(note.await?)
}

/// A run of this process that ends now.
pub(crate) fn of(engine: &Engine, job: Job) -> Of {
    Of { name: name(job), machine: machine(), at: engine.now() }
}

/// How the jobs did that were ever done, in any process.
pub(crate) async fn runs(engine: &Engine) -> Result<Vec<PeriodicRun>> {
    let known = periodic_run::all(&mut engine.db().reader().await?).await?;
    let run = |what: Job| {
        let run = known.iter().find(|run| run.name == name(what))?.clone();
        Some(PeriodicRun {
            what,
            well: run.well,
            done_at: run.done_at.map(UtcMillis),
            took_ms: run.took_ms,
            failed_at: run.failed_at.map(UtcMillis),
            said: run.said,
            machine: run.machine,
        })
    };
    Ok(Job::ALL.into_iter().filter_map(run).collect())
}

/// Gives back what this process leads, when it ends in order: nobody has to wait.
///
/// # Errors
/// The store fails.
pub async fn give_back(engine: &Engine) -> Result<()> {
    let holder = engine.process();
    Ok(engine.db().write((), move |conn, _| Box::pin(store::give_back(conn, holder))).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::world::both;

    const EVERY: Duration = Duration::from_secs(600);

    both! {
        async fn one_process_leads_and_the_other_takes_over_when_the_lease_ends(w: World) {
            let other = w.another_process().await;
            assert!(leads(&w.engine, Job::Sessions, EVERY).await.unwrap());
            assert!(!leads(&other.engine, Job::Sessions, EVERY).await.unwrap());
            assert!(leads(&other.engine, Job::Uploads, EVERY).await.unwrap(), "each job has a leader of its own");
            // Who comes round in time leads on, however long.
            for _ in 0..3 {
                w.wait_ms(600_000);
                assert!(leads(&w.engine, Job::Sessions, EVERY).await.unwrap());
                assert!(!leads(&other.engine, Job::Sessions, EVERY).await.unwrap());
            }
            w.wait_ms(900_000 - 1);
            assert!(!leads(&other.engine, Job::Sessions, EVERY).await.unwrap());
            w.wait_ms(1);
            assert!(leads(&other.engine, Job::Sessions, EVERY).await.unwrap(), "the first has died");
            assert!(!leads(&w.engine, Job::Sessions, EVERY).await.unwrap(), "and follows when it is back");
            other.engine.close().await;
        }

        async fn who_ends_in_order_leaves_the_lead_at_once(w: World) {
            let other = w.another_process().await;
            assert_eq!(led(&w.engine, Job::Plans, EVERY, async |_| Ok(1)).await.unwrap(), Some(1));
            assert_eq!(led(&other.engine, Job::Plans, EVERY, async |_| Ok(2)).await.unwrap(), None);
            give_back(&w.engine).await.unwrap();
            assert_eq!(led(&other.engine, Job::Plans, EVERY, async |_| Ok(2)).await.unwrap(), Some(2));
            other.engine.close().await;
        }

        async fn how_a_run_ended_is_seen_from_every_process(w: World) {
            let other = w.another_process().await;
            assert_eq!(runs(&other.engine).await.unwrap(), []);
            led(&w.engine, Job::Uploads, EVERY, async |_| Ok(())).await.unwrap();
            let seen = runs(&other.engine).await.unwrap().remove(0);
            assert_eq!((seen.what, seen.well, seen.done_at), (Job::Uploads, true, Some(w.engine.now())));
            assert!(seen.took_ms.is_some_and(|took| took >= 0) && seen.failed_at.is_none() && seen.machine == machine());
            // It fails here, is done there at once, and both stay known.
            let well_at = w.engine.now();
            w.wait_ms(600_000);
            let failed = led(&w.engine, Job::Uploads, EVERY, async |_| Err::<(), _>(Error::Conflict)).await;
            assert!(matches!(failed, Err(Error::Conflict)));
            let seen = runs(&other.engine).await.unwrap().remove(0);
            assert_eq!((seen.well, seen.done_at, seen.failed_at), (false, Some(well_at), Some(w.engine.now())));
            assert_eq!(led(&other.engine, Job::Uploads, EVERY, async |_| Ok(2)).await.unwrap(), Some(2));
            let seen = runs(&w.engine).await.unwrap().remove(0);
            assert_eq!((seen.well, seen.done_at, seen.failed_at), (true, Some(w.engine.now()), Some(w.engine.now())));
            // Who ends in order takes nothing of it away.
            give_back(&other.engine).await.unwrap();
            assert_eq!(runs(&w.engine).await.unwrap().len(), 1);
            other.engine.close().await;
        }

        async fn of_two_that_ask_at_once_one_leads(w: World) {
            let other = w.another_process().await;
            let (a, b) = tokio::join!(leads(&w.engine, Job::Messages, EVERY), leads(&other.engine, Job::Messages, EVERY));
            assert!(a.unwrap() ^ b.unwrap());
            other.engine.close().await;
        }
    }
}
