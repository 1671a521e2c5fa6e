//! 仍要继续: the warnings of a version that its developer takes over.

use super::{Conn, StoreResult, on, waiting};
use domain::UtcMillis;
use domain::view::version::KeptWarning;
use uuid::Uuid;

/// The warnings of a version that were taken over.
pub(crate) async fn of_version(conn: &mut Conn, version: Uuid) -> StoreResult<Vec<KeptWarning>> {
    const SQL: &str =
        "SELECT k.rule, k.reason, p.name, k.at FROM kept_warning AS k JOIN person AS p ON p.id = k.person_id
        WHERE k.version_id = $1 ORDER BY k.rule";
    let rows: Vec<(String, String, String, i64)> =
        on!(conn, c => sqlx::query_as(SQL).bind(version).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(rule, reason, by, at)| KeptWarning { rule, reason, by, at: UtcMillis(at) }).collect())
}

/// Takes a warning over; said again, the last reason counts.
pub(crate) async fn save(
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
