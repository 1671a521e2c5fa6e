//! What a host label means: one read, cached by [`crate::hosting`].

use super::rollout::region;
use super::{Conn, StoreResult, on};
use domain::RegionCode;
use sqlx_macros::FromRow;
use std::collections::HashSet;
use uuid::Uuid;

/// A preview's label.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PreviewRow {
    pub(crate) publication_id: Uuid,
    pub(crate) bundle: Option<String>,
    pub(crate) external_hosts: String,
    /// JSON of the registration: 前端路由.
    pub(crate) registration: String,
    /// JSON of 运行参数, the values for test.
    pub(crate) test_parameters: String,
    pub(crate) expires_at: i64,
}

/// A publication's label.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct LiveRow {
    pub(crate) publication_id: Uuid,
    pub(crate) name: String,
    /// JSON of the registration: 前端路由, 运行参数.
    pub(crate) registration: String,
    pub(crate) stopped: bool,
    pub(crate) substitute: String,
    /// Of the version that is live, or was last.
    pub(crate) bundle: Option<String>,
    pub(crate) external_hosts: Option<String>,
    /// A plan of going live is open: some sites may show [`started`].
    pub(crate) has_plan: bool,
}

/// The version that an open plan makes live.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PlannedRow {
    pub(crate) bundle: String,
    pub(crate) external_hosts: String,
}

/// What a preview's label shows.
pub(crate) async fn preview(conn: &mut Conn, label: &str) -> StoreResult<Option<PreviewRow>> {
    const SQL: &str =
        "SELECT v.publication_id, v.bundle, v.external_hosts, p.registration, p.test_parameters, w.expires_at
        FROM preview AS w JOIN version AS v ON v.id = w.version_id JOIN publication AS p ON p.id = v.publication_id
        WHERE w.label = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(label).fetch_optional(c).await?))
}

/// What the publication with this number shows.
pub(crate) async fn live(conn: &mut Conn, key: i64) -> StoreResult<Option<LiveRow>> {
    const SQL: &str = "SELECT p.id AS publication_id, p.name, p.registration, p.stopped, p.substitute, v.bundle,
            v.external_hosts, p.rollout IS NOT NULL AS has_plan
        FROM publication AS p LEFT JOIN version AS v ON v.id = p.live_version WHERE p.key = $1 AND p.hosted = TRUE";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(key).fetch_optional(c).await?))
}

/// What the open plan of a publication makes live, and the sites at which it is.
pub(crate) async fn started(conn: &mut Conn, key: i64) -> StoreResult<Option<(PlannedRow, HashSet<RegionCode>)>> {
    const VERSION: &str = "SELECT r.bundle, v.external_hosts FROM rollout AS r JOIN version AS v ON v.id = r.version_id
        JOIN publication AS p ON p.id = r.publication_id WHERE p.key = $1 AND r.ended_at IS NULL";
    const SITES: &str = "SELECT region FROM rollout_site WHERE publication_key = $1 AND started = TRUE";
    let row: Option<PlannedRow> = on!(conn, c => sqlx::query_as(VERSION).bind(key).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let sites: Vec<i64> = on!(conn, c => sqlx::query_scalar(SITES).bind(key).fetch_all(c).await)?;
    Ok(Some((row, sites.into_iter().filter_map(region).collect())))
}
