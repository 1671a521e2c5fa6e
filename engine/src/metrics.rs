//! What an operator's dashboard shows of the engine: counts and ages, never ids. Start reading at [`read`].

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::error::Result;
use crate::store::{self, metrics};
use domain::view::doctor::ProcessSeen;
use domain::view::outbox::Carrier;
use domain::{Stage, UtcMillis};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A database that has not answered by then does not.
const PATIENCE: Duration = Duration::from_secs(2);

/// The state of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// Each carrier of notices.
    pub outbox: Vec<OutboxReading>,
    /// Packages that wait to be checked and built.
    pub jobs_waiting: i64,
    /// Packages that are being checked and built, by any process.
    pub jobs_running: i64,
    /// So long has the first of those that wait been due. Milliseconds; 0 if none waits.
    pub oldest_job_ms: i64,
    /// Sessions of people, with those that are over and not swept yet.
    pub sessions: i64,
}

/// One carrier's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxReading {
    /// Which.
    pub carrier: Carrier,
    /// Messages to be sent, or sent again.
    pub waiting: i64,
    /// Messages that were given up.
    pub dead: i64,
    /// So long ago the oldest that waits was written. Milliseconds; 0 if none waits.
    pub oldest_ms: i64,
}

/// How busy the way to the database is, in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Connections of the pool that are open: of readers on SQLite, of all on PostgreSQL.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// The pool has so many at most.
    pub most: u32,
    /// Changes that wait for SQLite's one writer; 0 on PostgreSQL, where nothing queues here.
    pub waiting_writes: u32,
}

/// Stages of packages that this process brought to their end, since it started.
#[derive(Debug, Default)]
pub(crate) struct Tally([[AtomicU64; 2]; Stage::ALL.len()]);

impl Tally {
    pub(crate) fn count(&self, stage: Stage, passed: bool) {
        if let Some(place) = Stage::ALL.iter().position(|one| *one == stage) {
            self.0[place][usize::from(passed)].fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Asks the database.
///
/// # Errors
/// The store fails, or has not answered within 2 seconds.
pub async fn read(engine: &Engine) -> Result<Readings> {
    let now = engine.now();
    in_time(async {
        let mut conn = engine.db().reader().await?;
        let oldest = metrics::oldest_messages(&mut conn).await?;
        let outbox = store::outbox::counts(&mut conn).await?.into_iter().map(|(carrier, waiting, dead)| {
            let since = oldest.iter().find(|(id, _)| id == carrier.id()).map(|(_, since)| *since);
            OutboxReading { carrier, waiting, dead, oldest_ms: age(now, since) }
        });
        let jobs = metrics::jobs(&mut conn, now).await?;
        Ok(Readings {
            outbox: outbox.collect(),
            jobs_waiting: jobs.waiting,
            jobs_running: jobs.running,
            oldest_job_ms: age(now, jobs.oldest),
            sessions: metrics::sessions(&mut conn).await?,
        })
    })
    .await
}

/// The processes that hold connections to PostgreSQL, ours among them; none on the embedded database.
///
/// # Errors
/// As [`read`].
pub async fn processes(engine: &Engine) -> Result<Vec<ProcessSeen>> {
    in_time(async { Ok(metrics::processes(&mut engine.db().reader().await?).await?) }).await
}

/// Whether requests can be answered: the database does.
///
/// # Errors
/// As [`read`].
pub async fn ready(engine: &Engine) -> Result<()> {
    in_time(async { Ok(metrics::ping(&mut engine.db().reader().await?).await?) }).await
}

/// How busy this process is with its database.
pub fn load(engine: &Engine) -> Load {
    engine.db().load()
}

/// Pages that listen to this process's stream of events.
pub fn listeners(engine: &Engine) -> usize {
    engine.live().listeners()
}

/// Each stage, whether it passed, and how often it ended so in this process.
pub fn stages(engine: &Engine) -> Vec<(Stage, bool, u64)> {
    let of = |(stage, counts): (Stage, &[AtomicU64; 2])| {
        [false, true].map(|passed| (stage, passed, counts[usize::from(passed)].load(Ordering::Relaxed)))
    };
    Stage::ALL.into_iter().zip(&engine.tally().0).flat_map(of).collect()
}

fn age(now: UtcMillis, since: Option<i64>) -> i64 {
    since.map_or(0, |since| (now.0 - since).max(0))
}

async fn in_time<T>(asking: impl Future<Output = Result<T>>) -> Result<T> {
    let answer = tokio::time::timeout(PATIENCE, asking).await;
    answer.unwrap_or_else(|_| Err(store::StoreError::Setting("it did not answer within 2 seconds".to_owned()).into()))
}
