//! Who leads a periodic job of several processes.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use uuid::Uuid;

/// Takes the lease on a job, or renews it; whether it is the holder's now. One that lasts much longer than it could is of a clock that
/// was wrong.
pub(crate) async fn take(
    conn: &mut Conn,
    name: &str,
    holder: Uuid,
    now: UtcMillis,
    until: UtcMillis,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $4)
        ON CONFLICT (name) DO UPDATE SET holder = $2, until = $4 WHERE lease.holder = $2 OR lease.until <= $3 OR lease.until > $4 + ($4 - $3)";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(name)
        .bind(holder)
        .bind(now.0)
        .bind(until.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

/// Gives back this job, if the holder leads it.
pub(crate) async fn give_one_back(conn: &mut Conn, name: &str, holder: Uuid) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM lease WHERE name = $1 AND holder = $2";
    on!(conn, c => sqlx::query(SQL).bind(name).bind(holder).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Gives back whatever the holder leads.
pub(crate) async fn give_back(conn: &mut Conn, holder: Uuid) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM lease WHERE holder = $1";
    on!(conn, c => sqlx::query(SQL).bind(holder).execute(c).await.map(|_| ()))?;
    Ok(())
}
