//! Statements that wait for the next one of their transaction: on SQLite each trip to the writer's thread costs more than most
//! statements (docs/benchmarks.md), so those whose outcome nobody reads travel with the next, as one text.
//!
//! They run in their order, before whatever comes next and before the commit; the first that fails ends the text, and with it
//! the transaction. On PostgreSQL nothing waits. Start reading at [`later`].

use super::statement::{Value, bound};
use super::{Conn, StoreResult, on};
use sqlx::postgres::PgRow;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow};

/// Statements that became one text.
#[derive(Default)]
pub(super) struct Joined {
    text: String,
    values: Vec<Value>,
    statements: usize,
}

impl Joined {
    /// Adds a statement; its `$1` becomes the first placeholder that is free.
    pub(super) fn add(&mut self, statement: &str, values: Vec<Value>) {
        let before = self.values.len();
        let mut pieces = statement.split('$');
        self.text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = piece.split_at(digits);
            match number.parse::<usize>() {
                Ok(number) => self.text.push_str(&format!("${}{rest}", before + number)),
                // A path of JSON: no placeholder.
                Err(_) => self.text.push_str(&format!("${piece}")),
            }
        }
        self.text.push(';');
        self.values.extend(values);
        self.statements += 1;
    }

    /// How many they are.
    pub(super) fn statements(&self) -> usize {
        self.statements
    }

    pub(super) fn into_parts(self) -> (String, Vec<Value>) {
        (self.text, self.values)
    }
}

/// The one writer of SQLite, with what waits.
pub(crate) struct SqliteWriter {
    connection: SqliteConnection,
    waiting: Joined,
    /// Number and hash of the newest audit event, once this transaction has read or written one.
    pub(super) audit_head: Option<(i64, Vec<u8>)>,
}

impl SqliteWriter {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self { connection, waiting: Joined::default(), audit_head: None }
    }

    /// Nothing of an earlier transaction is known any longer.
    pub(super) fn begin(&mut self) {
        self.audit_head = None;
        self.waiting.add("BEGIN IMMEDIATE", Vec::new());
    }

    /// The connection, after what waits.
    pub(super) async fn ready(&mut self) -> StoreResult<&mut SqliteConnection> {
        if self.waiting.statements() > 0 {
            // Apart, so that not every statement's future has room for it.
            Box::pin(self.flush()).await?;
        }
        Ok(&mut self.connection)
    }

    async fn flush(&mut self) -> StoreResult<()> {
        let (connection, waiting) = self.with_what_waits();
        let (text, values) = waiting.into_parts();
        bound!(sqlx::query(AssertSqlSafe(text)), values).execute(connection).await?;
        Ok(())
    }

    /// The connection, and what has to go before.
    pub(super) fn with_what_waits(&mut self) -> (&mut SqliteConnection, Joined) {
        (&mut self.connection, std::mem::take(&mut self.waiting))
    }

    /// The connection at once: what waits is given up, at a rollback.
    pub(super) fn given_up(&mut self) -> &mut SqliteConnection {
        self.with_what_waits().0
    }

    pub(super) fn into_connection(self) -> SqliteConnection {
        self.connection
    }
}

/// Runs a statement whose outcome nobody reads: at the latest with the commit. What it violates becomes the error of the
/// transaction.
pub(super) async fn later(conn: &mut Conn, statement: &'static str, values: Vec<Value>) -> StoreResult<()> {
    if let Conn::SqliteWriter(writer) = conn {
        writer.waiting.add(statement, values);
        return Ok(());
    }
    on!(conn, c => bound!(sqlx::query(statement), values).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The rows of a statement, together with what waits.
pub(super) async fn rows<T>(conn: &mut Conn, statement: &'static str, values: Vec<Value>) -> StoreResult<Vec<T>>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    if let Conn::SqliteWriter(writer) = conn {
        let (connection, mut joined) = writer.with_what_waits();
        joined.add(statement, values);
        let (text, values) = joined.into_parts();
        return Ok(bound!(sqlx::query_as(AssertSqlSafe(text)), values).fetch_all(connection).await?);
    }
    on!(conn, c => Ok(bound!(sqlx::query_as(statement), values).fetch_all(c).await?))
}
