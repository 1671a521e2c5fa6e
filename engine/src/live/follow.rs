//! What other processes of the same database did, read from the audit log when PostgreSQL says that it has grown.

use super::resume::happened;
use crate::Engine;
use crate::error::Result;
use crate::identity::session;
use crate::store::audit_event::{self, Appended, AuditRow};
use domain::PersonId;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The log is looked at so often in any case: a connection can be dead without a word. In tests it has to be heard.
const LOOK_EVERY: Duration = Duration::from_secs(if cfg!(test) { 3_600 } else { 5 });

/// After a failure it is tried again in so long.
const AGAIN: Duration = Duration::from_secs(1);

/// Rows that are read at once.
const ROWS: i64 = 500;

/// Tells this process's listeners and caches what others did, for as long as the process runs; ends at once on SQLite, where
/// nobody else writes.
pub async fn follow(engine: Engine) {
    let mut seen = engine.live().newest();
    loop {
        match until_it_fails(&engine, &mut seen).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(error = %error, "what other processes do is not heard for the moment"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn until_it_fails(engine: &Engine, seen: &mut i64) -> Result<()> {
    let Some(mut appended) = Appended::listen(engine.db()).await? else { return Ok(()) };
    engine.live().followed.store(*seen, Ordering::Release);
    loop {
        // First the ear, then the log.
        while read(engine, seen).await? {}
        match tokio::time::timeout(LOOK_EVERY, appended.next()).await {
            Ok(heard) => drop(heard?),
            Err(_) => tracing::trace!("nothing was appended, or nobody said so"),
        }
    }
}

/// Tells what came after `seen`; whether there may be more.
async fn read(engine: &Engine, seen: &mut i64) -> Result<bool> {
    let rows = audit_event::after(&mut engine.db().reader().await?, *seen, ROWS).await?;
    for row in &rows {
        tell(engine, row);
        *seen = row.seq;
        engine.live().followed.store(row.seq, Ordering::Release);
    }
    Ok(i64::try_from(rows.len()).is_ok_and(|n| n == ROWS))
}

fn tell(engine: &Engine, row: &AuditRow) {
    // Refusals are nobody's news, and of our own changes all was told that there is to tell.
    if row.result != "done" || engine.live().has_told(row.seq) {
        return;
    }
    match row.object_kind.as_str() {
        "publication" => match happened(row.seq, &row.object_id, &row.detail) {
            Ok(happened) => engine.hear(happened),
            Err(error) => tracing::error!(error = %error, audit.seq = row.seq, "event {} can't be told", row.seq),
        },
        // Behind the rows of an import stands the list as a whole.
        "person" if row.action.ends_with(".import") => {}
        // They may have lost a session or a role; who signs in, the session before.
        "person" => match row.object_id.parse() {
            Ok(id) => session::forget_of(engine, PersonId(id)),
            Err(_) => session::forget_all(engine),
        },
        // Nobody's session.
        "version" | "work_order" | "audit" | "outbox" | "rule_set" | "routing" => {}
        "department" | "department_list" | "application_system" | "application_system_list" => {}
        "stock" | "stock_list" | "request" | "routing_list" | "channel" | "system_host" => {}
        "export" | "backup" | "limit_set" | "api_token" | "sign_in_policy" => {}
        _ => session::forget_all(engine),
    }
}
