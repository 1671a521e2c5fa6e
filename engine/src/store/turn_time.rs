//! How long turns took: what 轮到谁了 calls usual.

use super::{Conn, StoreResult, on, waiting};
use domain::{State, UtcMillis};

/// A turn in this state, and in this step of an order (0: without one), ended now.
pub(crate) async fn insert(conn: &mut Conn, state: State, step: u8, now: UtcMillis, ms: i64) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO turn_time (state, step, ended_at, ms) VALUES ($1, $2, $3, $4)";
    waiting::later(conn, SQL, vec![state.id().into(), i64::from(step).into(), now.0.into(), ms.into()]).await
}

/// How long those took that ended since, the last ones, at most `limit`.
pub(crate) async fn since(
    conn: &mut Conn,
    state: State,
    step: u8,
    since: UtcMillis,
    limit: i64,
) -> StoreResult<Vec<i64>> {
    const SQL: &str = "SELECT ms FROM turn_time WHERE state = $1 AND step = $2 AND ended_at >= $3
        ORDER BY ended_at DESC LIMIT $4";
    on!(conn, c => Ok(sqlx::query_scalar(SQL)
        .bind(state.id())
        .bind(i64::from(step))
        .bind(since.0)
        .bind(limit)
        .fetch_all(c)
        .await?))
}
