//! 发布方式: the open plan of a publication, its batches and their sites. Start reading at [`OpenRow`].

use super::{Conn, StoreError, StoreResult, on, waiting};
use domain::fields::ValidBatch;
use domain::rollout::{Batch, Plan, RolloutPhase};
use domain::{RegionCode, State, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A plan that has not ended.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OpenRow {
    pub(crate) key: i64,
    /// Number of the publication.
    pub(crate) publication_key: i64,
    pub(crate) publication_id: Uuid,
    /// The aggregate's version.
    pub(crate) publication_version: i64,
    publication_state: String,
    pub(crate) version_id: Uuid,
    /// What was approved.
    pub(crate) bundle: String,
    pub(crate) listed_before: bool,
    pub(crate) paused: bool,
}

/// One batch of a plan.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct BatchRow {
    pub(crate) name: String,
    pub(crate) at: Option<i64>,
    pub(crate) started_at: Option<i64>,
}

/// A plan with its batches, in their order.
#[derive(Debug, Clone)]
pub(crate) struct OpenPlan {
    pub(crate) of: OpenRow,
    pub(crate) batches: Vec<BatchRow>,
}

impl OpenPlan {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn state(&self) -> StoreResult<State> {
        let word = &self.of.publication_state;
        let unreadable = || StoreError::Unreadable { what: "publication.state", value: word.clone() };
        State::from_id(word).ok_or_else(unreadable)
    }

    /// As the rules see it.
    pub(crate) fn plan(&self) -> Plan {
        let batch = |row: &BatchRow| Batch { at: row.at.map(UtcMillis), started: row.started_at.is_some() };
        Plan { paused: self.of.paused, returned: false, batches: self.batches.iter().map(batch).collect() }
    }
}

/// The plan of a publication, if one is open.
pub(crate) async fn open(conn: &mut Conn, publication: Uuid) -> StoreResult<Option<OpenPlan>> {
    const PLAN: &str = "SELECT r.key, p.key AS publication_key, r.publication_id, p.version AS publication_version,
            p.state AS publication_state, r.version_id, r.bundle, r.listed_before,
            r.paused
        FROM rollout AS r JOIN publication AS p ON p.id = r.publication_id
        WHERE r.publication_id = $1 AND r.ended_at IS NULL";
    const BATCHES: &str = "SELECT name, at, started_at FROM rollout_batch WHERE rollout_key = $1 ORDER BY number";
    let row: Option<OpenRow> = on!(conn, c => sqlx::query_as(PLAN).bind(publication).fetch_optional(c).await)?;
    let Some(of) = row else { return Ok(None) };
    let batches = on!(conn, c => sqlx::query_as(BATCHES).bind(of.key).fetch_all(c).await)?;
    Ok(Some(OpenPlan { of, batches }))
}

/// The sites of an open plan, each with its batch.
pub(crate) async fn sites(conn: &mut Conn, publication_key: i64) -> StoreResult<Vec<(i64, RegionCode)>> {
    const SQL: &str = "SELECT batch, region FROM rollout_site WHERE publication_key = $1 ORDER BY batch, region";
    let rows: Vec<(i64, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(publication_key).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(batch, code)| Some((batch, region(code)?))).collect())
}

/// A region by its code as it is stored; `None`: there is none any more.
pub(super) fn region(code: i64) -> Option<RegionCode> {
    u32::try_from(code).ok()?.try_into().ok()
}

/// Publications with a batch whose time has come.
pub(crate) async fn due(conn: &mut Conn, now: UtcMillis) -> StoreResult<Vec<Uuid>> {
    const SQL: &str =
        "SELECT DISTINCT r.publication_id FROM rollout_batch AS b JOIN rollout AS r ON r.key = b.rollout_key
        WHERE b.at <= $1 AND b.started_at IS NULL AND r.ended_at IS NULL AND r.paused = FALSE";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(now.0).fetch_all(c).await?))
}

/// A plan that begins.
#[derive(Debug, Clone)]
pub(crate) struct NewPlan<'a> {
    pub(crate) publication: Uuid,
    pub(crate) publication_key: i64,
    pub(crate) version: Uuid,
    pub(crate) bundle: &'a str,
    pub(crate) listed_before: bool,
    pub(crate) batches: Vec<ValidBatch>,
    pub(crate) now: UtcMillis,
}

