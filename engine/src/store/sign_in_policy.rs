//! 登录策略: the versions of the sign-in policy.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One version, with who made it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PolicyRow {
    pub(crate) number: i64,
    /// JSON.
    pub(crate) policy: String,
    pub(crate) by: String,
    pub(crate) made_at: i64,
}

/// The newest version; none: the default holds.
pub(crate) async fn newest(conn: &mut Conn) -> StoreResult<Option<PolicyRow>> {
    Ok(below(conn, i64::MAX, 1).await?.pop())
}

/// The versions below this number, newest first, at most `limit`.
pub(crate) async fn below(conn: &mut Conn, number: i64, limit: i64) -> StoreResult<Vec<PolicyRow>> {
    const SQL: &str = "SELECT s.number, s.policy, p.name AS by, s.made_at FROM sign_in_policy AS s
        JOIN person AS p ON p.id = s.person_id WHERE s.number < $1 ORDER BY s.number DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(number).bind(limit).fetch_all(c).await?))
}

/// One more.
///
/// # Errors
/// [`super::StoreError::Unique`]: somebody else made this number first.
pub(crate) async fn insert(
    conn: &mut Conn,
    number: i64,
    policy: &str,
    person: Uuid,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO sign_in_policy (number, policy, person_id, made_at) VALUES ($1, $2, $3, $4)";
    on!(conn, c => sqlx::query(SQL).bind(number).bind(policy).bind(person).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
