//! One consistent look at a whole database, copied into a folder while others write. It must never hold a writer up. Start
//! reading at [`take`]; [`super::restore`] is the way back.

mod postgres;
mod sqlite;

pub(super) use postgres::{columns_of, tables as postgres_tables};

use super::db::Address;
use super::{Conn, StoreError, StoreResult, audit_event, on};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;
use std::path::Path;
use tokio::io::{AsyncWriteExt, BufWriter};

/// Which database; a backup of one is no backup of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// What was copied, as the manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taken {
    pub(crate) kind: Kind,
    /// The number of the last migration.
    pub(crate) schema: i64,
    /// By name.
    pub(crate) tables: Vec<Table>,
    /// PostgreSQL's: SQLite's are a table in its file.
    pub(crate) sequences: Vec<Sequence>,
    /// The newest audit event: number, and hash in hexadecimal.
    pub(crate) audit: (i64, String),
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// As PostgreSQL's file has them; none of SQLite's.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: u64,
}

/// Where a sequence stands: numbers that were given out are never given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sequence {
    pub(crate) name: String,
    /// `None`: nothing was taken of it.
    pub(crate) value: Option<i64>,
}

/// SQLite's file in a backup.
pub(super) const SQLITE_FILE: &str = "irs.db";

/// The file of a table of PostgreSQL in a backup.
pub(super) fn file_of(table: &str) -> String {
    format!("{table}.copy")
}

/// Where [`take`] notes the places of files that rows name, a line each.
pub(crate) const NAMED_FILE: &str = "named.txt";

/// Files that rows name: what people gave us, and what versions are made of. An empty word is none, and a package that was none is not
/// kept.
const NAMED: &str = "SELECT 'blob/' || icon FROM publication WHERE icon <> ''
    UNION SELECT 'blob/' || package FROM version WHERE package NOT IN (SELECT package FROM refused_package) UNION SELECT 'blob/' || hash FROM attachment
    UNION SELECT 'built/' || bundle FROM build_result";

/// Of a database that has no table of refused packages yet: all that people sent was kept.
const NAMED_BEFORE: &str = "SELECT 'blob/' || icon FROM publication WHERE icon <> ''
    UNION SELECT 'blob/' || package FROM version UNION SELECT 'blob/' || hash FROM attachment
    UNION SELECT 'built/' || bundle FROM build_result";

/// The migration that makes the table.
const REFUSED_PACKAGE: i64 = 33;

/// The number of the last migration.
const SCHEMA: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success";

/// Copies the database, as it is at one moment, into a folder that is there and empty; and what it names beside that.
///
/// # Errors
/// It is not there, is not ours, or can't be read; the folder can't be written.
pub(crate) async fn take(address: &str, folder: &Path, database: &Path) -> StoreResult<Taken> {
    let named = folder.join(NAMED_FILE);
    match Address::of(address)? {
        Address::Sqlite(file) => sqlite::take(file, database, &named).await,
        Address::Postgres(options) => postgres::take(*options, database, &named).await,
    }
}

/// Notes what rows name.
async fn note_names(conn: &mut Conn, file: &Path) -> StoreResult<()> {
    let failed = |cause| io(file, &cause);
    let mut to = BufWriter::new(tokio::fs::File::create(file).await.map_err(failed)?);
    let schema: i64 = on!(conn, c => sqlx::query_scalar(SCHEMA).fetch_one(c).await)?;
    let named = if schema < REFUSED_PACKAGE { NAMED_BEFORE } else { NAMED };
    on!(conn, c => {
        let mut names = sqlx::query_scalar::<_, String>(named).fetch(c);
        while let Some(name) = names.try_next().await? {
            to.write_all(format!("{name}\n").as_bytes()).await.map_err(failed)?;
        }
    });
    to.flush().await.map_err(failed)
}

/// What is in the database, but for sequences and columns.
pub(super) async fn described(conn: &mut Conn) -> StoreResult<Taken> {
    let kind = if conn.is_postgres() { Kind::Postgres } else { Kind::Sqlite };
    let mut tables = match kind {
        Kind::Sqlite => sqlite::tables(conn).await?,
        Kind::Postgres => postgres::tables(conn).await?,
    };
    if !tables.iter().any(|table| table.name == "audit_event") {
        return Err(StoreError::Setting("the database has no tables of this product".to_owned()));
    }
    for table in &mut tables {
        // A name of the database's own catalogue.
        let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{}\"", table.name));
        let rows: i64 = on!(conn, c => sqlx::query_scalar(count).fetch_one(c).await)?;
        table.rows = u64::try_from(rows).unwrap_or_default();
    }
    let schema = on!(conn, c => sqlx::query_scalar(SCHEMA).fetch_one(c).await)?;
    let (number, hash) = audit_event::head(conn).await?;
    let audit = (number, crate::files::hex(&hash));
    Ok(Taken { kind, schema, tables, sequences: Vec::new(), audit })
}

/// A failure with a file, which is named.
pub(super) fn io(file: &Path, cause: &std::io::Error) -> StoreError {
    StoreError::Setting(format!("{}: {cause}", file.display()))
}
