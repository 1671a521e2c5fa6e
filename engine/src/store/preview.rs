//! Unguessable host labels under which a version can be looked at for a while.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use uuid::Uuid;

/// The label of a version that still holds, and until when.
pub(crate) async fn of_version(conn: &mut Conn, version: Uuid, now: UtcMillis) -> StoreResult<Option<(String, i64)>> {
    const SQL: &str = "SELECT label, expires_at FROM preview WHERE version_id = $1 AND expires_at > $2
        ORDER BY expires_at DESC LIMIT 1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(version).bind(now.0).fetch_optional(c).await?))
}

/// Gives a version a new label; its old ones are gone.
pub(crate) async fn replace(conn: &mut Conn, version: Uuid, label: &str, expires: UtcMillis) -> StoreResult<()> {
    const DELETE: &str = "DELETE FROM preview WHERE version_id = $1";
    const INSERT: &str = "INSERT INTO preview (label, version_id, expires_at) VALUES ($1, $2, $3)";
    on!(conn, c => sqlx::query(DELETE).bind(version).execute(c).await.map(|_| ()))?;
    on!(conn, c => sqlx::query(INSERT).bind(label).bind(version).bind(expires.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets those that expired before this.
pub(crate) async fn delete_expired(conn: &mut Conn, before: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM preview WHERE expires_at < $1";
    on!(conn, c => sqlx::query(SQL).bind(before.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
