//! 健康: rounds through all that is listed, and what each probe found.

use super::{Conn, StoreError, StoreResult, on};
use domain::UtcMillis;
use domain::view::running::{Probe, Probed};
use sqlx_macros::FromRow;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where the present round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(crate) struct Round {
    pub(crate) begun_at: i64,
    /// Publications with a greater key are still to be probed.
    pub(crate) after_key: i64,
}

pub(crate) async fn round(conn: &mut Conn) -> StoreResult<Round> {
    const SQL: &str = "SELECT begun_at, after_key FROM probe_round WHERE id = 1";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_one(c).await?))
}

/// The round goes on from another place, or is another one; false: another process was faster.
pub(crate) async fn go_on(conn: &mut Conn, from: Round, to: Round) -> StoreResult<bool> {
    const SQL: &str = "UPDATE probe_round SET begun_at = $3, after_key = $4
        WHERE id = 1 AND begun_at = $1 AND after_key = $2";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(from.begun_at)
        .bind(from.after_key)
        .bind(to.begun_at)
        .bind(to.after_key)
        .execute(c)
        .await
        .map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// What is listed, as far as probing it goes.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Listed {
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    pub(crate) hosted: bool,
    pub(crate) live_version: Option<Uuid>,
    /// JSON of what is registered.
    pub(crate) registration: String,
}

/// The next ones of a round.
pub(crate) async fn listed(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<Listed>> {
    // SQLite takes the index over some rows only if the statement says its condition in the same words.
    const SQLITE: &str = "SELECT key, id, hosted, live_version, registration FROM publication
        WHERE listed = 1 AND key > $1 ORDER BY key LIMIT $2";
    const POSTGRES: &str = "SELECT key, id, hosted, live_version, registration FROM publication
        WHERE listed AND key > $1 ORDER BY key LIMIT $2";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    on!(conn, c => Ok(sqlx::query_as(sql).bind(after).bind(limit).fetch_all(c).await?))
}

/// Writes what a probe found, and forgets all but the last `keep`.
pub(crate) async fn insert(
    conn: &mut Conn,
    publication: Uuid,
    target: Probed,
    probe: &Probe,
    keep: i64,
) -> StoreResult<()> {
    const INSERT: &str = "INSERT INTO probe (publication_id, target, at, took_ms, failure) VALUES ($1, $2, $3, $4, $5)";
    const FORGET: &str = "DELETE FROM probe WHERE publication_id = $1 AND target = $2 AND key <=
        (SELECT key FROM probe WHERE publication_id = $1 AND target = $2 ORDER BY key DESC LIMIT 1 OFFSET $3)";
    on!(conn, c => sqlx::query(INSERT)
        .bind(publication)
        .bind(target.id())
        .bind(probe.at.0)
        .bind(probe.took_ms)
        .bind(probe.failure.as_deref())
        .execute(c)
        .await
        .map(|_| ()))?;
    on!(conn, c => sqlx::query(FORGET).bind(publication).bind(target.id()).bind(keep).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What was found, newest first.
pub(crate) async fn of(conn: &mut Conn, publication: Uuid) -> StoreResult<BTreeMap<Probed, Vec<Probe>>> {
    const SQL: &str = "SELECT target, at, took_ms, failure FROM probe WHERE publication_id = $1 ORDER BY key DESC";
    let rows: Vec<(String, i64, i64, Option<String>)> =
        on!(conn, c => sqlx::query_as(SQL).bind(publication).fetch_all(c).await)?;
    let mut all: BTreeMap<Probed, Vec<Probe>> = BTreeMap::new();
    for (target, at, took_ms, failure) in rows {
        let target = Probed::from_id(&target).ok_or(StoreError::Unreadable { what: "probe.target", value: target })?;
        all.entry(target).or_default().push(Probe { at: UtcMillis(at), took_ms, failure });
    }
    Ok(all)
}
