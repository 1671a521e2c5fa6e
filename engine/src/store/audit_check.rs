//! 校验: how far the present check of the audit log is, or how the last ended: one row.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// The row.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct CheckRow {
    pub(crate) person_name: String,
    pub(crate) beat_at: i64,
    pub(crate) seen: i64,
    pub(crate) whole: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) last_hash: Option<Vec<u8>>,
    pub(crate) broken_seq: Option<i64>,
    pub(crate) hidden_seq: Option<i64>,
}

/// The present one, or the last.
pub(crate) async fn newest(conn: &mut Conn) -> StoreResult<Option<CheckRow>> {
    const SQL: &str = "SELECT person_name, beat_at, seen, whole, ended_at, last_hash, broken_seq, hidden_seq
        FROM audit_check WHERE only_row = 1";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_optional(c).await?))
}

/// A run begins, in place of the last; whether it may: none is under way that was heard of after `silent_since`.
pub(crate) async fn begin(
    conn: &mut Conn,
    run: Uuid,
    by: &str,
    whole: i64,
    now: UtcMillis,
    silent_since: UtcMillis,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO audit_check (only_row, run, person_name, beat_at, seen, whole)
        VALUES (1, $1, $2, $3, 0, $4)
        ON CONFLICT (only_row) DO UPDATE SET run = $1, person_name = $2, beat_at = $3, seen = 0, whole = $4,
            ended_at = NULL, last_hash = NULL, broken_seq = NULL, hidden_seq = NULL
        WHERE audit_check.ended_at IS NOT NULL OR audit_check.beat_at < $5";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(run)
        .bind(by)
        .bind(now.0)
        .bind(whole)
        .bind(silent_since.0)
        .execute(c)
        .await
        .map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// It is so far; whether it is still this run's.
pub(crate) async fn beat(conn: &mut Conn, run: Uuid, seen: i64, now: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "UPDATE audit_check SET seen = $2, beat_at = $3 WHERE run = $1 AND ended_at IS NULL";
    let rows = on!(conn, c => sqlx::query(SQL).bind(run).bind(seen).bind(now.0).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// It has ended; whether it was still this run's.
pub(crate) async fn end(
    conn: &mut Conn,
    run: Uuid,
    (seen, hash): (i64, &[u8]),
    (broken, hidden): (Option<i64>, Option<i64>),
    now: UtcMillis,
) -> StoreResult<bool> {
    const SQL: &str = "UPDATE audit_check SET seen = $2, last_hash = $3, broken_seq = $4, ended_at = $5, beat_at = $5,
            hidden_seq = $6
        WHERE run = $1 AND ended_at IS NULL";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(run)
        .bind(seen)
        .bind(hash)
        .bind(broken)
        .bind(now.0)
        .bind(hidden)
        .execute(c)
        .await
        .map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}
