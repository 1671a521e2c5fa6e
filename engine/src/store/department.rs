//! 建设部门.

use super::{Conn, StoreResult, on};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A department of the catalogue.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Department {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) dingtalk_id: String,
    /// Official region code of its seat.
    pub(crate) region: String,
}

/// Writes a new one. The name and the 浙政钉 id are unique.
pub(crate) async fn insert(conn: &mut Conn, row: &Department) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO department (id, name, dingtalk_id, region) VALUES ($1, $2, $3, $4)";
    on!(conn, c => sqlx::query(SQL)
        .bind(row.id)
        .bind(&row.name)
        .bind(&row.dingtalk_id)
        .bind(&row.region)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Name and id of all.
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<(String, Uuid)>> {
    const SQL: &str = "SELECT name, id FROM department";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// All, whole, by name.
pub(crate) async fn whole(conn: &mut Conn) -> StoreResult<Vec<Department>> {
    const SQL: &str = "SELECT id, name, dingtalk_id, region FROM department ORDER BY name";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// A department in a list.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedDepartment {
    pub(crate) name: String,
    pub(crate) dingtalk_id: String,
    pub(crate) region: String,
    pub(crate) systems: i64,
    pub(crate) people: i64,
}

/// By name, those after this one whose name or 浙政钉 id is like `pattern`, at most `limit`.
pub(crate) async fn listed(
    conn: &mut Conn,
    pattern: &str,
    after: &str,
    limit: i64,
) -> StoreResult<Vec<ListedDepartment>> {
    const SQL: &str = "SELECT d.name, d.dingtalk_id, d.region,
            (SELECT COUNT(*) FROM application_system AS s WHERE s.department_id = d.id) AS systems,
            (SELECT COUNT(*) FROM person AS p WHERE p.department_id = d.id AND p.active = TRUE) AS people
        FROM department AS d
        WHERE d.name > $1 AND (LOWER(d.name) LIKE $2 ESCAPE '\\' OR LOWER(d.dingtalk_id) LIKE $2 ESCAPE '\\')
        ORDER BY d.name LIMIT $3";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(after).bind(pattern).bind(limit).fetch_all(c).await?))
}

/// How many those are in all.
pub(crate) async fn count(conn: &mut Conn, pattern: &str) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM department AS d
        WHERE LOWER(d.name) LIKE $1 ESCAPE '\\' OR LOWER(d.dingtalk_id) LIKE $1 ESCAPE '\\'";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(pattern).fetch_one(c).await?))
}

/// Another name and region.
pub(crate) async fn update(conn: &mut Conn, row: &Department) -> StoreResult<()> {
    const SQL: &str = "UPDATE department SET name = $2, region = $3 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(row.id).bind(&row.name).bind(&row.region).execute(c).await.map(|_| ()))?;
    Ok(())
}
