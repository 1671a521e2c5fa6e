//! What the rules read of versions, and what a change of their publication writes to them.

use super::read::Read;
use super::statement::over_list;
use super::{Conn, StoreError, StoreResult, on, waiting};
use domain::{Stage, StageSet, UtcMillis, VersionFacts, VersionId, VersionNumber};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A version that its publication points to, or its newest.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PointedVersion {
    pub(crate) publication_key: i64,
    id: Uuid,
    major: i64,
    minor: i64,
    patch: i64,
    in_round: bool,
    /// One bit a stage, in the order in which they run.
    passed: i64,
    pub(crate) is_newest: bool,
    pub(crate) is_submitted: bool,
    pub(crate) is_accepted: bool,
    pub(crate) is_live: bool,
}

impl PointedVersion {
    pub(crate) fn facts(&self) -> VersionFacts {
        let stages = Stage::ALL.into_iter().zip(0..).filter(|(_, bit)| self.passed & (1 << bit) != 0);
        VersionFacts {
            id: VersionId(self.id),
            number: number(self.major, self.minor, self.patch),
            in_round: self.in_round,
            passed: StageSet::of(&stages.map(|(stage, _)| stage).collect::<Vec<_>>()),
        }
    }
}

/// A version's number and bytes.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Bytes {
    pub(crate) id: Uuid,
    major: i64,
    minor: i64,
    patch: i64,
    /// SHA-256 of what is served, once built.
    pub(crate) bundle: Option<String>,
}

impl Bytes {
    pub(crate) fn number(&self) -> VersionNumber {
        number(self.major, self.minor, self.patch)
    }
}

/// A version in the table of its publication's page.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedVersion {
    pub(crate) id: Uuid,
    major: i64,
    minor: i64,
    patch: i64,
    pub(crate) bundle: Option<String>,
    pub(crate) note: String,
    pub(crate) uploaded_at: i64,
    pub(crate) uploaded_by: String,
}

impl ListedVersion {
    pub(crate) fn number(&self) -> VersionNumber {
        number(self.major, self.minor, self.patch)
    }
}

fn number(major: i64, minor: i64, patch: i64) -> VersionNumber {
    let part = |n: i64| u32::try_from(n).unwrap_or_default();
    VersionNumber::new(part(major), part(minor), part(patch))
}

/// Of the publications with these keys: the newest version, and those that they point to.
pub(crate) fn pointed(conn: &Conn, keys: &str) -> Read<PointedVersion> {
    const SQL: [&str; 2] = over_list!(
        "SELECT p.key AS publication_key, v.id, v.major, v.minor, v.patch, v.key > p.round_after AS in_round,
            (SELECT COALESCE(SUM(CASE g.stage WHEN 'source_check' THEN 1 WHEN 'build' THEN 2 WHEN 'link_check' THEN 4
                ELSE 8 END), 0) FROM stage AS g WHERE g.version_id = v.id AND g.status = 'passed') AS passed,
            v.id = n.newest AS is_newest,
            COALESCE(v.id = p.submitted_version, FALSE) AS is_submitted,
            COALESCE(v.id = p.accepted_version, FALSE) AS is_accepted,
            COALESCE(v.id = p.live_version, FALSE) AS is_live
        FROM (SELECT q.key, (SELECT x.id FROM version AS x WHERE x.publication_id = q.id ORDER BY x.key DESC LIMIT 1)
            AS newest FROM publication AS q WHERE q.key IN ",
        "BIGINT",
        ") AS n
        JOIN publication AS p ON p.key = n.key
        JOIN version AS v ON v.id IN (n.newest, p.submitted_version, p.accepted_version, p.live_version)"
    );
    Read::new(SQL[usize::from(conn.is_postgres())], vec![keys.into()])
}

/// Of the publications with these keys: each version that was ever live, once, the one that was live last in front.
pub(crate) fn ever_live(conn: &Conn, keys: &str) -> Read<(i64, Uuid)> {
    const SQL: [&str; 2] = over_list!(
        "SELECT p.key, l.version_id FROM publication AS p JOIN live_version AS l ON l.publication_id = p.id
        WHERE p.key IN ",
        "BIGINT",
        " GROUP BY p.key, l.version_id ORDER BY MAX(l.key) DESC"
    );
    Read::new(SQL[usize::from(conn.is_postgres())], vec![keys.into()])
}

/// Of the versions uploaded before this one: that which was live last before this one first was, or last so far.
pub(crate) async fn live_before(conn: &mut Conn, publication: Uuid, version: Uuid) -> StoreResult<Option<Uuid>> {
    const SQL: &str = "SELECT l.version_id FROM live_version AS l JOIN version AS w ON w.id = l.version_id
        WHERE l.publication_id = $1 AND w.key < (SELECT key FROM version WHERE id = $2) AND l.key < COALESCE(
            (SELECT MIN(key) FROM live_version WHERE publication_id = $1 AND version_id = $2), 9223372036854775807)
        ORDER BY l.key DESC LIMIT 1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(publication).bind(version).fetch_optional(c).await?))
}

/// The versions of a publication, newest first, at most `limit`.
pub(crate) async fn listed(conn: &mut Conn, publication: Uuid, limit: i64) -> StoreResult<Vec<ListedVersion>> {
    const SQL: &str = "SELECT v.id, v.major, v.minor, v.patch, v.bundle, v.note, v.uploaded_at, q.name AS uploaded_by
        FROM version AS v JOIN person AS q ON q.id = v.uploaded_by
        WHERE v.publication_id = $1 ORDER BY v.key DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(publication).bind(limit).fetch_all(c).await?))
}

