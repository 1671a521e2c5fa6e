//! 动态口令: what is offered to be bound, and what is bound no more.

use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis};
use uuid::Uuid;

/// A new offer to a person, in place of the last.
pub(crate) async fn put_offer(
    conn: &mut Conn,
    person: PersonId,
    (code, salt): ([u8; 32], [u8; 32]),
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO authenticator_offer (person_id, code_hash, salt, made_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person_id) DO UPDATE SET code_hash = $2, salt = $3, made_at = $4";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(code.as_slice()).bind(salt.as_slice()).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whose offer this is, if it was made after this time, and its salt.
pub(crate) async fn offer(
    conn: &mut Conn,
    code: &[u8; 32],
    after: UtcMillis,
) -> StoreResult<Option<(PersonId, Vec<u8>)>> {
    const SQL: &str = "SELECT person_id, salt FROM authenticator_offer WHERE code_hash = $1 AND made_at > $2";
    let found: Option<(Uuid, Vec<u8>)> =
        on!(conn, c => sqlx::query_as(SQL).bind(code.as_slice()).bind(after.0).fetch_optional(c).await)?;
    Ok(found.map(|(person, salt)| (PersonId(person), salt)))
}

/// Uses an offer; whether it was there.
pub(crate) async fn take_offer(conn: &mut Conn, code: &[u8; 32]) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM authenticator_offer WHERE code_hash = $1";
    let taken = on!(conn, c => sqlx::query(SQL).bind(code.as_slice()).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(taken > 0)
}

/// Nothing is offered to the person any more.
pub(crate) async fn drop_offer(conn: &mut Conn, person: PersonId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM authenticator_offer WHERE person_id = $1";
    on!(conn, c => sqlx::query(SQL).bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// None is bound any more, and no recovery code is good. The last step stays used.
pub(crate) async fn remove(conn: &mut Conn, person: PersonId) -> StoreResult<()> {
    const SQL: &str = "UPDATE person SET totp_secret = NULL WHERE id = $1";
    const CODES: &str = "DELETE FROM recovery_code WHERE person_id = $1";
    on!(conn, c => sqlx::query(SQL).bind(person.0).execute(&mut *c).await.map(|_| ()))?;
    on!(conn, c => sqlx::query(CODES).bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Recovery codes that the person has left.
pub(crate) async fn recovery_codes(conn: &mut Conn, person: PersonId) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM recovery_code WHERE person_id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person.0).fetch_one(c).await?))
}
