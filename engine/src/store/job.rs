//! What is to be done in the background. A job belongs to whoever holds its lease.

use super::{Conn, StoreError, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A job that is ours now.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct JobRow {
    pub(crate) key: i64,
    pub(crate) subject: Uuid,
    /// How often it was taken, with this time.
    pub(crate) attempts: i64,
}

/// Puts one into the queue; if there is one of this kind for this subject, that one will do.
pub(crate) async fn insert(conn: &mut Conn, kind: &str, subject: Uuid, due: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO job (kind, subject, due_at, attempts) VALUES ($1, $2, $3, 0)
        ON CONFLICT (kind, subject) DO NOTHING";
    on!(conn, c => sqlx::query(SQL).bind(kind).bind(subject).bind(due.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether one is due and nobody's.
pub(crate) async fn is_due(conn: &mut Conn, kind: &str, now: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT key FROM job
        WHERE kind = $1 AND due_at <= $2 AND (lease_until IS NULL OR lease_until < $2) LIMIT 1) AS due";
    let many: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(kind).bind(now.0).fetch_one(c).await)?;
    Ok(many > 0)
}

/// Takes the first one that is due and nobody's, until `until`. `None`: there is none, or another was faster.
pub(crate) async fn claim(
    conn: &mut Conn,
    kind: &str,
    holder: Uuid,
    now: UtcMillis,
    until: UtcMillis,
) -> StoreResult<Option<JobRow>> {
    const FIND: &str = "SELECT key, subject, attempts + 1 AS attempts FROM job
        WHERE kind = $1 AND due_at <= $2 AND (lease_until IS NULL OR lease_until < $2) ORDER BY due_at, key LIMIT 1";
    const TAKE: &str = "UPDATE job SET lease_holder = $2, lease_until = $3, attempts = attempts + 1
        WHERE key = $1 AND (lease_until IS NULL OR lease_until < $4)";
    let found: Option<JobRow> = on!(conn, c => sqlx::query_as(FIND).bind(kind).bind(now.0).fetch_optional(c).await)?;
    let Some(job) = found else { return Ok(None) };
    let taken = on!(conn, c => sqlx::query(TAKE)
        .bind(job.key)
        .bind(holder)
        .bind(until.0)
        .bind(now.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok((taken == 1).then_some(job))
}

/// Renews the lease, as part of a change that only its holder may make.
///
/// # Errors
/// [`StoreError::Conflict`]: the job is gone (cancelled), or another process took it.
pub(crate) async fn hold(conn: &mut Conn, key: i64, holder: Uuid, until: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE job SET lease_until = $3 WHERE key = $1 AND lease_holder = $2";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(key)
        .bind(holder)
        .bind(until.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Whether the job is there and the holder's.
pub(crate) async fn is_held(conn: &mut Conn, key: i64, holder: Uuid) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM job WHERE key = $1 AND lease_holder = $2";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(key).bind(holder).fetch_one(c).await)?;
    Ok(n == 1)
}

/// Whose leases hold.
pub(crate) async fn holders(conn: &mut Conn, now: UtcMillis) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT DISTINCT lease_holder FROM job WHERE lease_holder IS NOT NULL AND lease_until >= $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(now.0).fetch_all(c).await?))
}

/// Whether there is one.
pub(crate) async fn is_waiting(conn: &mut Conn, kind: &str, subject: Uuid) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM job WHERE kind = $1 AND subject = $2";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(kind).bind(subject).fetch_one(c).await)?;
    Ok(n > 0)
}

/// How many run or come before this one; `None`: it runs, or there is none.
pub(crate) async fn ahead(conn: &mut Conn, kind: &str, subject: Uuid, now: UtcMillis) -> StoreResult<Option<i64>> {
    const SQL: &str = "SELECT (SELECT COUNT(*) FROM job AS j WHERE j.kind = $1 AND j.key <> m.key
            AND (j.lease_until >= $3 OR (j.due_at, j.key) < (m.due_at, m.key)))
        FROM job AS m WHERE m.kind = $1 AND m.subject = $2 AND (m.lease_until IS NULL OR m.lease_until < $3)";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(kind).bind(subject).bind(now.0).fetch_optional(c).await?))
}

/// Nobody runs it any more; whether there was one.
pub(crate) async fn delete_of(conn: &mut Conn, kind: &str, subject: Uuid) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM job WHERE kind = $1 AND subject = $2";
    let rows = on!(conn, c => sqlx::query(SQL).bind(kind).bind(subject).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

/// It is done.
pub(crate) async fn delete(conn: &mut Conn, key: i64) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM job WHERE key = $1";
    on!(conn, c => sqlx::query(SQL).bind(key).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Gives it back, to be taken at `due`.
pub(crate) async fn give_back(conn: &mut Conn, key: i64, holder: Uuid, due: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE job SET lease_holder = NULL, lease_until = NULL, due_at = $3
        WHERE key = $1 AND lease_holder = $2";
    on!(conn, c => sqlx::query(SQL).bind(key).bind(holder).bind(due.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Gives back whatever anybody holds: where one process alone works, whoever held it is dead.
pub(crate) async fn give_everything_back(conn: &mut Conn) -> StoreResult<()> {
    const SQL: &str = "UPDATE job SET lease_holder = NULL, lease_until = NULL WHERE lease_holder IS NOT NULL";
    on!(conn, c => sqlx::query(SQL).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Gives back what a holder had that died: it may have died of it, so this time counts.
pub(crate) async fn give_back_of_dead(conn: &mut Conn, holder: Uuid) -> StoreResult<()> {
    const SQL: &str = "UPDATE job SET lease_holder = NULL, lease_until = NULL WHERE lease_holder = $1";
    on!(conn, c => sqlx::query(SQL).bind(holder).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Waits until what others claim, renew or give back at this moment is so, and holds it off until the transaction is over. An error after two
/// seconds: whoever wants to write there waits as well.
pub(crate) async fn hold_queue(conn: &mut Conn) -> StoreResult<()> {
    const SQL: [&str; 2] = ["SET LOCAL lock_timeout = '2s'", "LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE"];
    // Beside SQLite's one writer there is nobody.
    if !conn.is_postgres() {
        return Ok(());
    }
    for sql in SQL {
        on!(conn, c => sqlx::query(sql).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Gives what is held back, when its process ends in order: this time was no attempt.
pub(crate) async fn give_all_back(conn: &mut Conn, holder: Uuid) -> StoreResult<()> {
    const SQL: &str = "UPDATE job SET lease_holder = NULL, lease_until = NULL, attempts = attempts - 1
        WHERE lease_holder = $1";
    on!(conn, c => sqlx::query(SQL).bind(holder).execute(c).await.map(|_| ()))?;
    Ok(())
}
