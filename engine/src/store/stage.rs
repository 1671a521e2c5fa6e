//! The four stages of each version, and their logs.

use super::{Conn, StoreError, StoreResult, on};
use domain::view::version::StageOutcome;
use domain::{Stage, StageSet, StageStatus, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One stage as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct StageRow {
    stage: String,
    status: String,
    pub(crate) started_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) sentence: String,
    /// JSON of [`StageOutcome`].
    findings: String,
}

impl StageRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn stage(&self) -> StoreResult<Stage> {
        Stage::from_id(&self.stage)
            .ok_or_else(|| StoreError::Unreadable { what: "stage.stage", value: self.stage.clone() })
    }

    /// # Errors
    /// See [`Self::stage`].
    pub(crate) fn status(&self) -> StoreResult<StageStatus> {
        StageStatus::from_id(&self.status)
            .ok_or_else(|| StoreError::Unreadable { what: "stage.status", value: self.status.clone() })
    }

    /// What it found. A row of an older form that can't be read any more has found nothing.
    pub(crate) fn outcome(&self) -> StageOutcome {
        serde_json::from_str(&self.findings).unwrap_or_default()
    }
}

/// How a stage ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) status: StageStatus,
    pub(crate) sentence: String,
    pub(crate) findings: String,
    pub(crate) at: UtcMillis,
}

/// Writes the four stages of a new version: 未开始.
pub(crate) async fn insert_all(conn: &mut Conn, version: Uuid) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO stage (version_id, stage, status, sentence, findings)
        VALUES ($1, $2, 'waiting', '', '{}')";
    for stage in Stage::ALL {
        on!(conn, c => sqlx::query(SQL).bind(version).bind(stage.id()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// The stages of a version, in the order in which they run.
pub(crate) async fn of_version(conn: &mut Conn, version: Uuid) -> StoreResult<Vec<StageRow>> {
    const SQL: &str = "SELECT stage, status, started_at, ended_at, sentence, findings FROM stage WHERE version_id = $1";
    let mut rows: Vec<StageRow> = on!(conn, c => sqlx::query_as(SQL).bind(version).fetch_all(c).await)?;
    rows.sort_by_key(|row| Stage::from_id(&row.stage));
    Ok(rows)
}

/// The stages of a version that are 已完成.
pub(crate) async fn passed(conn: &mut Conn, version: Uuid) -> StoreResult<StageSet> {
    const SQL: &str = "SELECT stage FROM stage WHERE version_id = $1 AND status = 'passed'";
    let ids: Vec<String> = on!(conn, c => sqlx::query_scalar(SQL).bind(version).fetch_all(c).await)?;
    Ok(StageSet::of(&ids.iter().filter_map(|id| Stage::from_id(id)).collect::<Vec<_>>()))
}

/// It runs from now on, with an empty log: also when it ran before and was cut off.
pub(crate) async fn begin(conn: &mut Conn, version: Uuid, stage: Stage, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str =
        "UPDATE stage SET status = 'running', started_at = $3, ended_at = NULL, sentence = '', findings = '{}'
        WHERE version_id = $1 AND stage = $2";
    const LOG: &str = "DELETE FROM stage_log WHERE version_id = $1 AND stage = $2";
    on!(conn, c => sqlx::query(SQL).bind(version).bind(stage.id()).bind(now.0).execute(c).await.map(|_| ()))?;
    on!(conn, c => sqlx::query(LOG).bind(version).bind(stage.id()).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// It is over.
pub(crate) async fn end(conn: &mut Conn, version: Uuid, stage: Stage, ended: &Ended) -> StoreResult<()> {
    const SQL: &str = "UPDATE stage SET status = $3, ended_at = $4, sentence = $5, findings = $6
        WHERE version_id = $1 AND stage = $2";
    on!(conn, c => sqlx::query(SQL)
        .bind(version)
        .bind(stage.id())
        .bind(ended.status.id())
        .bind(ended.at.0)
        .bind(&ended.sentence)
        .bind(&ended.findings)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Those that are not 已完成 wait again; whether there were any.
pub(crate) async fn wait_again(conn: &mut Conn, version: Uuid) -> StoreResult<bool> {
    const SQL: &str = "UPDATE stage SET status = 'waiting', started_at = NULL, ended_at = NULL, sentence = ''
        WHERE version_id = $1 AND status <> 'passed'";
    let rows = on!(conn, c => sqlx::query(SQL).bind(version).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows > 0)
}

/// Those that wait or run are 已取消.
pub(crate) async fn cancel(conn: &mut Conn, version: Uuid, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE stage SET status = 'cancelled', ended_at = $2
        WHERE version_id = $1 AND status IN ('waiting', 'running')";
    on!(conn, c => sqlx::query(SQL).bind(version).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// How long the stages of the newest versions took together, in milliseconds, of at most `limit`.
pub(crate) async fn took(conn: &mut Conn, limit: i64) -> StoreResult<Vec<i64>> {
    const SQL: &str = "SELECT CAST(SUM(g.ended_at - g.started_at) AS BIGINT)
        FROM (SELECT id FROM version ORDER BY key DESC LIMIT $1) AS v JOIN stage AS g ON g.version_id = v.id
        WHERE g.started_at IS NOT NULL AND g.ended_at IS NOT NULL GROUP BY g.version_id";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(limit).fetch_all(c).await?))
}

/// One more piece of a log.
pub(crate) async fn append_log(
    conn: &mut Conn,
    version: Uuid,
    stage: Stage,
    number: i64,
    body: &str,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO stage_log (version_id, stage, number, body) VALUES ($1, $2, $3, $4)
        ON CONFLICT (version_id, stage, number) DO UPDATE SET body = $4";
    on!(conn, c => sqlx::query(SQL)
        .bind(version)
        .bind(stage.id())
        .bind(number)
        .bind(body)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Takes pieces away: those from the one number to below the other.
pub(crate) async fn forget_log(conn: &mut Conn, version: Uuid, stage: Stage, from: i64, to: i64) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM stage_log WHERE version_id = $1 AND stage = $2 AND number >= $3 AND number < $4";
    on!(conn, c => sqlx::query(SQL)
        .bind(version)
        .bind(stage.id())
        .bind(from)
        .bind(to)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The pieces after a number, in order.
pub(crate) async fn log_after(
    conn: &mut Conn,
    version: Uuid,
    stage: Stage,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(i64, String)>> {
    const SQL: &str = "SELECT number, body FROM stage_log WHERE version_id = $1 AND stage = $2 AND number > $3
        ORDER BY number LIMIT $4";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(version).bind(stage.id()).bind(after).bind(limit).fetch_all(c).await?))
}
