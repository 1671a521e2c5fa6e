//! The lists of publications: statements joined from the constants of this file.
//!
//! Newest first, by keyset. The cost follows the page: a keyword is found by its grams, and what the grams allow is checked on the row.

use super::publication::{PublicationRow, publication_columns};
use super::read::{Read, together};
pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement, Value};
use super::{Conn, StoreResult, grams};
use domain::{PersonId, Side, State};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is listed.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) side: Side,
    pub(crate) reach: Reach,
    pub(crate) system: Option<Uuid>,
    pub(crate) state: Option<State>,
    /// The one with this 服务ID.
    pub(crate) key: Option<i64>,
    /// In lower case.
    pub(crate) keyword: Option<String>,
    /// One bit.
    pub(crate) channel: Option<u8>,
    /// A site among 适用范围.
    pub(crate) region: Option<u32>,
    /// UTC milliseconds.
    pub(crate) updated_from: Option<i64>,
}

/// Whose: all, or only what a person administers, found in one of two ways.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach {
    /// The person has few: take all of theirs, then filter and order them.
    Narrow(PersonId),
    /// All there are: of an operator.
    All,
    /// The person has many: walk the list (or the keyword's rows) in order, and leave out what is not theirs.
    Wide(PersonId),
}

const COLUMNS: &str = concat!("SELECT ", publication_columns!(), " FROM ");

const BY_PUBLICATION: KeyColumn = KeyColumn {
    below: " AND p.key < ?",
    above: " AND p.key > ?",
    ascending: " ORDER BY p.key ASC LIMIT ?",
    descending: " ORDER BY p.key DESC LIMIT ?",
};

const BY_GRAM: KeyColumn = KeyColumn {
    below: " AND g.rowid < ?",
    above: " AND g.rowid > ?",
    ascending: " ORDER BY g.rowid ASC LIMIT ?",
    descending: " ORDER BY g.rowid DESC LIMIT ?",
};

/// Rows of the list, newest first (with [`Part::After`]: nearest first), at most `limit`; and how many the filter has in each state,
/// whatever state it asks for: the newest `most` are counted.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    (part, limit): (Part, i64),
    most: i64,
) -> StoreResult<(Vec<PublicationRow>, Vec<(String, i64)>)> {
    let postgres = conn.is_postgres();
    let Some((mut rows, column)) = filtered(COLUMNS, filter, postgres) else {
        return Ok((Vec::new(), Vec::new()));
    };
    rows.add_part(column, part, limit);
    match by_state(filter, most, postgres).filter(|_| most > 0) {
        Some(number) => together(conn, (rows.into(), Read::<(String, i64)>::from(number))).await,
        None => Ok((rows.rows(conn).await?, Vec::new())),
    }
}

/// How many the filter has in each state, as [`page`] counts them.
pub(crate) async fn count(conn: &mut Conn, filter: &Filter, most: i64) -> StoreResult<Vec<(String, i64)>> {
    match by_state(filter, most, conn.is_postgres()) {
        Some(number) => number.rows(conn).await,
        None => Ok(Vec::new()),
    }
}

fn by_state(filter: &Filter, most: i64, postgres: bool) -> Option<Statement> {
    let any_state = Filter { state: None, ..filter.clone() };
    let (mut number, column) = filtered("SELECT state, COUNT(*) FROM (SELECT p.state FROM ", &any_state, postgres)?;
    number.add_part(column, Part::First, most);
    number.add(") AS found GROUP BY state ORDER BY state", Vec::new());
    Some(number)
}

/// The statement of [`page`]'s rows, and how SQLite finds them.
#[cfg(feature = "bench")]
pub(crate) async fn plan_of_rows(conn: &mut Conn, filter: &Filter, limit: i64) -> StoreResult<(String, Vec<String>)> {
    let Some((mut statement, column)) = filtered(COLUMNS, filter, conn.is_postgres()) else {
        return Ok((String::new(), Vec::new()));
    };
    statement.add_part(column, Part::First, limit);
    statement.plan(conn).await
}

