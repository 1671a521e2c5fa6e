//! Browsers that were sent elsewhere to sign in. The state and the browser's secret are outside; here are their hashes.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;

/// One that leaves.
#[derive(Debug, Clone)]
pub(crate) struct Trip {
    pub(crate) state: [u8; 32],
    pub(crate) browser: [u8; 32],
    /// As it is counted.
    pub(crate) address: String,
    /// A page of ours.
    pub(crate) next: String,
    pub(crate) at: UtcMillis,
}

/// Writes it.
pub(crate) async fn insert(conn: &mut Conn, trip: &Trip) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO sign_in_trip (state_hash, browser_hash, address, next, left_at) VALUES ($1, $2, $3, $4, $5)";
    on!(conn, c => sqlx::query(SQL)
        .bind(trip.state.as_slice())
        .bind(trip.browser.as_slice())
        .bind(&trip.address)
        .bind(&trip.next)
        .bind(trip.at.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// How many left from an address after this time, and are not back.
pub(crate) async fn left_from(conn: &mut Conn, address: &str, after: UtcMillis) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM sign_in_trip WHERE address = $1 AND left_at > $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(address).bind(after.0).fetch_one(c).await?))
}

/// Ends the trip that this browser left for after this time, and answers where it was to go on. Once: it is gone.
pub(crate) async fn end(
    conn: &mut Conn,
    state: &[u8; 32],
    browser: &[u8; 32],
    after: UtcMillis,
) -> StoreResult<Option<String>> {
    const SQL: &str =
        "DELETE FROM sign_in_trip WHERE state_hash = $1 AND browser_hash = $2 AND left_at > $3 RETURNING next";
    on!(conn, c => Ok(sqlx::query_scalar(SQL)
        .bind(state.as_slice())
        .bind(browser.as_slice())
        .bind(after.0)
        .fetch_optional(c)
        .await?))
}

/// Removes those that left before this time.
pub(crate) async fn delete_stale(conn: &mut Conn, before: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM sign_in_trip WHERE left_at <= $1";
    on!(conn, c => sqlx::query(SQL).bind(before.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
