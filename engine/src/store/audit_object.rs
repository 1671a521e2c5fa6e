//! What the audit log's events are done to, by id and by name: for people to read, and to search for.

use super::{Conn, StoreResult, on};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// Somebody's name and account.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PersonRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) account: String,
}

/// A person.
pub(crate) async fn person(conn: &mut Conn, id: Uuid) -> StoreResult<Option<PersonRow>> {
    const SQL: &str = "SELECT id, name, account FROM person WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Those whose name or account is like the pattern, those that came last first, at most `limit`.
pub(crate) async fn people_like(conn: &mut Conn, pattern: &str, limit: i64) -> StoreResult<Vec<PersonRow>> {
    const SQL: &str = "SELECT id, name, account FROM person
        WHERE LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(account) LIKE $1 ESCAPE '\\' ORDER BY created_at DESC, id LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(pattern).bind(limit).fetch_all(c).await?))
}

/// Name and number of the 服务ID.
pub(crate) async fn publication(conn: &mut Conn, id: Uuid) -> StoreResult<Option<(String, i64)>> {
    const SQL: &str = "SELECT name, key FROM publication WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The name of a department.
pub(crate) async fn department(conn: &mut Conn, id: Uuid) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT name FROM department WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await?))
}

/// The name of an application system.
pub(crate) async fn application_system(conn: &mut Conn, id: Uuid) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT name FROM application_system WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await?))
}

/// Departments whose name is like the pattern, or with this 浙政钉 ID, at most `limit`.
pub(crate) async fn departments_like(conn: &mut Conn, pattern: &str, id: &str, limit: i64) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT id FROM department
        WHERE LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(dingtalk_id) = $2 ORDER BY name LIMIT $3";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(pattern).bind(id).bind(limit).fetch_all(c).await?))
}

/// Application systems whose Chinese or English name is like the pattern, at most `limit`.
pub(crate) async fn application_systems_like(conn: &mut Conn, pattern: &str, limit: i64) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT id FROM application_system
        WHERE LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(english_name) LIKE $1 ESCAPE '\\' ORDER BY key DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(pattern).bind(limit).fetch_all(c).await?))
}

/// Name and 原应用ID of a stock application, which is no publication yet.
pub(crate) async fn stock(conn: &mut Conn, id: Uuid) -> StoreResult<Option<(String, String)>> {
    const SQL: &str = "SELECT name, original_id FROM stock_application WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Stock applications whose name is like the pattern, or with this 原应用ID, at most `limit`.
pub(crate) async fn stock_like(conn: &mut Conn, pattern: &str, id: &str, limit: i64) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT id FROM stock_application
        WHERE LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(original_id) = $2 ORDER BY key DESC LIMIT $3";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(pattern).bind(id).bind(limit).fetch_all(c).await?))
}

/// The publication of a version: its name; and the version's number.
pub(crate) async fn version(conn: &mut Conn, id: Uuid) -> StoreResult<Option<(String, i64, i64, i64)>> {
    const SQL: &str = "SELECT p.name, v.major, v.minor, v.patch FROM version AS v
        JOIN publication AS p ON p.id = v.publication_id WHERE v.id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The newest orders and versions of a publication, at most `limit` of each.
pub(crate) async fn of_publication(conn: &mut Conn, id: Uuid, limit: i64) -> StoreResult<(Vec<Uuid>, Vec<Uuid>)> {
    const ORDERS: &str = "SELECT id FROM work_order WHERE publication_id = $1 ORDER BY key DESC LIMIT $2";
    const VERSIONS: &str = "SELECT id FROM version WHERE publication_id = $1 ORDER BY key DESC LIMIT $2";
    let orders = on!(conn, c => sqlx::query_scalar(ORDERS).bind(id).bind(limit).fetch_all(c).await)?;
    let versions = on!(conn, c => sqlx::query_scalar(VERSIONS).bind(id).bind(limit).fetch_all(c).await)?;
    Ok((orders, versions))
}

/// The kind of an order; and the name of what it is about, once that is a publication.
pub(crate) async fn order(conn: &mut Conn, id: Uuid) -> StoreResult<Option<(String, Option<String>)>> {
    const SQL: &str = "SELECT o.kind, p.name FROM work_order AS o
        LEFT JOIN publication AS p ON p.id = o.publication_id WHERE o.id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The name of a further channel, and whether it has a directory now.
pub(crate) async fn channel(conn: &mut Conn, id: Uuid) -> StoreResult<Option<(String, bool)>> {
    const SQL: &str = "SELECT name, active FROM further_channel WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Further channels whose name is like the pattern, at most `limit`.
pub(crate) async fn channels_like(conn: &mut Conn, pattern: &str, limit: i64) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT id FROM further_channel WHERE LOWER(name) LIKE $1 ESCAPE '\\' ORDER BY key DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(pattern).bind(limit).fetch_all(c).await?))
}