/// The statement up to its order, and what it is ordered by; `None` where no name can have the keyword.
fn filtered(head: &'static str, filter: &Filter, postgres: bool) -> Option<(Statement, &'static KeyColumn)> {
    let mut statement = Statement::starting(head);
    let mut column = &BY_PUBLICATION;
    let grams = match &filter.keyword {
        Some(keyword) if !grams::is_searchable(keyword) => return None,
        Some(keyword) => grams::of_keyword(keyword),
        None => BTreeSet::new(),
    };
    let by_gram = !grams.is_empty() && !matches!(filter.reach, Reach::Narrow(_));
    // SQLite takes CROSS JOIN as the order of the loops.
    const THEIRS_SQLITE: &str =
        "application_system_administrator AS a CROSS JOIN publication AS p ON p.system_id = a.system_id
        WHERE a.person_id = ?";
    const THEIRS_POSTGRES: &str = "application_system_administrator AS a JOIN publication AS p ON p.system_id = a.system_id WHERE a.person_id = ?";
    // The index has all that is asked of a row; the row itself, which SQLite would take, is several pages.
    const GRAMS_SQLITE: &str = "publication_gram AS g
        CROSS JOIN publication AS p INDEXED BY publication_side_key_idx ON p.key = g.rowid WHERE publication_gram MATCH ?";
    const GRAMS_POSTGRES: &str = "publication AS p WHERE p.grams @> STRING_TO_ARRAY(?, ' ')";
    const IS_THEIRS: &str = " AND EXISTS (SELECT 1 FROM application_system_administrator AS a
        WHERE a.person_id = ? AND a.system_id = p.system_id)";
    match filter.reach {
        Reach::Narrow(person) => {
            statement.add(if postgres { THEIRS_POSTGRES } else { THEIRS_SQLITE }, vec![Value::Id(person.0)]);
        }
        Reach::All | Reach::Wide(_) => {
            if grams.is_empty() {
                statement.add("publication AS p WHERE TRUE", Vec::new());
            } else if postgres {
                let words = grams.into_iter().collect::<Vec<_>>().join(" ");
                statement.add(GRAMS_POSTGRES, vec![Value::Text(words)]);
            } else {
                // Every gram is a word of its own, quoted: nothing in it is an operator.
                let words: Vec<String> = grams.into_iter().map(|gram| format!("\"{gram}\"")).collect();
                statement.add(GRAMS_SQLITE, vec![Value::Text(words.join(" "))]);
                column = &BY_GRAM;
            }
            if let Reach::Wide(person) = filter.reach {
                statement.add(IS_THEIRS, vec![Value::Id(person.0)]);
            }
        }
    }
    statement.add(" AND p.side = ?", vec![Value::Text(filter.side.id().to_owned())]);
    // What its gram says of a keyword of one or two characters is all there is to say.
    if let Some(keyword) = filter.keyword.as_ref().filter(|keyword| !by_gram || keyword.chars().nth(2).is_some()) {
        let contains = if postgres { " AND STRPOS(p.name_key, ?) > 0" } else { " AND INSTR(p.name_key, ?) > 0" };
        statement.add(contains, vec![Value::Text(keyword.clone())]);
    }
    if let Some(key) = filter.key {
        statement.add(" AND p.key = ?", vec![Value::Number(key)]);
    }
    if let Some(system) = filter.system {
        statement.add(" AND p.system_id = ?", vec![Value::Id(system)]);
    }
    if let Some(state) = filter.state {
        statement.add(" AND p.state = ?", vec![Value::Text(state.id().to_owned())]);
    }
    if let Some(channel) = filter.channel {
        statement.add(" AND (p.channels & ?) <> 0", vec![Value::Number(i64::from(channel))]);
    }
    if let Some(region) = filter.region {
        const SITE: &str =
            " AND EXISTS (SELECT 1 FROM publication_site AS s WHERE s.publication_key = p.key AND s.region = ?)";
        statement.add(SITE, vec![Value::Number(i64::from(region))]);
    }
    if let Some(from) = filter.updated_from {
        statement.add(" AND p.updated_at >= ?", vec![Value::Number(from)]);
    }
    Some((statement, column))
}
