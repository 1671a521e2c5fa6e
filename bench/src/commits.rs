//! The yardstick of transitions: what SQLite itself commits on this disk, one by one and in groups, without anything around it.

use crate::Outcome;
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// Changes in one commit.
pub(crate) const GROUPS: [u32; 3] = [1, 8, 32];

/// Changes a second, by [`GROUPS`].
pub(crate) type Commits = [f64; 3];

/// Rows that are changed, one after the other.
const ROWS: u32 = 1_000;

/// Measures: one UPDATE and two INSERTs a change, WAL, `synchronous=FULL`; medians.
pub(crate) fn measure(work: &Path, seconds: u64, runs: usize) -> Outcome<Commits> {
    std::fs::create_dir_all(work).map_err(|e| format!("{}: {e}", work.display()))?;
    let mut commits = [0.0; 3];
    for (group, median) in GROUPS.into_iter().zip(&mut commits) {
        let mut rates = Vec::new();
        for _ in 0..runs {
            let file = work.join("commits.db");
            for name in ["commits.db", "commits.db-wal", "commits.db-shm"] {
                let _ = std::fs::remove_file(work.join(name));
            }
            let time = Duration::from_secs(seconds);
            rates.push(rate(&file, group, time).map_err(|e| format!("{}: {e}", file.display()))?);
        }
        rates.sort_by(f64::total_cmp);
        *median = rates.get(rates.len() / 2).copied().unwrap_or_default();
    }
    Ok(commits)
}

fn rate(file: &Path, group: u32, time: Duration) -> rusqlite::Result<f64> {
    let mut db = Connection::open(file)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch(
        "CREATE TABLE thing (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
        CREATE TABLE event (seq INTEGER PRIMARY KEY, thing INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;
        CREATE TABLE notice (key INTEGER PRIMARY KEY, thing INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;",
    )?;
    for id in 0..ROWS {
        db.execute("INSERT INTO thing (id, version, state) VALUES (?1, 1, 'published')", [id])?;
    }
    let begun = Instant::now();
    let mut done = 0_u32;
    while begun.elapsed() < time {
        let transaction = db.transaction()?;
        for _ in 0..group {
            let thing = done % ROWS;
            transaction
                .prepare_cached("UPDATE thing SET version = version + 1, state = ?2 WHERE id = ?1")?
                .execute(params![thing, "upgrade_deploying"])?;
            transaction
                .prepare_cached("INSERT INTO event (thing, detail) VALUES (?1, ?2)")?
                .execute(params![thing, "{\"from\":\"published\",\"to\":\"upgrade_deploying\"}"])?;
            transaction
                .prepare_cached("INSERT INTO notice (thing, detail) VALUES (?1, ?2)")?
                .execute(params![thing, "upgrade_began"])?;
            done += 1;
        }
        transaction.commit()?;
    }
    Ok(f64::from(done) / begun.elapsed().as_secs_f64())
}
