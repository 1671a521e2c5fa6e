//! What the developer workbench asks of a publication: its row, what is live, who may work on it.

use super::{Conn, StoreError, StoreResult, on};
use domain::UtcMillis;
use uuid::Uuid;

/// Whether the person is a named contact, by verified number, not suspended.
pub(crate) async fn is_contact(conn: &mut Conn, publication: Uuid, person: Uuid) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM publication_contact AS c JOIN person AS p ON p.mobile = c.mobile
        WHERE c.publication_id = $1 AND p.id = $2 AND p.active = TRUE AND c.suspended = FALSE";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(publication).bind(person).fetch_one(c).await)?;
    Ok(n > 0)
}

/// What the rules read has changed: the aggregate's version grows, if it is still the one that was read.
///
/// # Errors
/// [`StoreError::Conflict`].
pub(crate) async fn touch(conn: &mut Conn, publication: Uuid, version: i64, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(publication)
        .bind(version)
        .bind(now.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// 运行参数, the values for test, as JSON.
pub(crate) async fn set_test_parameters(conn: &mut Conn, publication: Uuid, json: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET test_parameters = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(publication).bind(json).execute(c).await.map(|_| ()))?;
    Ok(())
}
