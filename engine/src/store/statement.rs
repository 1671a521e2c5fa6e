//! Statements that are joined at run time from constants, with values always bound: the one place that tells the driver so.

use super::{Conn, StoreResult, on};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

/// A value on its way to a placeholder.
pub(super) enum Value {
    Number(i64),
    Text(String),
    Id(Uuid),
    MaybeId(Option<Uuid>),
    Flag(bool),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// A statement being joined.
pub(super) struct Statement {
    text: String,
    values: Vec<Value>,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// From the newest on.
    First,
    /// After this key, downwards.
    Before(i64),
    /// Above this key: nearest first.
    After(i64),
}

/// The key of the list's order, as the leading table has it: so nothing has to be sorted.
pub(super) struct KeyColumn {
    pub(super) below: &'static str,
    pub(super) above: &'static str,
    pub(super) ascending: &'static str,
    pub(super) descending: &'static str,
}

/// Binds the values in their order; a macro, since each database has a type of query of its own.
macro_rules! bound {
    ($query:expr, $values:expr) => {
        $values.into_iter().fold($query, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::Id(id) => query.bind(id),
            Value::MaybeId(id) => query.bind(id),
            Value::Flag(flag) => query.bind(flag),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    };
}
pub(super) use bound;

/// A statement over a list that is given as one JSON array in `$1`, in the two dialects: SQLite's, PostgreSQL's.
macro_rules! over_list {
    ($before:expr, $kind:literal, $after:expr) => {
        [
            concat!($before, "(SELECT value FROM json_each($1))", $after),
            concat!(
                $before,
                "(SELECT CAST(item AS ",
                $kind,
                ") FROM json_array_elements_text(CAST($1 AS JSON)) AS given (item))",
                $after
            ),
        ]
    };
}
pub(super) use over_list;

impl Statement {
    pub(super) fn starting(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a constant; each `?` in it becomes the next placeholder, for one of `values`.
    pub(super) fn add(&mut self, text: &'static str, values: Vec<Value>) {
        let mut pieces = text.split('?');
        self.text.push_str(pieces.next().unwrap_or_default());
        for (value, piece) in values.into_iter().zip(pieces) {
            self.values.push(value);
            self.text.push_str(&format!("${}{piece}", self.values.len()));
        }
    }

    /// The part of the list, in its order.
    pub(super) fn add_part(&mut self, column: &KeyColumn, part: Part, limit: i64) {
        let n = |number| vec![Value::Number(number)];
        let order = match part {
            Part::First => column.descending,
            Part::Before(key) => {
                self.add(column.below, n(key));
                column.descending
            }
            Part::After(key) => {
                self.add(column.above, n(key));
                column.ascending
            }
        };
        self.add(order, n(limit));
    }

    pub(super) fn into_parts(self) -> (String, Vec<Value>) {
        (self.text, self.values)
    }

    /// The rows.
    pub(super) async fn rows<T>(self, conn: &mut Conn) -> StoreResult<Vec<T>>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        on!(conn, c => Ok(bound!(sqlx::query_as(AssertSqlSafe(self.text)), self.values).fetch_all(c).await?))
    }

    /// The text, and how SQLite would find its answer, a line a step.
    #[cfg(feature = "bench")]
    pub(super) async fn plan(self, conn: &mut Conn) -> StoreResult<(String, Vec<String>)> {
        let steps = plan_of(conn, &self.text).await?;
        Ok((self.text, steps))
    }

    /// The one number that it asks for.
    pub(super) async fn number(self, conn: &mut Conn) -> StoreResult<i64> {
        on!(conn, c => Ok(bound!(sqlx::query_scalar(AssertSqlSafe(self.text)), self.values).fetch_one(c).await?))
    }
}

/// How SQLite would find the answer of a statement, a line a step; what is below a step stands further right.
#[cfg(feature = "bench")]
pub(super) async fn plan_of(conn: &mut Conn, text: &str) -> StoreResult<Vec<String>> {
    let explain = format!("EXPLAIN QUERY PLAN {text}");
    let rows: Vec<(i64, i64, i64, String)> = on!(conn, c => sqlx::query_as(AssertSqlSafe(explain)).fetch_all(c).await)?;
    let mut depths = std::collections::HashMap::from([(0, 0)]);
    let line = |(id, parent, _, detail): (i64, i64, i64, String)| {
        let depth = depths.get(&parent).copied().unwrap_or_default();
        depths.insert(id, depth + 1);
        format!("{}{detail}", "  ".repeat(depth))
    };
    Ok(rows.into_iter().map(line).collect())
}
