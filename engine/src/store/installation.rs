//! What the database was initialised for: one row.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;

/// `demo` or `real`; `None` on a fresh database.
pub(crate) async fn kind(conn: &mut Conn) -> StoreResult<Option<String>> {
    on!(conn, c => Ok(sqlx::query_scalar("SELECT kind FROM installation").fetch_optional(c).await?))
}

/// Writes the one row.
pub(crate) async fn insert(conn: &mut Conn, kind: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO installation (only_row, kind, created_at) VALUES (1, $1, $2)";
    on!(conn, c => sqlx::query(SQL).bind(kind).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
