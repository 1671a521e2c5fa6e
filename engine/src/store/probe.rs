//! 健康: rounds through all that is listed, what each probe found, and of what people were told.

use super::{Conn, StoreError, StoreResult, on};
use domain::UtcMillis;
use domain::view::running::{Outcome, Probe, Probed};
use sqlx_macros::FromRow;
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

/// A publication that is listed, as far as probing it goes.
#[derive(Debug, FromRow)]
pub(crate) struct ToProbe {
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    pub(crate) hosted: bool,
    pub(crate) live_version: Option<Uuid>,
    /// JSON of what is registered.
    pub(crate) registration: String,
}

/// The next ones of a round; without what is listed at some sites alone, and was taken offline before (发布方式).
pub(crate) async fn next(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<ToProbe>> {
    // SQLite takes the index over some rows only if the statement says its condition in the same words.
    const SQLITE: &str = "SELECT key, id, hosted, live_version, registration FROM publication
        WHERE listed = 1 AND stopped = 0 AND key > $1 ORDER BY key LIMIT $2";
    const POSTGRES: &str = "SELECT key, id, hosted, live_version, registration FROM publication
        WHERE listed AND NOT stopped AND key > $1 ORDER BY key LIMIT $2";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    on!(conn, c => Ok(sqlx::query_as(sql).bind(after).bind(limit).fetch_all(c).await?))
}

/// Writes what a probe of an address found, and forgets all but the last `keep` of its kind.
pub(crate) async fn insert(
    conn: &mut Conn,
    publication: Uuid,
    (target, address): (Probed, &str),
    probe: &Probe,
    keep: i64,
) -> StoreResult<()> {
    const INSERT: &str = "INSERT INTO probe (publication_id, target, address, at, took_ms, outcome, said)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const FORGET: &str = "DELETE FROM probe WHERE publication_id = $1 AND target = $2 AND key <=
        (SELECT key FROM probe WHERE publication_id = $1 AND target = $2 ORDER BY key DESC LIMIT 1 OFFSET $3)";
    let outcome = match &probe.outcome {
        Outcome::Answered => "answered",
        Outcome::Failed(_) => "failed",
        Outcome::NotAsked(_) => "not_asked",
    };
    on!(conn, c => sqlx::query(INSERT)
        .bind(publication)
        .bind(target.id())
        .bind(address)
        .bind(probe.at.0)
        .bind(probe.took_ms)
        .bind(outcome)
        .bind(probe.outcome.said())
        .execute(c)
        .await
        .map(|_| ()))?;
    on!(conn, c => sqlx::query(FORGET).bind(publication).bind(target.id()).bind(keep).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    at: i64,
    took_ms: i64,
    outcome: String,
    said: String,
}

/// What was found at an address, newest first.
pub(crate) async fn of(
    conn: &mut Conn,
    publication: Uuid,
    (target, address): (Probed, &str),
) -> StoreResult<Vec<Probe>> {
    const SQL: &str = "SELECT at, took_ms, outcome, said FROM probe
        WHERE publication_id = $1 AND target = $2 AND address = $3 ORDER BY key DESC";
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL)
        .bind(publication)
        .bind(target.id())
        .bind(address)
        .fetch_all(c)
        .await)?;
    let probe = |Row { at, took_ms, outcome, said }| {
        let outcome = match outcome.as_str() {
            "answered" => Outcome::Answered,
            "failed" => Outcome::Failed(said),
            "not_asked" => Outcome::NotAsked(said),
            _ => return Err(StoreError::Unreadable { what: "probe.outcome", value: outcome }),
        };
        Ok(Probe { at: UtcMillis(at), took_ms, outcome })
    };
    rows.into_iter().map(probe).collect()
}

/// Whether its people know that it does not answer.
pub(crate) async fn is_unhealthy(conn: &mut Conn, publication: Uuid) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM unhealthy WHERE publication_id = $1";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(publication).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Its people are told that it does not answer; false: they were told before, or it is listed no more.
pub(crate) async fn mark_unhealthy(conn: &mut Conn, publication: Uuid, now: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO unhealthy (publication_id, at)
        SELECT id, CAST($2 AS BIGINT) FROM publication WHERE id = $1 AND listed = TRUE
        ON CONFLICT (publication_id) DO NOTHING";
    let rows =
        on!(conn, c => sqlx::query(SQL).bind(publication).bind(now.0).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// Its people are told that it answers again; false: they had not been told that it does not.
pub(crate) async fn mark_healthy(conn: &mut Conn, publication: Uuid) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM unhealthy WHERE publication_id = $1";
    let rows = on!(conn, c => sqlx::query(SQL).bind(publication).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}
