//! 运行时外链: what browsers refused to load, counted by host.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use domain::view::running::RefusedHost;
use uuid::Uuid;

/// Adds to the count of a host; a new one only while the publication has fewer than `most`.
pub(crate) async fn add(conn: &mut Conn, publication: Uuid, refused: &RefusedHost, most: u16) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO refused_host (publication_id, host, n, last_at)
        SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT)
        WHERE (SELECT COUNT(*) FROM refused_host WHERE publication_id = $1) < $5
            OR EXISTS (SELECT 1 FROM refused_host WHERE publication_id = $1 AND host = $2)
        ON CONFLICT (publication_id, host) DO UPDATE SET n = refused_host.n + $3, last_at = $4";
    on!(conn, c => sqlx::query(SQL)
        .bind(publication)
        .bind(&refused.host)
        .bind(refused.count)
        .bind(refused.last_at.0)
        .bind(i64::from(most))
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// What was refused, what came last first.
pub(crate) async fn of(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<RefusedHost>> {
    const SQL: &str = "SELECT host, n, last_at FROM refused_host WHERE publication_id = $1 ORDER BY last_at DESC, host";
    let rows: Vec<(String, i64, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(publication).fetch_all(c).await)?;
    let row = |(host, count, last_at)| RefusedHost { host, count, last_at: UtcMillis(last_at) };
    Ok(rows.into_iter().map(row).collect())
}
