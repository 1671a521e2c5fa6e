//! The first answer to a form's idempotency key.

use super::{Conn, StoreResult, on, waiting};
use domain::{PersonId, UtcMillis};
use uuid::Uuid;

/// What was answered to this key of this person, as JSON.
pub(crate) async fn of(conn: &mut Conn, key: Uuid, person: PersonId) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT answer FROM command_answer WHERE key = $1 AND person_id = $2";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(key).bind(person.0).fetch_optional(c).await?))
}

/// Keeps an answer. The key is unique: of two at once, one is refused and finds the other's answer.
pub(crate) async fn insert(
    conn: &mut Conn,
    key: Uuid,
    person: PersonId,
    answer: &str,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO command_answer (key, person_id, answer, at) VALUES ($1, $2, $3, $4)";
    waiting::later(conn, SQL, vec![key.into(), person.0.into(), answer.into(), now.0.into()]).await
}
