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

/// Writes a new one; the person is there now.
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
    const SEEN: &str = "UPDATE person SET seen_at = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL)
        .bind(token_hash.as_slice())
        .bind(person)
        .bind(now.0)
        .bind(address)
        .bind(agent)
        .execute(c)
        .await
        .map(|_| ()))?;
    on!(conn, c => sqlx::query(SEEN).bind(person).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes that it was used.
pub(crate) async fn touch(conn: &mut Conn, token_hash: &[u8; 32], now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
    on!(conn, c => sqlx::query(SQL).bind(token_hash.as_slice()).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Ends it; whether it was there.
pub(crate) async fn delete(conn: &mut Conn, token_hash: &[u8]) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM session WHERE token_hash = $1";
    let rows = on!(conn, c => sqlx::query(SQL).bind(token_hash).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends all that were last seen, or made, at these times or before.
pub(crate) async fn delete_stale(conn: &mut Conn, seen_before: UtcMillis, made_before: UtcMillis) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM session WHERE seen_at <= $1 OR created_at <= $2";
    let rows = on!(conn, c => sqlx::query(SQL).bind(seen_before.0).bind(made_before.0).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows)
}

/// A live session, with whose it is.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct LiveSession {
    pub(crate) token_hash: Vec<u8>,
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) address: String,
    pub(crate) agent: String,
    /// UTC milliseconds.
    pub(crate) created_at: i64,
    /// UTC milliseconds, to the minute.
    pub(crate) seen_at: i64,
}

/// Where a page of [`live`] begins: when a session was made, and the beginning of its hash.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// At the newest.
    First,
    /// Below this one.
    Before(i64, Vec<u8>),
    /// Above this one; the oldest first.
    After(i64, Vec<u8>),
}

/// Those that were seen and made after these times, whose name or account fits, newest first.
pub(crate) async fn live(
    conn: &mut Conn,
    pattern: &str,
    (seen, made): (UtcMillis, UtcMillis),
    place: Place,
    limit: i64,
) -> StoreResult<Vec<LiveSession>> {
    const FIRST: &str = "SELECT s.token_hash, p.name, p.account, s.address, s.agent, s.created_at, s.seen_at
        FROM session AS s JOIN person AS p ON p.id = s.person_id
        WHERE s.seen_at > $1 AND s.created_at > $2 AND p.active = TRUE
          AND (LOWER(p.name) LIKE $3 ESCAPE '\\' OR p.account LIKE $3 ESCAPE '\\')
        ORDER BY s.created_at DESC, s.token_hash DESC LIMIT $4";
    const BEFORE: &str = "SELECT s.token_hash, p.name, p.account, s.address, s.agent, s.created_at, s.seen_at
        FROM session AS s JOIN person AS p ON p.id = s.person_id
        WHERE s.seen_at > $1 AND s.created_at > $2 AND p.active = TRUE
          AND (LOWER(p.name) LIKE $3 ESCAPE '\\' OR p.account LIKE $3 ESCAPE '\\')
          AND (s.created_at, s.token_hash) < ($5, $6)
        ORDER BY s.created_at DESC, s.token_hash DESC LIMIT $4";
    const AFTER: &str = "SELECT s.token_hash, p.name, p.account, s.address, s.agent, s.created_at, s.seen_at
        FROM session AS s JOIN person AS p ON p.id = s.person_id
        WHERE s.seen_at > $1 AND s.created_at > $2 AND p.active = TRUE
          AND (LOWER(p.name) LIKE $3 ESCAPE '\\' OR p.account LIKE $3 ESCAPE '\\')
          AND (s.created_at, s.token_hash) > ($5, $6)
        ORDER BY s.created_at, s.token_hash LIMIT $4";
    let (sql, at) = match place {
        Place::First => {
            return on!(conn, c => Ok(sqlx::query_as(FIRST).bind(seen.0).bind(made.0).bind(pattern).bind(limit).fetch_all(c).await?));
        }
        Place::Before(at, hash) => (BEFORE, (at, hash)),
        Place::After(at, hash) => (AFTER, (at, hash)),
    };
    on!(conn, c => Ok(sqlx::query_as(sql)
        .bind(seen.0)
        .bind(made.0)
        .bind(pattern)
        .bind(limit)
        .bind(at.0)
        .bind(at.1.as_slice())
        .fetch_all(c)
        .await?))
}

/// How many they are, counted up to `most`.
pub(crate) async fn count_live(
    conn: &mut Conn,
    pattern: &str,
    (seen, made): (UtcMillis, UtcMillis),
    most: i64,
) -> StoreResult<i64> {
    const SQL: &str =
        "SELECT COUNT(*) FROM (SELECT s.created_at FROM session AS s JOIN person AS p ON p.id = s.person_id
        WHERE s.seen_at > $1 AND s.created_at > $2 AND p.active = TRUE
          AND (LOWER(p.name) LIKE $3 ESCAPE '\\' OR p.account LIKE $3 ESCAPE '\\')
        LIMIT $4) AS counted";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(seen.0).bind(made.0).bind(pattern).bind(most).fetch_one(c).await?))
}

/// Those of one person, newest first.
pub(crate) async fn live_of(
    conn: &mut Conn,
    person: domain::PersonId,
    (seen, made): (UtcMillis, UtcMillis),
    limit: i64,
) -> StoreResult<Vec<LiveSession>> {
    const SQL: &str = "SELECT s.token_hash, p.name, p.account, s.address, s.agent, s.created_at, s.seen_at
        FROM session AS s JOIN person AS p ON p.id = s.person_id
        WHERE s.person_id = $1 AND s.seen_at > $2 AND s.created_at > $3
        ORDER BY s.created_at DESC, s.token_hash DESC LIMIT $4";
    on!(conn, c => Ok(sqlx::query_as(SQL)
        .bind(person.0)
        .bind(seen.0)
        .bind(made.0)
        .bind(limit)
        .fetch_all(c)
        .await?))
}

/// The live session whose hash begins so (hexadecimal), and whose it is.
pub(crate) async fn named(
    conn: &mut Conn,
    prefix: &str,
    (seen, made): (UtcMillis, UtcMillis),
) -> StoreResult<Option<(Vec<u8>, Uuid)>> {
    const SQL: [&str; 2] = [
        "SELECT token_hash, person_id FROM session
        WHERE seen_at > $1 AND created_at > $2 AND LOWER(SUBSTR(HEX(token_hash), 1, 32)) = $3",
        "SELECT token_hash, person_id FROM session
        WHERE seen_at > $1 AND created_at > $2 AND SUBSTR(ENCODE(token_hash, 'hex'), 1, 32) = $3",
    ];
    let sql = SQL[usize::from(conn.is_postgres())];
    on!(conn, c => Ok(sqlx::query_as(sql).bind(seen.0).bind(made.0).bind(prefix).fetch_optional(c).await?))
}

/// Ends all sessions of a person but this one; how many there were.
pub(crate) async fn delete_others(conn: &mut Conn, person: Uuid, here: &[u8; 32]) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM session WHERE person_id = $1 AND token_hash <> $2";
    let rows = on!(conn, c => sqlx::query(SQL).bind(person).bind(here.as_slice()).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows)
}
