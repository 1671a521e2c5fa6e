//! The last runs of periodic jobs, for whoever looks, in any process.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct PeriodicRun {
    pub(crate) name: String,
    /// Since when it is known. UTC milliseconds, as all of these.
    pub(crate) since: i64,
    /// Whether the last run ended well.
    pub(crate) well: bool,
    pub(crate) done_at: Option<i64>,
    pub(crate) took_ms: Option<i64>,
    pub(crate) failed_at: Option<i64>,
    /// What there is to say of the last run.
    pub(crate) said: Option<String>,
    /// Who ran it last.
    pub(crate) machine: String,
}

/// Whose run it was, and when it ended.
#[derive(Debug, Clone)]
pub(crate) struct Of {
    pub(crate) name: &'static str,
    pub(crate) machine: String,
    pub(crate) at: UtcMillis,
}

/// All that are known.
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<PeriodicRun>> {
    const SQL: &str =
        "SELECT name, since, well, done_at, took_ms, failed_at, said, machine FROM periodic_run ORDER BY name";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// What is known of this one.
pub(crate) async fn of(conn: &mut Conn, name: &str) -> StoreResult<Option<PeriodicRun>> {
    const SQL: &str =
        "SELECT name, since, well, done_at, took_ms, failed_at, said, machine FROM periodic_run WHERE name = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(name).fetch_optional(c).await?))
}

/// From now on it is known, if it was not.
pub(crate) async fn know(conn: &mut Conn, of: &Of) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO periodic_run (name, since, well, machine) VALUES ($1, $2, TRUE, $3)
        ON CONFLICT (name) DO NOTHING";
    on!(conn, c => sqlx::query(SQL).bind(of.name).bind(of.at.0).bind(&of.machine).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A run ended well.
pub(crate) async fn done(conn: &mut Conn, of: &Of, took_ms: i64, said: Option<&str>) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO periodic_run (name, since, well, done_at, took_ms, said, machine)
        VALUES ($1, $2, TRUE, $2, $4, $5, $3)
        ON CONFLICT (name) DO UPDATE SET well = TRUE, done_at = $2, took_ms = $4, said = $5, machine = $3";
    on!(conn, c => sqlx::query(SQL)
        .bind(of.name)
        .bind(of.at.0)
        .bind(&of.machine)
        .bind(took_ms)
        .bind(said)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A run failed.
pub(crate) async fn failed(conn: &mut Conn, of: &Of, said: Option<&str>) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO periodic_run (name, since, well, failed_at, said, machine)
        VALUES ($1, $2, FALSE, $2, $4, $3)
        ON CONFLICT (name) DO UPDATE SET well = FALSE, failed_at = $2, said = $4, machine = $3";
    on!(conn, c => sqlx::query(SQL)
        .bind(of.name)
        .bind(of.at.0)
        .bind(&of.machine)
        .bind(said)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Nothing is known of any.
pub(crate) async fn forget(conn: &mut Conn) -> StoreResult<()> {
    on!(conn, c => sqlx::query("DELETE FROM periodic_run").execute(c).await.map(|_| ()))?;
    Ok(())
}
