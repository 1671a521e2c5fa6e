//! 外部域名 that the system administrator decides on.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use domain::view::system_host::SystemHost;
use sqlx_macros::FromRow;

#[derive(FromRow)]
struct Row {
    host: String,
    allowed: bool,
    purpose: String,
    changed_at: i64,
}

impl From<Row> for SystemHost {
    fn from(Row { host, allowed, purpose, changed_at }: Row) -> Self {
        Self { host, allowed, purpose, changed_at: UtcMillis(changed_at) }
    }
}

/// All, by name.
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<SystemHost>> {
    const SQL: &str = "SELECT host, allowed, purpose, changed_at FROM system_host ORDER BY host";
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(SystemHost::from).collect())
}

/// Decides on a host, in place of what was decided before.
pub(crate) async fn put(conn: &mut Conn, host: &SystemHost) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO system_host (host, allowed, purpose, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (host) DO UPDATE SET allowed = $2, purpose = $3, changed_at = $4";
    on!(conn, c => sqlx::query(SQL)
        .bind(&host.host)
        .bind(host.allowed)
        .bind(&host.purpose)
        .bind(host.changed_at.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Decides nothing of it any more; whether anything was.
pub(crate) async fn remove(conn: &mut Conn, host: &str) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM system_host WHERE host = $1";
    let rows = on!(conn, c => sqlx::query(SQL).bind(host).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}
