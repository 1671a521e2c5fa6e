//! 应用系统.

use super::statement::over_list;
use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis};
use sqlx_macros::FromRow;
use std::collections::HashMap;
use uuid::Uuid;

/// One application system with its department.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct SystemRow {
    pub(crate) id: Uuid,
    /// In order of creation.
    pub(crate) key: i64,
    pub(crate) name: String,
    pub(crate) english_name: String,
    pub(crate) department: String,
    /// The department's id in 浙政钉.
    pub(crate) department_dingtalk_id: String,
    pub(crate) region: String,
}

/// Those that the person administers, newest first, that come after `before` in this order and whose Chinese or English
/// name is like `pattern`.
pub(crate) async fn administered_by(
    conn: &mut Conn,
    person: PersonId,
    pattern: &str,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<SystemRow>> {
    const SQL: &str = "SELECT s.id, s.key, s.name, s.english_name, d.name AS department,
            d.dingtalk_id AS department_dingtalk_id, s.region
        FROM application_system_administrator AS a
        JOIN application_system AS s ON s.id = a.system_id
        JOIN department AS d ON d.id = s.department_id
        WHERE a.person_id = $1 AND s.key < $2
          AND (LOWER(s.name) LIKE $3 ESCAPE '\\' OR LOWER(s.english_name) LIKE $3 ESCAPE '\\')
        ORDER BY s.key DESC LIMIT $4";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).bind(before).bind(pattern).bind(limit).fetch_all(c).await?))
}

/// Those of everybody, as [`administered_by`] has them.
pub(crate) async fn all(conn: &mut Conn, pattern: &str, before: i64, limit: i64) -> StoreResult<Vec<SystemRow>> {
    const SQL: &str = "SELECT s.id, s.key, s.name, s.english_name, d.name AS department,
            d.dingtalk_id AS department_dingtalk_id, s.region
        FROM application_system AS s JOIN department AS d ON d.id = s.department_id
        WHERE s.key < $1 AND (LOWER(s.name) LIKE $2 ESCAPE '\\' OR LOWER(s.english_name) LIKE $2 ESCAPE '\\')
        ORDER BY s.key DESC LIMIT $3";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(before).bind(pattern).bind(limit).fetch_all(c).await?))
}

/// How many those are in all.
pub(crate) async fn count_all(conn: &mut Conn, pattern: &str) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM application_system AS s
        WHERE LOWER(s.name) LIKE $1 ESCAPE '\\' OR LOWER(s.english_name) LIKE $1 ESCAPE '\\'";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(pattern).fetch_one(c).await?))
}

/// The names of who administers the systems with these keys (a list in JSON), by the system's key.
pub(crate) async fn administrators(conn: &mut Conn, keys: &str) -> StoreResult<Vec<(i64, String)>> {
    const SQL: [&str; 2] = over_list!(
        "SELECT s.key, p.name FROM application_system AS s
        JOIN application_system_administrator AS a ON a.system_id = s.id JOIN person AS p ON p.id = a.person_id
        WHERE s.key IN ",
        "BIGINT",
        " ORDER BY p.created_at, p.id"
    );
    let sql = SQL[usize::from(conn.is_postgres())];
    on!(conn, c => Ok(sqlx::query_as(sql).bind(keys).fetch_all(c).await?))
}

/// Those of the department with this name that the person administers, newest first.
pub(crate) async fn administered_in(
    conn: &mut Conn,
    person: PersonId,
    department: &str,
) -> StoreResult<Vec<SystemRow>> {
    const SQL: &str = "SELECT s.id, s.key, s.name, s.english_name, d.name AS department,
            d.dingtalk_id AS department_dingtalk_id, s.region
        FROM application_system_administrator AS a
        JOIN application_system AS s ON s.id = a.system_id
        JOIN department AS d ON d.id = s.department_id
        WHERE a.person_id = $1 AND d.name = $2 ORDER BY s.key DESC";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).bind(department).fetch_all(c).await?))
}

/// How many those are in all.
pub(crate) async fn count_administered_by(conn: &mut Conn, person: PersonId, pattern: &str) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM application_system_administrator AS a
        JOIN application_system AS s ON s.id = a.system_id
        WHERE a.person_id = $1
          AND (LOWER(s.name) LIKE $2 ESCAPE '\\' OR LOWER(s.english_name) LIKE $2 ESCAPE '\\')";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person.0).bind(pattern).fetch_one(c).await?))
}

/// Whether the person administers the system.
pub(crate) async fn is_administered_by(conn: &mut Conn, system: Uuid, person: PersonId) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM application_system_administrator WHERE system_id = $1 AND person_id = $2";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(system).bind(person.0).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Writes a new one, last in the order of creation.
pub(crate) async fn insert(
    conn: &mut Conn,
    id: Uuid,
    name: &str,
    english_name: &str,
    department: Uuid,
    region: &str,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO application_system (id, key, name, english_name, department_id, region, created_at)
        SELECT $1, COALESCE(MAX(key), 0) + 1, $2, $3, $4, $5, $6 FROM application_system";
    on!(conn, c => sqlx::query(SQL)
        .bind(id)
        .bind(name)
        .bind(english_name)
        .bind(department)
        .bind(region)
        .bind(now.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Makes a person one of its administrators.
pub(crate) async fn insert_administrator(conn: &mut Conn, system: Uuid, person: PersonId) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO application_system_administrator (system_id, person_id) VALUES ($1, $2)";
    on!(conn, c => sqlx::query(SQL).bind(system).bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Ends that a person is one of its administrators.
pub(crate) async fn delete_administrator(conn: &mut Conn, system: Uuid, person: PersonId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM application_system_administrator WHERE system_id = $1 AND person_id = $2";
    on!(conn, c => sqlx::query(SQL).bind(system).bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What an import knows of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownSystem {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) english_name: String,
    pub(crate) department_id: Uuid,
    /// Official region code.
    pub(crate) region: String,
    /// In order of their ids.
    pub(crate) administrators: Vec<Uuid>,
}

/// All systems.
pub(crate) async fn known(conn: &mut Conn) -> StoreResult<Vec<KnownSystem>> {
    const SQL: &str = "SELECT id, name, english_name, department_id, region FROM application_system ORDER BY id";
    const ADMINISTRATORS: &str = "SELECT system_id, person_id FROM application_system_administrator";
    let rows: Vec<(Uuid, String, String, Uuid, String)> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let pairs: Vec<(Uuid, Uuid)> = on!(conn, c => sqlx::query_as(ADMINISTRATORS).fetch_all(c).await)?;
    let mut of: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (system, person) in pairs {
        of.entry(system).or_default().push(person);
    }
    let known = |(id, name, english_name, department_id, region)| {
        let mut administrators = of.remove(&id).unwrap_or_default();
        administrators.sort_unstable();
        KnownSystem { id, name, english_name, department_id, region, administrators }
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Writes over what the catalogue says of it.
pub(crate) async fn update(conn: &mut Conn, row: &KnownSystem) -> StoreResult<()> {
    const SQL: &str = "UPDATE application_system SET english_name = $2, department_id = $3, region = $4 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL)
        .bind(row.id)
        .bind(&row.english_name)
        .bind(row.department_id)
        .bind(&row.region)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
