//! What accounts are entered with: the first start's link, activations, passwords, one-time codes.

use super::person::Person;
use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis};
use uuid::Uuid;

/// A new link of the first start, in place of the last.
pub(crate) async fn put_first_start(conn: &mut Conn, code: &[u8; 32], now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO first_start (only_row, code_hash, made_at) VALUES (1, $1, $2)
        ON CONFLICT (only_row) DO UPDATE SET code_hash = $1, made_at = $2";
    on!(conn, c => sqlx::query(SQL).bind(code.as_slice()).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether this is the link, made after this time.
pub(crate) async fn is_first_start(conn: &mut Conn, code: &[u8; 32], after: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM first_start WHERE code_hash = $1 AND made_at > $2";
    let found: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(code.as_slice()).bind(after.0).fetch_one(c).await)?;
    Ok(found > 0)
}

/// Uses the link, if this is it; whether it was.
pub(crate) async fn take_first_start(conn: &mut Conn, code: &[u8; 32], after: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM first_start WHERE code_hash = $1 AND made_at > $2";
    let taken = on!(conn, c => sqlx::query(SQL).bind(code.as_slice()).bind(after.0).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(taken > 0)
}

/// Whether there is an administrator.
pub(crate) async fn has_administrator(conn: &mut Conn) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM person_role
        WHERE role IN ('system_administrator', 'security_administrator', 'auditor')";
    let found: i64 = on!(conn, c => sqlx::query_scalar(SQL).fetch_one(c).await)?;
    Ok(found > 0)
}

/// A new activation of a person, in place of the last.
pub(crate) async fn put_activation(
    conn: &mut Conn,
    person: PersonId,
    (code, salt): ([u8; 32], [u8; 32]),
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO activation (person_id, code_hash, salt, made_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person_id) DO UPDATE SET code_hash = $2, salt = $3, made_at = $4";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(code.as_slice()).bind(salt.as_slice()).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whose activation this is, if it was made after this time, and its salt.
pub(crate) async fn activation(
    conn: &mut Conn,
    code: &[u8; 32],
    after: UtcMillis,
) -> StoreResult<Option<(PersonId, Vec<u8>)>> {
    const SQL: &str = "SELECT person_id, salt FROM activation WHERE code_hash = $1 AND made_at > $2";
    let found: Option<(Uuid, Vec<u8>)> =
        on!(conn, c => sqlx::query_as(SQL).bind(code.as_slice()).bind(after.0).fetch_optional(c).await)?;
    Ok(found.map(|(person, salt)| (PersonId(person), salt)))
}

/// Uses an activation; whether it was there.
pub(crate) async fn take_activation(conn: &mut Conn, code: &[u8; 32]) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM activation WHERE code_hash = $1";
    let taken = on!(conn, c => sqlx::query(SQL).bind(code.as_slice()).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(taken > 0)
}

/// Whether what the person signs in with is still as they were read: the password, and the authenticator or that there is none. It stays
/// so until the transaction is over.
pub(crate) async fn hold_credentials(conn: &mut Conn, person: &Person) -> StoreResult<bool> {
    const SQL: &str = "UPDATE person SET password_hash = password_hash
        WHERE id = $1 AND (password_hash = $2 OR (password_hash IS NULL AND $2 IS NULL))
            AND (totp_secret = $3 OR (totp_secret IS NULL AND $3 IS NULL)) AND active = TRUE";
    let held = on!(conn, c => sqlx::query(SQL)
        .bind(person.id)
        .bind(person.password_hash.as_deref())
        .bind(person.totp_secret.as_deref())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(held > 0)
}

/// Another password; the last one is remembered.
pub(crate) async fn set_password(conn: &mut Conn, person: PersonId, hash: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE person SET password_hash = $2, password_set_at = $3 WHERE id = $1";
    const REMEMBER: &str = "INSERT INTO former_password (person_id, set_at, password_hash) VALUES ($1, $2, $3)
        ON CONFLICT (person_id, set_at) DO NOTHING";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(hash).bind(now.0).execute(&mut *c).await.map(|_| ()))?;
    on!(conn, c => sqlx::query(REMEMBER).bind(person.0).bind(now.0).bind(hash).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The hashes of the last passwords, newest first.
pub(crate) async fn former_passwords(conn: &mut Conn, person: PersonId, most: i64) -> StoreResult<Vec<String>> {
    const SQL: &str = "SELECT password_hash FROM former_password WHERE person_id = $1 ORDER BY set_at DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person.0).bind(most).fetch_all(c).await?))
}

/// Another authenticator; its codes count from the next step on.
pub(crate) async fn set_totp(conn: &mut Conn, person: PersonId, secret: &[u8], step: i64) -> StoreResult<()> {
    const SQL: &str = "UPDATE person SET totp_secret = $2, totp_step = $3 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(secret).bind(step).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Uses the code of a step; whether it was still to be used.
pub(crate) async fn use_step(conn: &mut Conn, person: PersonId, step: i64) -> StoreResult<bool> {
    const SQL: &str = "UPDATE person SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
    let used = on!(conn, c => sqlx::query(SQL).bind(person.0).bind(step).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(used > 0)
}

/// Other recovery codes, in place of the last.
pub(crate) async fn put_recovery_codes(conn: &mut Conn, person: PersonId, codes: &[[u8; 32]]) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO recovery_code (person_id, code_hash) VALUES ($1, $2)";
    on!(conn, c => sqlx::query("DELETE FROM recovery_code WHERE person_id = $1").bind(person.0).execute(c).await.map(|_| ()))?;
    for code in codes {
        on!(conn, c => sqlx::query(SQL).bind(person.0).bind(code.as_slice()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Whether the person has this recovery code.
pub(crate) async fn has_recovery_code(conn: &mut Conn, person: PersonId, code: &[u8; 32]) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM recovery_code WHERE person_id = $1 AND code_hash = $2";
    let found: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(person.0).bind(code.as_slice()).fetch_one(c).await)?;
    Ok(found > 0)
}

/// Administrators who have no password yet, or who are called so.
pub(crate) async fn administrators(conn: &mut Conn, account: Option<&str>) -> StoreResult<Vec<(Uuid, String)>> {
    const SQL: &str = "SELECT p.id, p.account FROM person AS p JOIN person_role AS r ON r.person_id = p.id
        WHERE r.role IN ('system_administrator', 'security_administrator', 'auditor') AND p.active = TRUE
          AND (p.account = $1 OR ($1 IS NULL AND p.password_hash IS NULL))
        ORDER BY p.created_at, p.id";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(account).fetch_all(c).await?))
}

/// Uses a recovery code; whether it was there.
pub(crate) async fn use_recovery_code(conn: &mut Conn, person: PersonId, code: &[u8; 32]) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM recovery_code WHERE person_id = $1 AND code_hash = $2";
    let used = on!(conn, c => sqlx::query(SQL).bind(person.0).bind(code.as_slice()).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(used > 0)
}

/// Ends all sessions of a person, what a phone of theirs has confirmed for a desk, and what they were about to bind.
pub(crate) async fn end_sessions(conn: &mut Conn, person: PersonId) -> StoreResult<()> {
    drop_ways_in(conn, person).await?;
    on!(conn, c => sqlx::query("DELETE FROM session WHERE person_id = $1").bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The same, but for this session of theirs; how many sessions there were.
pub(crate) async fn end_other_sessions(conn: &mut Conn, person: PersonId, here: &[u8; 32]) -> StoreResult<u64> {
    drop_ways_in(conn, person).await?;
    super::session::delete_others(conn, person.0, here).await
}

/// What would yet become a session, or open one.
async fn drop_ways_in(conn: &mut Conn, person: PersonId) -> StoreResult<()> {
    super::authenticator::drop_offer(conn, person).await?;
    on!(conn, c => sqlx::query("DELETE FROM sign_in_code WHERE person_id = $1").bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Nothing that the person signs in with holds any more: password, authenticator, recovery codes.
pub(crate) async fn forget_credentials(conn: &mut Conn, person: PersonId) -> StoreResult<()> {
    const SQL: &str = "UPDATE person SET password_hash = NULL, totp_secret = NULL WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(person.0).execute(c).await.map(|_| ()))?;
    on!(conn, c => sqlx::query("DELETE FROM recovery_code WHERE person_id = $1").bind(person.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