/// The numbers of all versions of a publication.
pub(crate) async fn numbers(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<(Uuid, VersionNumber)>> {
    const SQL: &str = "SELECT id, major, minor, patch FROM version WHERE publication_id = $1";
    let rows: Vec<(Uuid, i64, i64, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(publication).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, major, minor, patch)| (id, number(major, minor, patch))).collect())
}

/// The stages of a publication's versions: version, stage, status.
pub(crate) async fn stages(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<(Uuid, String, String)>> {
    const SQL: &str = "SELECT g.version_id, g.stage, g.status FROM version AS v JOIN stage AS g ON g.version_id = v.id
        WHERE v.publication_id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(publication).fetch_all(c).await?))
}

/// The number and the bytes of a version.
pub(crate) async fn bytes(conn: &mut Conn, version: Uuid) -> StoreResult<Option<Bytes>> {
    const SQL: &str = "SELECT id, major, minor, patch, bundle FROM version WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(version).fetch_optional(c).await?))
}

/// Its number counts from now on: no later one may be lower.
pub(crate) async fn count(conn: &mut Conn, version: Uuid) -> StoreResult<()> {
    waiting::later(conn, "UPDATE version SET counts = TRUE WHERE id = $1", vec![version.into()]).await
}

/// 验收成功 or 验收拒绝 of a version.
pub(crate) async fn insert_acceptance(
    conn: &mut Conn,
    version: Uuid,
    person: Uuid,
    accepted: bool,
    reason: &str,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO acceptance (version_id, person_id, accepted, reason, at) VALUES ($1, $2, $3, $4, $5)";
    let values = vec![version.into(), person.into(), accepted.into(), reason.into(), now.0.into()];
    waiting::later(conn, SQL, values).await
}

/// Of a publication: whether the last 验收 accepted, and the reason if it did not.
pub(crate) async fn last_acceptance(conn: &mut Conn, publication: Uuid) -> StoreResult<Option<(bool, String)>> {
    const SQL: &str = "SELECT a.accepted, a.reason FROM acceptance AS a JOIN version AS v ON v.id = a.version_id
        WHERE v.publication_id = $1 ORDER BY a.key DESC LIMIT 1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(publication).fetch_optional(c).await?))
}

/// 已取消: what waits or runs of a publication's versions, with the jobs that would run it.
pub(crate) async fn cancel_stages(conn: &mut Conn, publication: Uuid, now: UtcMillis) -> StoreResult<()> {
    const JOBS: &str = "DELETE FROM job
        WHERE kind = 'pipeline' AND subject IN (SELECT id FROM version WHERE publication_id = $1)";
    const STAGES: &str = "UPDATE stage SET status = 'cancelled', ended_at = $2
        WHERE status IN ('waiting', 'running') AND version_id IN (SELECT id FROM version WHERE publication_id = $1)";
    waiting::later(conn, JOBS, vec![publication.into()]).await?;
    waiting::later(conn, STAGES, vec![publication.into(), now.0.into()]).await
}

/// The version becomes live, if its bytes are these still.
///
/// # Errors
/// [`StoreError::Conflict`]: they are not.
pub(crate) async fn make_live(
    conn: &mut Conn,
    publication: Uuid,
    version: Uuid,
    bundle: &str,
    now: UtcMillis,
) -> StoreResult<()> {
    const LIVE: &str = "INSERT INTO live_version (publication_id, version_id, at)
        SELECT publication_id, id, $4 FROM version WHERE id = $2 AND publication_id = $1 AND bundle = $3";
    const POINTER: &str = "UPDATE publication SET live_version = $2, stopped = FALSE, substitute = '' WHERE id = $1";
    let rows = on!(conn, c => sqlx::query(LIVE)
        .bind(publication)
        .bind(version)
        .bind(bundle)
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows != 1 {
        return Err(StoreError::Conflict);
    }
    on!(conn, c => sqlx::query(POINTER).bind(publication).bind(version).execute(c).await.map(|_| ()))?;
    count(conn, version).await
}

/// A version as the pipeline leaves it, with these stages 已完成: of tests and measurements.
#[cfg(any(test, feature = "bench"))]
pub(crate) async fn plant(
    conn: &mut Conn,
    publication: Uuid,
    id: Uuid,
    number: VersionNumber,
    person: Uuid,
    passed: &[Stage],
) -> StoreResult<()> {
    const VERSION: &str =
        "INSERT INTO version (id, publication_id, major, minor, patch, counts, note, file_name, package,
            package_size, bundle, external_hosts, uploaded_by, uploaded_at)
        VALUES ($1, $2, $3, $4, $5, FALSE, '', 'dist.zip', $6, 1, $7, '[]', $8, 0)";
    const STAGE: &str =
        "INSERT INTO stage (version_id, stage, status, sentence, findings) VALUES ($1, $2, $3, '', '{}')";
    const TOUCH: &str = "UPDATE publication SET version = version + 1 WHERE id = $1";
    let hash = id.simple().to_string();
    on!(conn, c => sqlx::query(VERSION)
        .bind(id)
        .bind(publication)
        .bind(i64::from(number.major))
        .bind(i64::from(number.minor))
        .bind(i64::from(number.patch))
        .bind(&hash)
        .bind(&hash)
        .bind(person)
        .execute(c)
        .await
        .map(|_| ()))?;
    for stage in Stage::ALL {
        let status = if passed.contains(&stage) { "passed" } else { "running" };
        on!(conn, c => sqlx::query(STAGE).bind(id).bind(stage.id()).bind(status).execute(c).await.map(|_| ()))?;
    }
    on!(conn, c => sqlx::query(TOUCH).bind(publication).execute(c).await.map(|_| ()))?;
    Ok(())
}
