//! Refusals that are counted, for a pair of person and function.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// What is known of one pair.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct Refusals {
    /// When the window began. UTC milliseconds.
    pub(crate) since: i64,
    /// Those in the log by themselves.
    pub(crate) noted: i64,
    /// Those that are only counted.
    pub(crate) more: i64,
}

/// A pair whose window is over.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OverRow {
    pub(crate) person_id: Uuid,
    pub(crate) person_name: String,
    pub(crate) what: String,
}

/// What is known of a pair. It stays so until the transaction is over.
pub(crate) async fn hold(conn: &mut Conn, person: Uuid, what: &str) -> StoreResult<Option<Refusals>> {
    const HOLD: &str = "UPDATE refusal_count SET noted = noted WHERE person_id = $1 AND what = $2";
    const SQL: &str = "SELECT since, noted, more FROM refusal_count WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(HOLD).bind(person).bind(what).execute(&mut *c).await.map(|_| ()))?;
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person).bind(what).fetch_optional(c).await?))
}

/// The same of a pair that may not be known yet: then its window begins now, with nothing in it.
pub(crate) async fn hold_or_know(conn: &mut Conn, person: Uuid, what: &str, now: UtcMillis) -> StoreResult<Refusals> {
    const SQL: &str = "INSERT INTO refusal_count (person_id, what, since, noted, more) VALUES ($1, $2, $3, 0, 0)
        ON CONFLICT (person_id, what) DO UPDATE SET noted = refusal_count.noted RETURNING since, noted, more";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person).bind(what).bind(now.0).fetch_one(c).await?))
}

/// A window begins with one that is noted.
pub(crate) async fn begin(conn: &mut Conn, person: Uuid, what: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE refusal_count SET since = $3, noted = 1, more = 0 WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(SQL).bind(person).bind(what).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// One more, noted or only counted.
pub(crate) async fn count(conn: &mut Conn, person: Uuid, what: &str, noted: bool) -> StoreResult<()> {
    const NOTED: &str = "UPDATE refusal_count SET noted = noted + 1 WHERE person_id = $1 AND what = $2";
    const MORE: &str = "UPDATE refusal_count SET more = more + 1 WHERE person_id = $1 AND what = $2";
    let sql = if noted { NOTED } else { MORE };
    on!(conn, c => sqlx::query(sql).bind(person).bind(what).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Pairs whose windows began at this time or before, at most `limit`.
pub(crate) async fn over(conn: &mut Conn, since: UtcMillis, limit: i64) -> StoreResult<Vec<OverRow>> {
    const SQL: &str = "SELECT r.person_id, p.name AS person_name, r.what FROM refusal_count AS r
        JOIN person AS p ON p.id = r.person_id WHERE r.since <= $1 ORDER BY r.since LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(since.0).bind(limit).fetch_all(c).await?))
}

/// Forgets a pair.
pub(crate) async fn delete(conn: &mut Conn, person: Uuid, what: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM refusal_count WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(SQL).bind(person).bind(what).execute(c).await.map(|_| ()))?;
    Ok(())
}
