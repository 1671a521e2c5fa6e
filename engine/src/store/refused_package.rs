//! Packages that are none: their bytes are not kept, and why.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;

/// Notes why; the last word counts.
pub(crate) async fn put(conn: &mut Conn, package: &str, sentence: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO refused_package (package, sentence, refused_at) VALUES ($1, $2, $3)
        ON CONFLICT (package) DO UPDATE SET sentence = $2, refused_at = $3";
    on!(conn, c => sqlx::query(SQL).bind(package).bind(sentence).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Why it was refused.
pub(crate) async fn of(conn: &mut Conn, package: &str) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT sentence FROM refused_package WHERE package = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(package).fetch_optional(c).await?))
}

/// It is kept now: what a package may be was changed since.
pub(crate) async fn forget(conn: &mut Conn, package: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM refused_package WHERE package = $1";
    on!(conn, c => sqlx::query(SQL).bind(package).execute(c).await.map(|_| ()))?;
    Ok(())
}