/// Writes it: nothing of it is started. One that a process from before there were plans left open ends.
pub(crate) async fn insert(conn: &mut Conn, new: &NewPlan<'_>) -> StoreResult<()> {
    if let Some(left) = open(conn, new.publication).await? {
        end(conn, &left.of, new.now).await?;
    }
    const PLAN: &str = "INSERT INTO rollout (publication_id, version_id, bundle, listed_before, paused, begun_at)
        VALUES ($1, $2, $3, $4, FALSE, $5) RETURNING key";
    const BATCH: &str = "INSERT INTO rollout_batch (rollout_key, number, name, at) VALUES ($1, $2, $3, $4)";
    const SITE: &str = "INSERT INTO rollout_site (publication_key, region, batch, started, hidden)
        VALUES ($1, $2, $3, FALSE, $4)";
    let key: i64 = on!(conn, c => sqlx::query_scalar(PLAN)
        .bind(new.publication)
        .bind(new.version)
        .bind(new.bundle)
        .bind(new.listed_before)
        .bind(new.now.0)
        .fetch_one(c)
        .await)?;
    for (number, ValidBatch { name, sites, at }) in (0_i64..).zip(&new.batches) {
        on!(conn, c => sqlx::query(BATCH)
            .bind(key)
            .bind(number)
            .bind(name)
            .bind(at.map(|at| at.0))
            .execute(c)
            .await
            .map(|_| ()))?;
        for site in sites {
            let (hidden, region) = (!new.listed_before, i64::from(site.code()));
            let values = vec![new.publication_key.into(), region.into(), number.into(), hidden.into()];
            waiting::later(conn, SITE, values).await?;
        }
    }
    set_phase(conn, new.publication, Some(RolloutPhase::Waiting)).await
}

/// A batch starts: its sites show the new version, and list it.
pub(crate) async fn start(conn: &mut Conn, of: &OpenRow, batch: u16, now: UtcMillis) -> StoreResult<()> {
    const BATCH: &str = "UPDATE rollout_batch SET started_at = $3 WHERE rollout_key = $1 AND number = $2";
    const SITES: &str = "UPDATE rollout_site SET started = TRUE, hidden = FALSE
        WHERE publication_key = $1 AND batch = $2";
    const LIST: &str = "UPDATE publication SET listed = TRUE WHERE id = $1";
    let batch = i64::from(batch);
    waiting::later(conn, BATCH, vec![of.key.into(), batch.into(), now.0.into()]).await?;
    waiting::later(conn, SITES, vec![of.publication_key.into(), batch.into()]).await?;
    waiting::later(conn, LIST, vec![of.publication_id.into()]).await
}

/// 暂停 or 继续.
pub(crate) async fn set_paused(conn: &mut Conn, of: &OpenRow, paused: bool) -> StoreResult<()> {
    const SQL: &str = "UPDATE rollout SET paused = $2 WHERE key = $1";
    waiting::later(conn, SQL, vec![of.key.into(), paused.into()]).await
}

/// The open plan of a publication ends: no site has a pointer of its own any more.
pub(crate) async fn end(conn: &mut Conn, of: &OpenRow, now: UtcMillis) -> StoreResult<()> {
    const PLAN: &str = "UPDATE rollout SET ended_at = $2 WHERE key = $1";
    const TIMES: &str = "UPDATE rollout_batch SET at = NULL WHERE rollout_key = $1 AND started_at IS NULL";
    const SITES: &str = "DELETE FROM rollout_site WHERE publication_key = $1";
    waiting::later(conn, PLAN, vec![of.key.into(), now.0.into()]).await?;
    waiting::later(conn, TIMES, vec![of.key.into()]).await?;
    waiting::later(conn, SITES, vec![of.publication_key.into()]).await?;
    set_phase(conn, of.publication_id, None).await
}

/// What the chip adds to 已发布.
pub(crate) async fn set_phase(conn: &mut Conn, publication: Uuid, phase: Option<RolloutPhase>) -> StoreResult<()> {
    const SET: &str = "UPDATE publication SET rollout = $2 WHERE id = $1";
    const CLEAR: &str = "UPDATE publication SET rollout = NULL WHERE id = $1";
    match phase {
        Some(phase) => waiting::later(conn, SET, vec![publication.into(), phase.id().into()]).await,
        None => waiting::later(conn, CLEAR, vec![publication.into()]).await,
    }
}
