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

/// The one writer of SQLite, with what waits.
pub(crate) struct SqliteWriter {
    connection: SqliteConnection,
    text: String,
    values: Vec<Value>,
}

impl SqliteWriter {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self { connection, text: String::new(), values: Vec::new() }
    }

    /// The connection, after what waits.
    pub(super) async fn ready(&mut self) -> StoreResult<&mut SqliteConnection> {
        if !self.text.is_empty() {
            // Apart, so that not every statement's future has room for it.
            Box::pin(self.flush()).await?;
        }
        Ok(&mut self.connection)
    }

    async fn flush(&mut self) -> StoreResult<()> {
        let (text, values) = self.take();
        bound!(sqlx::query(AssertSqlSafe(text)), values).execute(&mut self.connection).await?;
        Ok(())
    }

    /// The connection at once: what waits is given up, at a rollback.
    pub(super) fn given_up(&mut self) -> &mut SqliteConnection {
        drop(self.take());
        &mut self.connection
    }

    pub(super) fn into_connection(self) -> SqliteConnection {
        self.connection
    }

    /// Adds a statement; its `$1` becomes the first placeholder that is free.
    pub(super) fn add(&mut self, statement: &'static str, values: Vec<Value>) {
        let before = self.values.len();
        let mut pieces = statement.split('$');
        self.text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = piece.split_at(digits);
            let number: usize = number.parse().unwrap_or_default();
            self.text.push_str(&format!("${}{rest}", before + number));
        }
        self.text.push(';');
        self.values.extend(values);
    }

    fn take(&mut self) -> (String, Vec<Value>) {
        (std::mem::take(&mut self.text), std::mem::take(&mut self.values))
    }
}

/// Runs a statement whose outcome nobody reads: at the latest with the commit. What it violates becomes the error of the
/// transaction.
pub(super) async fn later(conn: &mut Conn, statement: &'static str, values: Vec<Value>) -> StoreResult<()> {
    if let Conn::SqliteWriter(writer) = conn {
        writer.add(statement, values);
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
        writer.add(statement, values);
        let (text, values) = writer.take();
        return Ok(bound!(sqlx::query_as(AssertSqlSafe(text)), values).fetch_all(&mut writer.connection).await?);
    }
    on!(conn, c => Ok(bound!(sqlx::query_as(statement), values).fetch_all(c).await?))
}
