//! What waits and runs, counted for operators. Asked every few seconds: small tables and indexes only.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use domain::view::doctor::ProcessSeen;
use sqlx_macros::FromRow;

/// Packages to be checked and built.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct Jobs {
    pub(crate) waiting: i64,
    pub(crate) running: i64,
    /// When the first of those that wait was due. UTC milliseconds.
    pub(crate) oldest: Option<i64>,
}

/// Whether the database answers.
pub(crate) async fn ping(conn: &mut Conn) -> StoreResult<()> {
    const SQL: &str = "SELECT COUNT(*) FROM installation";
    let _: i64 = on!(conn, c => sqlx::query_scalar(SQL).fetch_one(c).await)?;
    Ok(())
}

/// The jobs of packages, as they are now.
pub(crate) async fn jobs(conn: &mut Conn, now: UtcMillis) -> StoreResult<Jobs> {
    const SQL: &str = "SELECT COUNT(CASE WHEN lease_until >= $1 THEN NULL ELSE 1 END) AS waiting,
        COUNT(CASE WHEN lease_until >= $1 THEN 1 END) AS running,
        MIN(CASE WHEN lease_until >= $1 THEN NULL ELSE due_at END) AS oldest FROM job WHERE kind = 'pipeline'";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(now.0).fetch_one(c).await?))
}

/// When the oldest message of each carrier that waits was written. UTC milliseconds.
pub(crate) async fn oldest_messages(conn: &mut Conn) -> StoreResult<Vec<(String, i64)>> {
    const SQL: &str = "SELECT carrier, MIN(created_at) FROM outbox WHERE state = 'waiting' GROUP BY carrier";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// How many sessions there are, with those that are over and not swept yet.
pub(crate) async fn sessions(conn: &mut Conn) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM session";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).fetch_one(c).await?))
}

/// Who holds connections to this database of PostgreSQL, by the name each process gives itself; nobody else's are seen. None on SQLite.
pub(crate) async fn processes(conn: &mut Conn) -> StoreResult<Vec<ProcessSeen>> {
    const SQL: &str = "SELECT application_name, COUNT(*) FROM pg_stat_activity
        WHERE datname = CURRENT_DATABASE() AND application_name LIKE 'irs %'
        GROUP BY application_name ORDER BY application_name";
    if !conn.is_postgres() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, i64)> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let name = |name: String| name.strip_prefix("irs ").unwrap_or_default().to_owned();
    Ok(rows.into_iter().map(|(called, connections)| ProcessSeen { name: name(called), connections }).collect())
}
