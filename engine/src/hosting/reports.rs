//! 运行时外链: what browsers refused, counted by host. Kept in memory for a moment, then added to the database's counts.

use crate::Engine;
use crate::error::Result;
use crate::store::refused_host;
use domain::PublicationId;
use domain::view::running::RefusedHost;
use moka::sync::Cache;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// Longest report. Bytes.
pub const REPORT_MOST: usize = 8 * 1024;

/// How often the counts are written.
const WRITE_EVERY: Duration = Duration::from_secs(10);

/// Reports of one publication in a minute.
const A_MINUTE: u32 = 60;

/// Hosts that are counted for one publication, and publications between two writings.
const HOSTS: u16 = 200;
const PUBLICATIONS: usize = 5_000;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOutcome {
    /// Counted, or not worth it.
    Taken,
    /// Too many of this publication.
    TooMany,
}

type Counts = HashMap<Uuid, BTreeMap<String, RefusedHost>>;

pub(crate) struct Reports {
    /// Not written yet.
    counts: Mutex<Counts>,
    lately: Cache<Uuid, u32>,
}

impl Reports {
    pub(super) fn new() -> Self {
        let lately = Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(60)).build();
        Self { counts: Mutex::default(), lately }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, publication: Uuid, refused: RefusedHost) {
        let mut counts = self.lock();
        if counts.len() < PUBLICATIONS || counts.contains_key(&publication) {
            let hosts = counts.entry(publication).or_default();
            let full = hosts.len() >= usize::from(HOSTS);
            match hosts.get_mut(&refused.host) {
                Some(known) => add(known, &refused),
                None if full => {}
                None => drop(hosts.insert(refused.host.clone(), refused)),
            }
        }
    }
}

fn add(known: &mut RefusedHost, more: &RefusedHost) {
    known.count = known.count.saturating_add(more.count);
    known.last_at = known.last_at.max(more.last_at);
}

/// Counts what a browser reports (`application/csp-report`).
pub fn report(engine: &Engine, publication: PublicationId, body: &[u8]) -> ReportOutcome {
    let reports = &engine.hosting().reports;
    let lately = reports.lately.get(&publication.0).unwrap_or_default();
    if lately >= A_MINUTE {
        return ReportOutcome::TooMany;
    }
    // Inserting begins the minute anew: who never stops is never counted again, which is the point.
    reports.lately.insert(publication.0, lately + 1);
    let blocked = serde_json::from_slice::<serde_json::Value>(body).ok();
    let blocked = blocked.as_ref().and_then(|json| json.pointer("/csp-report/blocked-uri")?.as_str());
    let host = blocked.and_then(|uri| uri.split_once("://")?.1.split(['/', '?', '#', ':']).next());
    if let Some(host) = host.and_then(checks::AllowList::entry) {
        reports.add(publication.0, RefusedHost { host, count: 1, last_at: engine.now() });
    }
    ReportOutcome::Taken
}

/// Writes the counts every few seconds, for ever.
pub async fn keep_reports(engine: Engine) {
    let mut tick = tokio::time::interval(WRITE_EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = write_reports(&engine).await {
            tracing::warn!(error = %error, "what browsers refused could not be written; it is tried again");
        }
    }
}

/// Adds what was counted to the database's counts; what can't be written is kept for the next time.
///
/// # Errors
/// The store fails.
pub async fn write_reports(engine: &Engine) -> Result<()> {
    let reports = &engine.hosting().reports;
    let counts = std::mem::take(&mut *reports.lock());
    if counts.is_empty() {
        return Ok(());
    }
    let write = engine.db().write((engine.clone(), counts.clone()), |conn, s| {
        Box::pin(async move {
            let (engine, counts) = &*s;
            for (publication, hosts) in counts {
                for refused in hosts.values() {
                    refused_host::add(conn, *publication, refused, HOSTS).await?;
                }
            }
            engine.may_fail()
        })
    });
    let written = write.await;
    if written.is_err() {
        for (publication, hosts) in counts {
            hosts.into_values().for_each(|refused| reports.add(publication, refused));
        }
    }
    Ok(written?)
}

/// What the database has, with what this process has counted since; what came last first.
pub(crate) fn with_latest(engine: &Engine, publication: PublicationId, stored: Vec<RefusedHost>) -> Vec<RefusedHost> {
    let latest = engine.hosting().reports.lock().get(&publication.0).cloned().unwrap_or_default();
    let mut all: BTreeMap<String, RefusedHost> = stored.into_iter().map(|host| (host.host.clone(), host)).collect();
    for refused in latest.into_values() {
        match all.get_mut(&refused.host) {
            Some(known) => add(known, &refused),
            None => drop(all.insert(refused.host.clone(), refused)),
        }
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by(|a, b| b.last_at.cmp(&a.last_at).then_with(|| a.host.cmp(&b.host)));
    all
}
