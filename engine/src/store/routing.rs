//! 路由: the versions of the approval rules.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One version, with who made it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct RoutingRow {
    pub(crate) number: i64,
    /// JSON.
    pub(crate) rules: String,
    pub(crate) by: String,
    pub(crate) made_at: i64,
}

/// The newest version.
pub(crate) async fn newest(conn: &mut Conn) -> StoreResult<Option<RoutingRow>> {
    Ok(below(conn, i64::MAX, 1).await?.pop())
}

/// The versions below this number, newest first, at most `limit`.
pub(crate) async fn below(conn: &mut Conn, number: i64, limit: i64) -> StoreResult<Vec<RoutingRow>> {
    const SQL: &str = "SELECT r.number, r.rules, p.name AS by, r.made_at FROM routing AS r
        JOIN person AS p ON p.id = r.person_id WHERE r.number < $1 ORDER BY r.number DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(number).bind(limit).fetch_all(c).await?))
}

/// The version of this number.
pub(crate) async fn of(conn: &mut Conn, number: i64) -> StoreResult<Option<RoutingRow>> {
    const SQL: &str = "SELECT r.number, r.rules, p.name AS by, r.made_at FROM routing AS r
        JOIN person AS p ON p.id = r.person_id WHERE r.number = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(number).fetch_optional(c).await?))
}

/// One more.
///
/// # Errors
/// [`super::StoreError::Unique`]: somebody else made this number first.
pub(crate) async fn insert(conn: &mut Conn, number: i64, rules: &str, person: Uuid, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO routing (number, rules, person_id, made_at) VALUES ($1, $2, $3, $4)";
    on!(conn, c => sqlx::query(SQL).bind(number).bind(rules).bind(person).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The version of the rules that an order was filed with; none of one that is older than versions.
#[cfg(test)]
pub(crate) async fn of_order(conn: &mut Conn, order: Uuid) -> StoreResult<Option<i64>> {
    const SQL: &str = "SELECT routing_number FROM work_order WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(order).fetch_one(c).await?))
}
