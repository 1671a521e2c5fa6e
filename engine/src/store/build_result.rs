//! The same package, built by the same tools, gives the same bundle.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;

/// What these tools made of the package before: the bundle, and the JSON of its dependencies.
pub(crate) async fn of(conn: &mut Conn, package: &str, tools: &str) -> StoreResult<Option<(String, String)>> {
    const SQL: &str = "SELECT bundle, dependencies FROM build_result WHERE package = $1 AND tools = $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(package).bind(tools).fetch_optional(c).await?))
}

/// Keeps it; the first result stays.
pub(crate) async fn insert(
    conn: &mut Conn,
    package: &str,
    tools: &str,
    bundle: &str,
    dependencies: &str,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO build_result (package, tools, bundle, dependencies, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (package, tools) DO NOTHING";
    on!(conn, c => sqlx::query(SQL)
        .bind(package)
        .bind(tools)
        .bind(bundle)
        .bind(dependencies)
        .bind(now.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
