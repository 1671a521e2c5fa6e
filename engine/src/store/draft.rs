//! Forms not sent yet.

use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis};

/// The draft of this form, as JSON, and when it was saved.
pub(crate) async fn of(conn: &mut Conn, person: PersonId, form: &str) -> StoreResult<Option<(String, i64)>> {
    const SQL: &str = "SELECT body, updated_at FROM draft WHERE person_id = $1 AND form = $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).bind(form).fetch_optional(c).await?))
}

/// Saves it in place of the one before.
pub(crate) async fn save(conn: &mut Conn, person: PersonId, form: &str, body: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO draft (person_id, form, body, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person_id, form) DO UPDATE SET body = $3, updated_at = $4";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(form).bind(body).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Throws it away.
pub(crate) async fn delete(conn: &mut Conn, person: PersonId, form: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM draft WHERE person_id = $1 AND form = $2";
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(form).execute(c).await.map(|_| ()))?;
    Ok(())
}
