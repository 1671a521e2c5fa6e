//! 运行时外链: what browsers refused, counted per host. In memory: a hint to the developer, not a record.

use crate::Engine;
use domain::PublicationId;
use moka::sync::Cache;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// Longest report. Bytes.
pub const REPORT_MOST: usize = 8 * 1024;

/// Reports of one publication in a minute.
const A_MINUTE: u32 = 60;

/// Hosts that are counted for one publication, and publications.
const HOSTS: usize = 200;
const PUBLICATIONS: usize = 5_000;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOutcome {
    /// Counted, or not worth it.
    Taken,
    /// Too many of this publication.
    TooMany,
}

pub(crate) struct Reports {
    counts: Mutex<HashMap<Uuid, BTreeMap<String, u32>>>,
    lately: Cache<Uuid, u32>,
}

impl Reports {
    pub(super) fn new() -> Self {
        let lately = Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(60)).build();
        Self { counts: Mutex::default(), lately }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, BTreeMap<String, u32>>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    let Some(host) = host.and_then(checks::AllowList::entry) else { return ReportOutcome::Taken };
    let mut counts = reports.lock();
    if counts.len() < PUBLICATIONS || counts.contains_key(&publication.0) {
        let hosts = counts.entry(publication.0).or_default();
        if hosts.len() < HOSTS || hosts.contains_key(&host) {
            let count = hosts.entry(host).or_default();
            *count = count.saturating_add(1);
        }
    }
    ReportOutcome::Taken
}

/// What was refused since this process started, by host.
pub fn reported(engine: &Engine, publication: PublicationId) -> Vec<(String, u32)> {
    let counts = engine.hosting().reports.lock();
    counts.get(&publication.0).map(|hosts| hosts.iter().map(|(h, n)| (h.clone(), *n)).collect()).unwrap_or_default()
}
