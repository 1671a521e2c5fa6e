//! SQLite: `VACUUM INTO` reads one snapshot of the write-ahead log, from a process of its own; the writer goes on meanwhile.

use super::super::db::there;
use super::super::waiting::SqliteWriter;
use super::super::{Conn, StoreResult, on};
use super::{SQLITE_FILE, Table, Taken, described, io, note_names};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;

pub(super) async fn take(file: &Path, folder: &Path, named: &Path) -> StoreResult<Taken> {
    let copy = folder.join(SQLITE_FILE);
    // Without the settings of a writer: they would be written.
    let options = SqliteConnectOptions::new().filename(there(file)?).read_only(true).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query("VACUUM INTO $1").bind(copy.to_string_lossy().into_owned()).execute(&mut connection).await?;
    connection.close().await?;
    // SQLite itself does not sync it.
    std::fs::File::open(&copy).and_then(|made| made.sync_all()).map_err(|cause| io(&copy, &cause))?;
    let connection = SqliteConnection::connect_with(&options.filename(&copy).immutable(true)).await?;
    let mut conn = Conn::SqliteWriter(Box::new(SqliteWriter::new(connection)));
    let taken = described(&mut conn).await;
    note_names(&mut conn, named).await?;
    if let Conn::SqliteWriter(writer) = conn {
        writer.into_connection().close().await?;
    }
    taken
}

/// Our tables, not counted. What the keyword index is made of goes with its file.
pub(super) async fn tables(conn: &mut Conn) -> StoreResult<Vec<Table>> {
    const SQL: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
        AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations' ORDER BY name";
    let names: Vec<String> = on!(conn, c => sqlx::query_scalar(SQL).fetch_all(c).await)?;
    Ok(names.into_iter().map(|name| Table { name, columns: Vec::new(), rows: 0 }).collect())
}
