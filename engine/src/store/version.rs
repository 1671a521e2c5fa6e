//! 版本.

use super::{Conn, StoreResult, on};
use domain::VersionNumber;
use domain::fields::HostDraft;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One version as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct VersionRecord {
    /// In order of upload; `publication.round_after` compares with it.
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    pub(crate) publication_id: Uuid,
    major: i64,
    minor: i64,
    patch: i64,
    pub(crate) note: String,
    pub(crate) file_name: String,
    /// SHA-256 of the zip.
    pub(crate) package: String,
    pub(crate) package_size: i64,
    /// SHA-256 of what is served, once built.
    pub(crate) bundle: Option<String>,
    /// JSON of the declared hosts.
    external_hosts: String,
    pub(crate) uploaded_by: Uuid,
    pub(crate) uploaded_at: i64,
}

/// What an upload writes.
#[derive(Debug, Clone)]
pub(crate) struct NewVersion {
    pub(crate) id: Uuid,
    pub(crate) publication: Uuid,
    pub(crate) number: VersionNumber,
    pub(crate) note: String,
    pub(crate) file_name: String,
    pub(crate) package: String,
    pub(crate) package_size: i64,
    pub(crate) hosts: Vec<HostDraft>,
    pub(crate) uploaded_by: Uuid,
    pub(crate) uploaded_at: i64,
}

impl VersionRecord {
    /// Its number.
    pub(crate) fn number(&self) -> VersionNumber {
        number(self.major, self.minor, self.patch)
    }

    /// What the developer declared; none, if the row can't be read.
    pub(crate) fn hosts(&self) -> Vec<HostDraft> {
        serde_json::from_str(&self.external_hosts).unwrap_or_default()
    }
}

/// The number of three columns.
pub(super) fn number(major: i64, minor: i64, patch: i64) -> VersionNumber {
    let part = |n: i64| u32::try_from(n).unwrap_or_default();
    VersionNumber::new(part(major), part(minor), part(patch))
}

/// Writes a new one, last in the order of upload.
pub(crate) async fn insert(conn: &mut Conn, new: &NewVersion) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO version (id, publication_id, major, minor, patch, counts, note, file_name, package,
            package_size, bundle, external_hosts, uploaded_by, uploaded_at)
        VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7, $8, $9, NULL, $10, $11, $12)";
    let hosts = serde_json::json!(new.hosts).to_string();
    on!(conn, c => sqlx::query(SQL)
        .bind(new.id)
        .bind(new.publication)
        .bind(i64::from(new.number.major))
        .bind(i64::from(new.number.minor))
        .bind(i64::from(new.number.patch))
        .bind(&new.note)
        .bind(&new.file_name)
        .bind(&new.package)
        .bind(new.package_size)
        .bind(hosts)
        .bind(new.uploaded_by)
        .bind(new.uploaded_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The version of this id.
pub(crate) async fn of(conn: &mut Conn, id: Uuid) -> StoreResult<Option<VersionRecord>> {
    const SQL: &str = "SELECT key, id, publication_id, major, minor, patch, note, file_name, package, package_size,
            bundle, external_hosts, uploaded_by, uploaded_at
        FROM version WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The highest number that was submitted for acceptance or live.
pub(crate) async fn highest_that_counts(conn: &mut Conn, publication: Uuid) -> StoreResult<Option<VersionNumber>> {
    const SQL: &str = "SELECT major, minor, patch FROM version WHERE publication_id = $1 AND counts = TRUE
        ORDER BY major DESC, minor DESC, patch DESC LIMIT 1";
    let row: Option<(i64, i64, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(publication).fetch_optional(c).await)?;
    Ok(row.map(|(major, minor, patch)| number(major, minor, patch)))
}

/// What it is built to.
pub(crate) async fn set_bundle(conn: &mut Conn, version: Uuid, bundle: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE version SET bundle = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(version).bind(bundle).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The name of an account, for who uploaded it.
pub(crate) async fn uploader(conn: &mut Conn, person: Uuid) -> StoreResult<String> {
    const SQL: &str = "SELECT name FROM person WHERE id = $1";
    let name: Option<String> = on!(conn, c => sqlx::query_scalar(SQL).bind(person).fetch_optional(c).await)?;
    Ok(name.unwrap_or_default())
}
