//! The lists of publications: the one place where a statement is joined at run time, from the constants of this file; values are
//! always bound.
//!
//! Newest first, by keyset. The cost follows the page: a keyword is found by its grams, and what the grams allow is checked on the row.

use super::publication::PublicationRow;
use super::{Conn, StoreResult, grams, on};
use domain::{PersonId, Side, State};
use sqlx::AssertSqlSafe;
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

/// Only what a person administers, found in one of two ways.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach {
    /// The person has few: take all of theirs, then filter and order them.
    Narrow(PersonId),
    /// The person has many: walk the list (or the keyword's rows) in order, and leave out what is not theirs.
    Wide(PersonId),
}

/// Which part of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// From the newest on.
    First,
    /// After this key, downwards.
    Before(i64),
    /// Above this key: nearest first.
    After(i64),
}

const COLUMNS: &str = "SELECT p.key, p.id, p.version, p.side, p.kind, p.channels, p.hosted, p.linked, p.state, p.name,
    p.icon, p.republished, p.configuring_from, p.turn_since, p.updated_at FROM ";

/// A value on its way to a placeholder.
enum Value {
    Number(i64),
    Text(String),
    Id(Uuid),
}

/// A statement being joined.
struct Statement {
    text: String,
    values: Vec<Value>,
    /// What the list is ordered by.
    column: &'static KeyColumn,
}

/// The key of the list's order, as the leading table has it: so nothing has to be sorted.
struct KeyColumn {
    below: &'static str,
    above: &'static str,
    ascending: &'static str,
    descending: &'static str,
}

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

/// Binds the values in their order; a macro, since each database has a type of query of its own.
macro_rules! bound {
    ($query:expr, $values:expr) => {
        $values.into_iter().fold($query, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::Id(id) => query.bind(id),
        })
    };
}

impl Statement {
    fn starting(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new(), column: &BY_PUBLICATION }
    }

    /// Adds a constant; each `?` in it becomes the next placeholder, for one of `values`.
    fn add(&mut self, text: &'static str, values: Vec<Value>) {
        let mut pieces = text.split('?');
        self.text.push_str(pieces.next().unwrap_or_default());
        for (value, piece) in values.into_iter().zip(pieces) {
            self.values.push(value);
            self.text.push_str(&format!("${}{piece}", self.values.len()));
        }
    }
}

/// Rows of the list, newest first (with [`Part::After`]: nearest first), at most `limit`.
pub(crate) async fn rows(conn: &mut Conn, filter: &Filter, part: Part, limit: i64) -> StoreResult<Vec<PublicationRow>> {
    let Some(mut statement) = filtered(COLUMNS, filter, conn.is_postgres()) else { return Ok(Vec::new()) };
    let n = |number| vec![Value::Number(number)];
    let order = match part {
        Part::First => statement.column.descending,
        Part::Before(key) => {
            statement.add(statement.column.below, n(key));
            statement.column.descending
        }
        Part::After(key) => {
            statement.add(statement.column.above, n(key));
            statement.column.ascending
        }
    };
    statement.add(order, n(limit));
    on!(conn, c => Ok(bound!(sqlx::query_as(AssertSqlSafe(statement.text)), statement.values).fetch_all(c).await?))
}

/// How many rows the filter has, counted up to `most`.
pub(crate) async fn count(conn: &mut Conn, filter: &Filter, most: i64) -> StoreResult<i64> {
    let Some(mut statement) = filtered("SELECT COUNT(*) FROM (SELECT 1 FROM ", filter, conn.is_postgres()) else {
        return Ok(0);
    };
    statement.add(" LIMIT ?) AS found", vec![Value::Number(most)]);
    on!(conn, c => Ok(bound!(sqlx::query_scalar(AssertSqlSafe(statement.text)), statement.values).fetch_one(c).await?))
}

/// The statement up to its order; `None` where no name can have the keyword.
fn filtered(head: &str, filter: &Filter, postgres: bool) -> Option<Statement> {
    let mut statement = Statement::starting(head);
    let grams = match &filter.keyword {
        Some(keyword) if !grams::is_searchable(keyword) => return None,
        Some(keyword) => grams::of_keyword(keyword),
        None => BTreeSet::new(),
    };
    // SQLite takes CROSS JOIN as the order of the loops.
    const THEIRS_SQLITE: &str =
        "application_system_administrator AS a CROSS JOIN publication AS p ON p.system_id = a.system_id
        WHERE a.person_id = ?";
    const THEIRS_POSTGRES: &str = "application_system_administrator AS a JOIN publication AS p ON p.system_id = a.system_id WHERE a.person_id = ?";
    const GRAMS_SQLITE: &str =
        "publication_gram AS g CROSS JOIN publication AS p ON p.key = g.rowid WHERE publication_gram MATCH ?";
    const GRAMS_POSTGRES: &str = "publication AS p WHERE p.grams @> STRING_TO_ARRAY(?, ' ')";
    const IS_THEIRS: &str = " AND EXISTS (SELECT 1 FROM application_system_administrator AS a
        WHERE a.person_id = ? AND a.system_id = p.system_id)";
    match filter.reach {
        Reach::Narrow(person) => {
            statement.add(if postgres { THEIRS_POSTGRES } else { THEIRS_SQLITE }, vec![Value::Id(person.0)]);
        }
        Reach::Wide(person) => {
            if grams.is_empty() {
                statement.add("publication AS p WHERE TRUE", Vec::new());
            } else if postgres {
                let words = grams.into_iter().collect::<Vec<_>>().join(" ");
                statement.add(GRAMS_POSTGRES, vec![Value::Text(words)]);
            } else {
                // Every gram is a word of its own, quoted: nothing in it is an operator.
                let words: Vec<String> = grams.into_iter().map(|gram| format!("\"{gram}\"")).collect();
                statement.add(GRAMS_SQLITE, vec![Value::Text(words.join(" "))]);
                statement.column = &BY_GRAM;
            }
            statement.add(IS_THEIRS, vec![Value::Id(person.0)]);
        }
    }
    statement.add(" AND p.side = ?", vec![Value::Text(filter.side.id().to_owned())]);
    if let Some(keyword) = &filter.keyword {
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
    Some(statement)
}
