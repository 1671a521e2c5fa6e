//! 检测规则: the sets that the system administrator made.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One set, with who made it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct RuleSetRow {
    pub(crate) number: i64,
    /// JSON: the rules that differ from the table.
    pub(crate) changed: String,
    pub(crate) by: String,
    pub(crate) made_at: i64,
}

/// The newest set.
pub(crate) async fn newest(conn: &mut Conn) -> StoreResult<Option<RuleSetRow>> {
    Ok(below(conn, i64::MAX, 1).await?.pop())
}

/// The sets below this number, newest first, at most `limit`.
pub(crate) async fn below(conn: &mut Conn, number: i64, limit: i64) -> StoreResult<Vec<RuleSetRow>> {
    const SQL: &str = "SELECT r.number, r.changed, p.name AS by, r.made_at FROM rule_set AS r
        JOIN person AS p ON p.id = r.person_id WHERE r.number < $1 ORDER BY r.number DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(number).bind(limit).fetch_all(c).await?))
}

/// One more.
///
/// # Errors
/// [`super::StoreError::Unique`]: somebody else made this number first.
pub(crate) async fn insert(
    conn: &mut Conn,
    number: i64,
    changed: &str,
    person: Uuid,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO rule_set (number, changed, person_id, made_at) VALUES ($1, $2, $3, $4)";
    on!(conn, c => sqlx::query(SQL).bind(number).bind(changed).bind(person).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
