//! People of an OpenID provider: who is linked with an account, and who waits for that. A person is (issuer, subject).

use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// Somebody of a provider's.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Identity {
    pub(crate) id: Uuid,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// As the provider calls them; may be empty.
    pub(crate) name: String,
    /// When they were linked, or came for the first time. UTC milliseconds.
    pub(crate) since: i64,
}

/// The account that they are linked with.
pub(crate) async fn person(conn: &mut Conn, issuer: &str, subject: &str) -> StoreResult<Option<PersonId>> {
    const SQL: &str = "SELECT person_id FROM oidc_identity WHERE issuer = $1 AND subject = $2";
    let id: Option<Uuid> = on!(conn, c => sqlx::query_scalar(SQL).bind(issuer).bind(subject).fetch_optional(c).await)?;
    Ok(id.map(PersonId))
}

/// Whom an account is linked with, the first first.
pub(crate) async fn linked(conn: &mut Conn, person: PersonId) -> StoreResult<Vec<Identity>> {
    const SQL: &str = "SELECT id, issuer, subject, name, linked_at AS since FROM oidc_identity WHERE person_id = $1
        ORDER BY linked_at, id";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).fetch_all(c).await?))
}

/// How many of this provider's an account is linked with.
pub(crate) async fn count_linked(conn: &mut Conn, issuer: &str, person: PersonId) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM oidc_identity WHERE issuer = $1 AND person_id = $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(issuer).bind(person.0).fetch_one(c).await?))
}

/// Links; one who is linked already is refused (`oidc_identity_issuer_subject_key`).
pub(crate) async fn link(conn: &mut Conn, of: &Identity, person: PersonId) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO oidc_identity (id, issuer, subject, person_id, name, linked_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    on!(conn, c => sqlx::query(SQL)
        .bind(of.id)
        .bind(&of.issuer)
        .bind(&of.subject)
        .bind(person.0)
        .bind(&of.name)
        .bind(of.since)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Links no longer; whom it was, if they were linked with this account.
pub(crate) async fn unlink(conn: &mut Conn, id: Uuid, person: PersonId) -> StoreResult<Option<Identity>> {
    const SQL: &str = "DELETE FROM oidc_identity WHERE id = $1 AND person_id = $2
        RETURNING id, issuer, subject, name, linked_at AS since";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).bind(person.0).fetch_optional(c).await?))
}

/// Who waits and came after this time, the first first.
pub(crate) async fn waiting(conn: &mut Conn, after: UtcMillis) -> StoreResult<Vec<Identity>> {
    const SQL: &str = "SELECT id, issuer, subject, name, first_at AS since FROM oidc_waiting WHERE last_at > $1
        ORDER BY first_at, id";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(after.0).fetch_all(c).await?))
}

/// How many wait.
pub(crate) async fn count_waiting(conn: &mut Conn) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM oidc_waiting";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).fetch_one(c).await?))
}

/// One who waits comes again; whether they waited.
pub(crate) async fn comes_again(conn: &mut Conn, of: &Identity) -> StoreResult<bool> {
    const SQL: &str = "UPDATE oidc_waiting SET name = $3, last_at = $4 WHERE issuer = $1 AND subject = $2";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(&of.issuer)
        .bind(&of.subject)
        .bind(&of.name)
        .bind(of.since)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// One more waits.
pub(crate) async fn put_waiting(conn: &mut Conn, of: &Identity) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO oidc_waiting (id, issuer, subject, name, first_at, last_at)
        VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING";
    on!(conn, c => sqlx::query(SQL)
        .bind(of.id)
        .bind(&of.issuer)
        .bind(&of.subject)
        .bind(&of.name)
        .bind(of.since)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Waits no longer; who it was.
pub(crate) async fn take_waiting(conn: &mut Conn, id: Uuid) -> StoreResult<Option<Identity>> {
    const SQL: &str = "DELETE FROM oidc_waiting WHERE id = $1
        RETURNING id, issuer, subject, name, first_at AS since";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The same, by who it is.
pub(crate) async fn end_waiting(conn: &mut Conn, issuer: &str, subject: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM oidc_waiting WHERE issuer = $1 AND subject = $2";
    on!(conn, c => sqlx::query(SQL).bind(issuer).bind(subject).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets who came last before this time.
pub(crate) async fn delete_stale(conn: &mut Conn, before: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM oidc_waiting WHERE last_at <= $1";
    on!(conn, c => sqlx::query(SQL).bind(before.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
