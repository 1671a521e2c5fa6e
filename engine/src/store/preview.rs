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

/// A label that is kept (固定) holds until then: for ever, as far as anybody here is concerned.
pub(crate) const PINNED: UtcMillis = UtcMillis(253_402_300_799_000);

/// Pins the label of a version that still holds, or lets a pinned one hold until then; whether there was one.
pub(crate) async fn hold(conn: &mut Conn, version: Uuid, now: UtcMillis, until: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "UPDATE preview SET expires_at = $3
        WHERE version_id = $1 AND expires_at > $2 AND (expires_at = $4) <> ($3 = $4)";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(version)
        .bind(now.0)
        .bind(until.0)
        .bind(PINNED.0)
        .execute(c)
        .await
        .map(|it| it.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets those that expired before this.
pub(crate) async fn delete_expired(conn: &mut Conn, before: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM preview WHERE expires_at < $1";
    on!(conn, c => sqlx::query(SQL).bind(before.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
