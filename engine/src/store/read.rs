//! Reads that travel together: on SQLite each trip to a connection's thread costs more than most statements
//! (docs/benchmarks.md), so reads that need nothing of each other go as one text, like the writes of [`super::waiting`]. On
//! PostgreSQL they go one after the other. Start reading at [`together`].

use super::statement::{Statement, Value, bound};
use super::waiting::Joined;
use super::{Conn, StoreError, StoreResult};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Either, Executor, FromRow};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A read that has not been made yet; its rows are `T`s.
pub(crate) struct Read<T> {
    text: Cow<'static, str>,
    values: Vec<Value>,
    rows: PhantomData<fn() -> T>,
}

impl<T> Read<T> {
    /// A constant text, for these values.
    pub(super) fn new(text: &'static str, values: Vec<Value>) -> Self {
        Self { text: Cow::Borrowed(text), values, rows: PhantomData }
    }
}

impl<T> From<Statement> for Read<T> {
    fn from(statement: Statement) -> Self {
        let (text, values) = statement.into_parts();
        Self { text: Cow::Owned(text), values, rows: PhantomData }
    }
}

/// Makes the reads of a tuple, and returns the rows of each.
pub(crate) async fn together<R: Reads>(conn: &mut Conn, reads: R) -> StoreResult<R::Rows> {
    let mut texts = Vec::new();
    reads.put(&mut texts);
    match conn {
        Conn::SqliteReader(c) => R::sqlite(sqlite(&mut *c, Joined::default(), texts).await?),
        Conn::SqliteWriter(writer) => {
            let (connection, waiting) = writer.with_what_waits();
            R::sqlite(sqlite(connection, waiting, texts).await?)
        }
        Conn::PostgresReader(c) => R::postgres(postgres(&mut *c, texts).await?),
        Conn::PostgresWriter(c) => R::postgres(postgres(&mut *c, texts).await?),
    }
}

/// A read without its type.
pub(crate) struct Text(Cow<'static, str>, Vec<Value>);

/// The rows of each read, after what waits.
async fn sqlite(c: &mut SqliteConnection, mut joined: Joined, texts: Vec<Text>) -> StoreResult<Vec<Vec<SqliteRow>>> {
    let (waiting, reads) = (joined.statements(), texts.len());
    for Text(text, values) in texts {
        joined.add(&text, values);
    }
    let mut answers = vec![Vec::new()];
    let (text, values) = joined.into_parts();
    let mut answer = c.fetch_many(bound!(sqlx::query(AssertSqlSafe(text)), values));
    while let Some(next) = answer.try_next().await? {
        match (next, answers.last_mut()) {
            (Either::Right(row), Some(rows)) => rows.push(row),
            // Each statement ends with its count of changes.
            (Either::Left(_), _) | (Either::Right(_), None) => answers.push(Vec::new()),
        }
    }
    let answers: Vec<_> = answers.into_iter().skip(waiting).take(reads).collect();
    // Never to be taken for "no rows".
    if answers.len() == reads { Ok(answers) } else { Err(StoreError::Closed) }
}

async fn postgres(c: &mut PgConnection, texts: Vec<Text>) -> StoreResult<Vec<Vec<PgRow>>> {
    let mut answers = Vec::with_capacity(texts.len());
    for Text(text, values) in texts {
        answers.push(bound!(sqlx::query(AssertSqlSafe(text.into_owned())), values).fetch_all(&mut *c).await?);
    }
    Ok(answers)
}

fn decoded<'r, R, T: FromRow<'r, R>>(rows: Option<&'r Vec<R>>) -> StoreResult<Vec<T>>
where
    R: sqlx::Row,
{
    Ok(rows.map(|rows| rows.iter().map(T::from_row).collect::<Result<_, _>>()).transpose()?.unwrap_or_default())
}

/// A tuple of reads.
pub(crate) trait Reads {
    /// The rows of each.
    type Rows;
    /// The texts, in order.
    fn put(self, texts: &mut Vec<Text>);
    /// The rows, from SQLite's.
    fn sqlite(answers: Vec<Vec<SqliteRow>>) -> StoreResult<Self::Rows>;
    /// The rows, from PostgreSQL's.
    fn postgres(answers: Vec<Vec<PgRow>>) -> StoreResult<Self::Rows>;
}

macro_rules! reads {
    ($($T:ident)*) => {
        impl<$($T),*> Reads for ($(Read<$T>,)*)
        where
            $($T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,)*
        {
            type Rows = ($(Vec<$T>,)*);

            #[expect(non_snake_case, reason = "a type's parameter names its read")]
            fn put(self, texts: &mut Vec<Text>) {
                let ($($T,)*) = self;
                $(texts.push(Text($T.text, $T.values));)*
            }

            fn sqlite(answers: Vec<Vec<SqliteRow>>) -> StoreResult<Self::Rows> {
                let mut answers = answers.iter();
                Ok(($(decoded::<SqliteRow, $T>(answers.next())?,)*))
            }

            fn postgres(answers: Vec<Vec<PgRow>>) -> StoreResult<Self::Rows> {
                let mut answers = answers.iter();
                Ok(($(decoded::<PgRow, $T>(answers.next())?,)*))
            }
        }
    };
}
reads!(A B);
reads!(A B C D);
