//! Uploads under way and their parts.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One upload.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct UploadRow {
    pub(crate) id: Uuid,
    pub(crate) publication_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) file_name: String,
    /// Bytes, as announced.
    pub(crate) size: i64,
    /// SHA-256 of the whole, once it is a version.
    pub(crate) package: Option<String>,
    pub(crate) created_at: i64,
}

/// One part that is here.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct PartRow {
    /// From 0.
    pub(crate) number: i64,
    pub(crate) size: i64,
    pub(crate) hash: String,
}

/// Writes a new one.
pub(crate) async fn insert(conn: &mut Conn, row: &UploadRow) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO upload (id, publication_id, person_id, file_name, size, package, created_at)
        VALUES ($1, $2, $3, $4, $5, NULL, $6)";
    on!(conn, c => sqlx::query(SQL)
        .bind(row.id)
        .bind(row.publication_id)
        .bind(row.person_id)
        .bind(&row.file_name)
        .bind(row.size)
        .bind(row.created_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The upload of this id.
pub(crate) async fn of(conn: &mut Conn, id: Uuid) -> StoreResult<Option<UploadRow>> {
    const SQL: &str =
        "SELECT id, publication_id, person_id, file_name, size, package, created_at FROM upload WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// How many of the person's are not finished.
pub(crate) async fn count_open(conn: &mut Conn, person: Uuid) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM upload WHERE person_id = $1 AND package IS NULL";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person).fetch_one(c).await?))
}

/// Notes that a part is here; the last one of a number counts.
pub(crate) async fn put_part(conn: &mut Conn, upload: Uuid, part: &PartRow) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO upload_part (upload_id, number, size, hash) VALUES ($1, $2, $3, $4)
        ON CONFLICT (upload_id, number) DO UPDATE SET size = $3, hash = $4";
    on!(conn, c => sqlx::query(SQL)
        .bind(upload)
        .bind(part.number)
        .bind(part.size)
        .bind(&part.hash)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The parts that are here, in order.
pub(crate) async fn parts(conn: &mut Conn, upload: Uuid) -> StoreResult<Vec<PartRow>> {
    const SQL: &str = "SELECT number, size, hash FROM upload_part WHERE upload_id = $1 ORDER BY number";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(upload).fetch_all(c).await?))
}

/// It became a version; whether it was open until now.
pub(crate) async fn finish(conn: &mut Conn, upload: Uuid, package: &str) -> StoreResult<bool> {
    const SQL: &str = "UPDATE upload SET package = $2 WHERE id = $1 AND package IS NULL";
    let rows = on!(conn, c => sqlx::query(SQL).bind(upload).bind(package).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

/// Those that began before this, oldest first.
pub(crate) async fn begun_before(conn: &mut Conn, before: UtcMillis, limit: i64) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT id FROM upload WHERE created_at < $1 ORDER BY created_at LIMIT $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(before.0).bind(limit).fetch_all(c).await?))
}

/// Forgets an upload with its parts.
pub(crate) async fn delete(conn: &mut Conn, upload: Uuid) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM upload WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(upload).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The oldest of the person's that is not finished.
pub(crate) async fn oldest_open(conn: &mut Conn, person: Uuid) -> StoreResult<Option<Uuid>> {
    const SQL: &str = "SELECT id FROM upload WHERE person_id = $1 AND package IS NULL ORDER BY created_at, id LIMIT 1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person).fetch_optional(c).await?))
}
