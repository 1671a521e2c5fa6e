//! Codes for signing in by a second device. The code and the browser's secret are outside; here are their hashes.

use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A code.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct CodeRow {
    pub(crate) browser_hash: Vec<u8>,
    pub(crate) address: String,
    pub(crate) agent: String,
    pub(crate) asked_at: i64,
    pub(crate) confirmed: Option<bool>,
    pub(crate) person_id: Option<Uuid>,
}

/// A code that was just asked for.
#[derive(Debug, Clone)]
pub(crate) struct NewCode {
    pub(crate) code: [u8; 32],
    pub(crate) browser: [u8; 32],
    /// For the phone to show.
    pub(crate) address: String,
    pub(crate) counted_from: String,
    pub(crate) agent: String,
    pub(crate) at: UtcMillis,
}

/// Writes it.
pub(crate) async fn insert(conn: &mut Conn, new: &NewCode) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO sign_in_code (code_hash, browser_hash, address, agent, asked_at, counted_from)
        VALUES ($1, $2, $3, $4, $5, $6)";
    on!(conn, c => sqlx::query(SQL)
        .bind(new.code.as_slice())
        .bind(new.browser.as_slice())
        .bind(&new.address)
        .bind(&new.agent)
        .bind(new.at.0)
        .bind(&new.counted_from)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The code of this hash, however old.
pub(crate) async fn of(conn: &mut Conn, code: &[u8; 32]) -> StoreResult<Option<CodeRow>> {
    const SQL: &str =
        "SELECT browser_hash, address, agent, asked_at, confirmed, person_id FROM sign_in_code WHERE code_hash = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(code.as_slice()).fetch_optional(c).await?))
}

/// How many an address, as it is counted, asked for after this time.
pub(crate) async fn asked_from(conn: &mut Conn, counted_from: &str, after: UtcMillis) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM sign_in_code WHERE counted_from = $1 AND asked_at > $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(counted_from).bind(after.0).fetch_one(c).await?))
}

/// A person confirms or refuses a code that was asked for after this time and is undecided; whether there was one.
pub(crate) async fn decide(
    conn: &mut Conn,
    code: &[u8; 32],
    person: PersonId,
    confirmed: bool,
    after: UtcMillis,
) -> StoreResult<bool> {
    const SQL: &str = "UPDATE sign_in_code SET person_id = $2, confirmed = $3
        WHERE code_hash = $1 AND person_id IS NULL AND asked_at > $4";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(code.as_slice())
        .bind(person.0)
        .bind(confirmed)
        .bind(after.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Takes a confirmed code for the browser that asked for it; it is gone then. Whether there was one.
pub(crate) async fn take(conn: &mut Conn, code: &[u8; 32], browser: &[u8; 32], after: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM sign_in_code
        WHERE code_hash = $1 AND browser_hash = $2 AND confirmed = TRUE AND asked_at > $3";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(code.as_slice())
        .bind(browser.as_slice())
        .bind(after.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Removes those that were asked for at this time or before, and the last one of a browser.
pub(crate) async fn delete_stale(conn: &mut Conn, before: UtcMillis, browser: &[u8; 32]) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM sign_in_code WHERE asked_at <= $1 OR browser_hash = $2";
    on!(conn, c => sqlx::query(SQL).bind(before.0).bind(browser.as_slice()).execute(c).await.map(|_| ()))?;
    Ok(())
}
