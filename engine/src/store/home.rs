//! The cards of the home page: a person's publications in some states.

use super::publication::{PublicationRow, publication_columns};
use super::statement::over_list;
use super::{Conn, StoreResult, on};
use domain::PersonId;

/// By what a publication is a person's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Theirs {
    /// They administer its application system.
    Administered,
    /// It names them as a contact.
    Named,
}

macro_rules! administered {
    () => {
        " FROM application_system_administrator AS a JOIN publication AS p ON p.system_id = a.system_id
        WHERE a.person_id = $2 AND p.state IN "
    };
}

macro_rules! named {
    () => {
        " FROM person AS q JOIN publication_contact AS t ON t.mobile = q.mobile AND t.suspended = FALSE
        JOIN publication AS p ON p.id = t.publication_id WHERE q.id = $2 AND p.state IN "
    };
}

/// Those in these states (a JSON array of ids), whose turn has lasted longest first, or last with `newest`.
pub(crate) async fn rows(
    conn: &mut Conn,
    theirs: Theirs,
    states: &str,
    person: PersonId,
    newest: bool,
    limit: i64,
) -> StoreResult<Vec<PublicationRow>> {
    const BY_SYSTEM: [&str; 2] = over_list!(
        concat!("SELECT ", publication_columns!(), administered!()),
        "TEXT",
        " ORDER BY CASE WHEN $4 THEN -p.turn_since ELSE p.turn_since END, p.key LIMIT $3"
    );
    const BY_NUMBER: [&str; 2] = over_list!(
        concat!("SELECT ", publication_columns!(), named!()),
        "TEXT",
        " ORDER BY CASE WHEN $4 THEN -p.turn_since ELSE p.turn_since END, p.key LIMIT $3"
    );
    let sql = of(theirs, BY_SYSTEM, BY_NUMBER)[usize::from(conn.is_postgres())];
    on!(conn, c => Ok(sqlx::query_as(sql)
        .bind(states)
        .bind(person.0)
        .bind(limit)
        .bind(newest)
        .fetch_all(c)
        .await?))
}

/// How many those are, counted up to `most`.
pub(crate) async fn count(
    conn: &mut Conn,
    theirs: Theirs,
    states: &str,
    person: PersonId,
    most: i64,
) -> StoreResult<i64> {
    const BY_SYSTEM: [&str; 2] =
        over_list!(concat!("SELECT COUNT(*) FROM (SELECT 1", administered!()), "TEXT", " LIMIT $3) AS found");
    const BY_NUMBER: [&str; 2] =
        over_list!(concat!("SELECT COUNT(*) FROM (SELECT 1", named!()), "TEXT", " LIMIT $3) AS found");
    let sql = of(theirs, BY_SYSTEM, BY_NUMBER)[usize::from(conn.is_postgres())];
    on!(conn, c => Ok(sqlx::query_scalar(sql).bind(states).bind(person.0).bind(most).fetch_one(c).await?))
}

fn of(theirs: Theirs, by_system: [&'static str; 2], by_number: [&'static str; 2]) -> [&'static str; 2] {
    match theirs {
        Theirs::Administered => by_system,
        Theirs::Named => by_number,
    }
}
