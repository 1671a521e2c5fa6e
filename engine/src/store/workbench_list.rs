//! The developer's list: what names them as a contact, what waits for them first.

use super::publication::{PublicationRow, publication_columns};
use super::statement::over_list;
use super::{Conn, StoreResult, on};
use domain::PersonId;
use sqlx_macros::FromRow;

/// A publication in the developer's list.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct WorkbenchRow {
    #[sqlx(flatten)]
    pub(crate) row: PublicationRow,
    /// 1: it waits for the developer; else 0.
    pub(crate) theirs: i64,
}

/// Rows after `(theirs, key)` in the order of the list, at most `limit`. `states`: those that wait for the developer, a JSON
/// array of ids.
pub(crate) async fn rows(
    conn: &mut Conn,
    states: &str,
    person: PersonId,
    after: (i64, i64),
    limit: i64,
) -> StoreResult<Vec<WorkbenchRow>> {
    const SQL: [&str; 2] = over_list!(
        concat!(
            "SELECT p.key, p.id, p.version, p.side, p.kind, p.channels, p.hosted, p.linked, p.state, p.name, p.icon,
                p.republished, p.configuring_from, p.rollout, p.turn_since, p.updated_at, p.theirs
            FROM (SELECT ",
            publication_columns!(),
            ", CAST(CASE WHEN p.state IN "
        ),
        "TEXT",
        " THEN 1 ELSE 0 END AS BIGINT) AS theirs
            FROM person AS q JOIN publication_contact AS t ON t.mobile = q.mobile
            JOIN publication AS p ON p.id = t.publication_id
            WHERE q.id = $2 AND t.suspended = FALSE) AS p
        WHERE p.theirs < $3 OR (p.theirs = $3 AND p.key < $4)
        ORDER BY p.theirs DESC, p.key DESC LIMIT $5"
    );
    let sql = SQL[usize::from(conn.is_postgres())];
    on!(conn, c => Ok(sqlx::query_as(sql)
        .bind(states)
        .bind(person.0)
        .bind(after.0)
        .bind(after.1)
        .bind(limit)
        .fetch_all(c)
        .await?))
}

/// Those whose name, in lower case, is like `pattern`, and the one with this key; newest first, at most `limit`.
pub(crate) async fn like(
    conn: &mut Conn,
    person: PersonId,
    (pattern, key): (&str, Option<i64>),
    limit: i64,
) -> StoreResult<Vec<PublicationRow>> {
    const SQL: &str = concat!(
        "SELECT ",
        publication_columns!(),
        " FROM person AS q JOIN publication_contact AS t ON t.mobile = q.mobile AND t.suspended = FALSE
        JOIN publication AS p ON p.id = t.publication_id
        WHERE q.id = $1 AND (p.name_key LIKE $2 ESCAPE '\\' OR p.key = $4) ORDER BY p.key DESC LIMIT $3"
    );
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).bind(pattern).bind(limit).bind(key).fetch_all(c).await?))
}
