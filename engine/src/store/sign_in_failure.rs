//! Failed sign-ins, counted for a pair of account and address.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;

/// How often a pair has failed, and when last.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct Failures {
    pub(crate) failures: i64,
    /// UTC milliseconds.
    pub(crate) last_at: i64,
    /// So many were turned away since.
    pub(crate) turned_away: i64,
}

/// The failures of this pair.
pub(crate) async fn of(conn: &mut Conn, account: &str, address: &str) -> StoreResult<Option<Failures>> {
    const SQL: &str = "SELECT failures, last_at, turned_away FROM sign_in_failure WHERE account = $1 AND address = $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(account).bind(address).fetch_optional(c).await?))
}

/// The failures of this pair, which may not be known yet: then it has none. It stays so until the transaction is over.
pub(crate) async fn hold_or_know(
    conn: &mut Conn,
    account: &str,
    address: &str,
    now: UtcMillis,
) -> StoreResult<Failures> {
    const SQL: &str = "INSERT INTO sign_in_failure (account, address, failures, last_at) VALUES ($1, $2, 0, $3)
        ON CONFLICT (account, address) DO UPDATE SET failures = sign_in_failure.failures
        RETURNING failures, last_at, turned_away";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(account).bind(address).bind(now.0).fetch_one(c).await?))
}

/// Counts one more of a pair that is held.
pub(crate) async fn count(conn: &mut Conn, account: &str, address: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE sign_in_failure SET failures = failures + 1, last_at = $3, turned_away = 0
        WHERE account = $1 AND address = $2";
    on!(conn, c => sqlx::query(SQL).bind(account).bind(address).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Counts one that was turned away.
pub(crate) async fn count_turned_away(conn: &mut Conn, account: &str, address: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE sign_in_failure SET turned_away = turned_away + 1 WHERE account = $1 AND address = $2";
    on!(conn, c => sqlx::query(SQL).bind(account).bind(address).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets them, after a success.
pub(crate) async fn delete(conn: &mut Conn, account: &str, address: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM sign_in_failure WHERE account = $1 AND address = $2";
    on!(conn, c => sqlx::query(SQL).bind(account).bind(address).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A pair whose last failure is long ago, and that was turned away more often than the log says.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct UntoldRow {
    pub(crate) account: String,
    pub(crate) address: String,
    /// There is such an account.
    pub(crate) is_known: bool,
}

/// Pairs that last failed at this time or before, of which the log has yet to say how many were turned away; at most `limit`.
pub(crate) async fn untold(conn: &mut Conn, last_at: UtcMillis, limit: i64) -> StoreResult<Vec<UntoldRow>> {
    const SQL: &str = "SELECT f.account, f.address,
            EXISTS (SELECT 1 FROM person AS p WHERE p.account = f.account) AS is_known
        FROM sign_in_failure AS f WHERE f.last_at <= $1 AND f.turned_away > 1 ORDER BY f.last_at LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(last_at.0).bind(limit).fetch_all(c).await?))
}

/// Forgets a pair that last failed at this time or before; how many were turned away, if it was there.
pub(crate) async fn take_old(
    conn: &mut Conn,
    account: &str,
    address: &str,
    last_at: UtcMillis,
) -> StoreResult<Option<i64>> {
    const SQL: &str =
        "DELETE FROM sign_in_failure WHERE account = $1 AND address = $2 AND last_at <= $3 RETURNING turned_away";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(account).bind(address).bind(last_at.0).fetch_optional(c).await?))
}

/// Forgets all pairs that last failed at this time or before, and of which nothing is left to be told. How many there were.
pub(crate) async fn delete_old(conn: &mut Conn, last_at: UtcMillis) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM sign_in_failure WHERE last_at <= $1 AND turned_away <= 1";
    on!(conn, c => Ok(sqlx::query(SQL).bind(last_at.0).execute(c).await.map(|done| done.rows_affected())?))
}
