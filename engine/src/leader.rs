//! One leader at a time for each periodic job, by a lease in the database (identity.md, Operations). Who leads goes on leading while
//! it comes round in time; if it stops, another leads when the lease is over, or at once if it was given back.
//!
//! Not here: what processes share out among them, piece by piece, each piece under a lease or a compare-and-set of its own (jobs of
//! the pipeline, messages, probes), and what each does for its own machine (folders that builds left).

use crate::Engine;
use crate::error::Result;
use crate::store::lease as store;
use domain::UtcMillis;
use std::time::Duration;

/// A job that one process of a database does for all, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Sessions that are over are forgotten.
    Sessions,
    /// Uploads that nobody finished are forgotten.
    Uploads,
    /// Messages that were sent long ago are forgotten.
    Messages,
    /// Previews that have expired are forgotten.
    Previews,
    /// Batches of plans of going live begin when their time has come.
    Plans,
}

impl Job {
    /// As the table has it.
    const fn name(self) -> &'static str {
        match self {
            Self::Sessions => "sweep_sessions",
            Self::Uploads => "sweep_uploads",
            Self::Messages => "sweep_messages",
            Self::Previews => "sweep_previews",
            Self::Plans => "start_batches",
        }
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
    let take = engine.db().write((), move |conn, _| Box::pin(store::take(conn, job.name(), holder, now, until)));
    Ok(take.await?)
}

/// Does it, if this process leads it; `None`: another does. Who fails leads no longer.
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
    let done = work(engine).await;
    if done.is_err() {
        // What is broken here may be whole elsewhere.
        let holder = engine.process();
        engine
            .db()
            .write((), move |conn, _| Box::pin(async move { store::give_one_back(conn, job.name(), holder).await }))
            .await?;
    }
    done.map(Some)
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

        async fn of_two_that_ask_at_once_one_leads(w: World) {
            let other = w.another_process().await;
            let (a, b) = tokio::join!(leads(&w.engine, Job::Messages, EVERY), leads(&other.engine, Job::Messages, EVERY));
            assert!(a.unwrap() ^ b.unwrap());
            other.engine.close().await;
        }
    }
}
