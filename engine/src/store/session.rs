//! Sessions. The token is with the browser; here is its hash.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A session with the person it belongs to.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Session {
    pub(crate) person_id: Uuid,
    pub(crate) person_name: String,
    pub(crate) person_active: bool,
    /// UTC milliseconds.
    pub(crate) created_at: i64,
    /// UTC milliseconds, to the minute.
    pub(crate) seen_at: i64,
}

/// The session of this token's SHA-256, however old.
pub(crate) async fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> StoreResult<Option<Session>> {
    const SQL: &str = "SELECT s.person_id, p.name AS person_name, p.active AS person_active, s.created_at, s.seen_at
        FROM session AS s JOIN person AS p ON p.id = s.person_id WHERE s.token_hash = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(token_hash.as_slice()).fetch_optional(c).await?))
}

/// Writes a new one.
pub(crate) async fn insert(
    conn: &mut Conn,
    token_hash: &[u8; 32],
    person: Uuid,
    now: UtcMillis,
    address: &str,
    agent: &str,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO session (token_hash, person_id, created_at, seen_at, address, agent)
        VALUES ($1, $2, $3, $3, $4, $5)";
    on!(conn, c => sqlx::query(SQL)
        .bind(token_hash.as_slice())
        .bind(person)
        .bind(now.0)
        .bind(address)
        .bind(agent)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Notes that it was used.
pub(crate) async fn touch(conn: &mut Conn, token_hash: &[u8; 32], now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
    on!(conn, c => sqlx::query(SQL).bind(token_hash.as_slice()).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Ends it; whether it was there.
pub(crate) async fn delete(conn: &mut Conn, token_hash: &[u8; 32]) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM session WHERE token_hash = $1";
    let rows =
        on!(conn, c => sqlx::query(SQL).bind(token_hash.as_slice()).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends all that were last seen, or made, at these times or before.
pub(crate) async fn delete_stale(conn: &mut Conn, seen_before: UtcMillis, made_before: UtcMillis) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM session WHERE seen_at <= $1 OR created_at <= $2";
    let rows = on!(conn, c => sqlx::query(SQL).bind(seen_before.0).bind(made_before.0).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows)
}
