//! 检测规则: the sets that the system administrator made, and the warnings that developers take over.

use super::{Conn, StoreResult, on, waiting};
use domain::UtcMillis;
use domain::view::version::KeptWarning;
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

/// The newest sets, newest first, at most `limit`.
pub(crate) async fn newest(conn: &mut Conn, limit: i64) -> StoreResult<Vec<RuleSetRow>> {
    const SQL: &str = "SELECT r.number, r.changed, p.name AS by, r.made_at FROM rule_set AS r
        JOIN person AS p ON p.id = r.person_id ORDER BY r.number DESC LIMIT $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(limit).fetch_all(c).await?))
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

/// The warnings of a version that were taken over.
pub(crate) async fn kept(conn: &mut Conn, version: Uuid) -> StoreResult<Vec<KeptWarning>> {
    const SQL: &str =
        "SELECT k.rule, k.reason, p.name, k.at FROM kept_warning AS k JOIN person AS p ON p.id = k.person_id
        WHERE k.version_id = $1 ORDER BY k.rule";
    let rows: Vec<(String, String, String, i64)> =
        on!(conn, c => sqlx::query_as(SQL).bind(version).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(rule, reason, by, at)| KeptWarning { rule, reason, by, at: UtcMillis(at) }).collect())
}

/// Takes a warning over; said again, the last reason counts.
pub(crate) async fn keep(
    conn: &mut Conn,
    version: Uuid,
    rule: &str,
    reason: &str,
    person: Uuid,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO kept_warning (version_id, rule, reason, person_id, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (version_id, rule) DO UPDATE SET reason = $3, person_id = $4, at = $5";
    waiting::later(conn, SQL, vec![version.into(), rule.into(), reason.into(), person.into(), now.0.into()]).await
}
