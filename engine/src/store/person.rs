//! People and their roles.

use super::{Conn, StoreError, StoreResult, on};
use domain::{PersonId, Role, RoleSet};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// An account. Has no `Debug`: what it signs in with is in no log.
#[derive(Clone, FromRow)]
pub(crate) struct Person {
    pub(crate) id: Uuid,
    /// The name to sign in with; unique.
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) department_id: Option<Uuid>,
    /// 11 digits, verified; unique.
    pub(crate) mobile: Option<String>,
    pub(crate) active: bool,
    pub(crate) created_at: i64,
    /// Argon2id in PHC form.
    pub(crate) password_hash: Option<String>,
    /// UTC milliseconds; none of a demo's.
    pub(crate) password_set_at: Option<i64>,
    /// Of the authenticator, if one is bound.
    pub(crate) totp_secret: Option<Vec<u8>>,
    /// The last step whose code was used.
    pub(crate) totp_step: i64,
    /// Where notices are sent, if anywhere.
    pub(crate) email: Option<String>,
    /// `accountId` of 浙政钉, if the account is linked; unique.
    pub(crate) dingtalk_id: Option<i64>,
}

impl Person {
    /// The id as the rules know it.
    pub(crate) fn person_id(&self) -> PersonId {
        PersonId(self.id)
    }
}

/// The account of this name.
pub(crate) async fn by_account(conn: &mut Conn, account: &str) -> StoreResult<Option<Person>> {
    const SQL: &str =
        "SELECT id, account, name, department_id, mobile, active, created_at, password_hash, password_set_at,
            totp_secret, totp_step, email, dingtalk_id
        FROM person WHERE account = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(account).fetch_optional(c).await?))
}

/// The account of this id.
pub(crate) async fn by_id(conn: &mut Conn, id: PersonId) -> StoreResult<Option<Person>> {
    const SQL: &str =
        "SELECT id, account, name, department_id, mobile, active, created_at, password_hash, password_set_at,
            totp_secret, totp_step, email, dingtalk_id
        FROM person WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await?))
}

/// The account that is linked with this `accountId` of 浙政钉.
pub(crate) async fn by_dingtalk_id(conn: &mut Conn, id: i64) -> StoreResult<Option<Person>> {
    const SQL: &str =
        "SELECT id, account, name, department_id, mobile, active, created_at, password_hash, password_set_at,
            totp_secret, totp_step, email, dingtalk_id
        FROM person WHERE dingtalk_id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Links an account, or no longer: of tests.
#[cfg(test)]
pub(crate) async fn link(conn: &mut Conn, account: &str, dingtalk_id: Option<i64>) -> StoreResult<()> {
    const SQL: &str = "UPDATE person SET dingtalk_id = $2 WHERE account = $1";
    on!(conn, c => sqlx::query(SQL).bind(account).bind(dingtalk_id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Writes a new one, last in the order of creation.
pub(crate) async fn insert(conn: &mut Conn, row: &Person) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO person
            (id, key, account, name, department_id, mobile, active, created_at, password_hash, email, dingtalk_id)
        SELECT $1, COALESCE(MAX(key), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM person";
    on!(conn, c => sqlx::query(SQL)
        .bind(row.id)
        .bind(&row.account)
        .bind(&row.name)
        .bind(row.department_id)
        .bind(&row.mobile)
        .bind(row.active)
        .bind(row.created_at)
        .bind(&row.password_hash)
        .bind(&row.email)
        .bind(row.dingtalk_id)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Gives a role; `region` is the seat's of a reviewer, else empty. The database refuses roles that must be separated.
pub(crate) async fn insert_role(conn: &mut Conn, person: PersonId, role: Role, region: &str) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO person_role (person_id, role, region) VALUES ($1, $2, $3)";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(role.id()).bind(region).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The roles of a person.
pub(crate) async fn roles(conn: &mut Conn, person: PersonId) -> StoreResult<RoleSet> {
    const SQL: &str = "SELECT DISTINCT role FROM person_role WHERE person_id = $1";
    let ids: Vec<String> = on!(conn, c => sqlx::query_scalar(SQL).bind(person.0).fetch_all(c).await)?;
    let roles = ids
        .into_iter()
        .map(|id| Role::from_id(&id).ok_or(StoreError::Unreadable { what: "person_role.role", value: id }));
    Ok(RoleSet::of(&roles.collect::<StoreResult<Vec<Role>>>()?))
}

/// Name and verified number of an account.
pub(crate) async fn contact(conn: &mut Conn, person: PersonId) -> StoreResult<Option<(String, Option<String>)>> {
    const SQL: &str = "SELECT name, mobile FROM person WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).fetch_optional(c).await?))
}

/// Somebody who can be signed in with one click in a demo.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DemoPerson {
    pub(crate) account: String,
    pub(crate) name: String,
    /// Of the department; of a developer, none.
    pub(crate) department: Option<String>,
    /// One of the roles' ids, and the region of its seat.
    pub(crate) role: String,
    pub(crate) region: String,
}

/// Everybody active, by account, with a role.
pub(crate) async fn all_with_role(conn: &mut Conn) -> StoreResult<Vec<DemoPerson>> {
    const SQL: &str = "SELECT p.account, p.name, d.name AS department, r.role, r.region
        FROM person AS p JOIN person_role AS r ON r.person_id = p.id LEFT JOIN department AS d ON d.id = p.department_id
        WHERE p.active = TRUE ORDER BY p.created_at, p.id, r.role, r.region";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}
