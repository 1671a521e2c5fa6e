//! PostgreSQL: all tables in one read-only transaction of one snapshot, as text, which every version reads; no program of
//! PostgreSQL's own is needed, and no table is ever in memory.

use super::super::db;
use super::super::{Conn, StoreError, StoreResult};
use super::{Sequence, Table, Taken, described, file_of, io, note_names};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::path::Path;
use tokio::io::AsyncWriteExt;

pub(super) async fn take(options: PgConnectOptions, folder: &Path, named: &Path) -> StoreResult<Taken> {
    let pool = db::postgres(options).await?;
    let transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let mut conn = Conn::PostgresWriter(transaction);
    let mut taken = described(&mut conn).await?;
    taken.sequences = sequences(&mut conn).await?;
    note_names(&mut conn, named).await?;
    let Conn::PostgresWriter(mut transaction) = conn else { return Err(StoreError::Closed) };
    for table in &taken.tables {
        let rows = copy(&mut transaction, table, &folder.join(file_of(&table.name))).await?;
        if rows != table.rows {
            let said = format!("the table {} has {} rows, but {rows} came", table.name, table.rows);
            return Err(StoreError::Setting(said));
        }
    }
    transaction.rollback().await?;
    pool.close().await;
    Ok(taken)
}

/// Writes a table's rows, a line each; answers how many.
async fn copy(connection: &mut PgConnection, table: &Table, file: &Path) -> StoreResult<u64> {
    let failed = |cause| io(file, &cause);
    let mut to = tokio::fs::File::create(file).await.map_err(failed)?;
    let mut rows = 0;
    let mut pieces = connection.copy_out_raw(&format!("COPY {} TO STDOUT", columns_of(table))).await?;
    while let Some(piece) = pieces.try_next().await? {
        // A line feed inside of a value is written as two letters.
        rows += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
        to.write_all(&piece).await.map_err(failed)?;
    }
    to.flush().await.map_err(failed)?;
    to.sync_all().await.map_err(failed)?;
    Ok(rows)
}

/// The table with its columns, as COPY takes it; names of the database's own catalogue.
pub(in crate::store) fn columns_of(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
    format!("\"{}\" ({})", table.name, columns.join(", "))
}

/// Our tables with their columns, not counted.
pub(in crate::store) async fn tables(conn: &mut Conn) -> StoreResult<Vec<Table>> {
    const SQL: &str = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = CAST(CURRENT_SCHEMA() AS regnamespace) AND c.relkind = 'r'
          AND c.relname <> '_sqlx_migrations' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        ORDER BY c.relname, a.attnum";
    let Conn::PostgresWriter(c) = conn else { return Err(StoreError::Closed) };
    let found: Vec<(String, String)> = sqlx::query_as(SQL).fetch_all(&mut **c).await?;
    let mut tables: Vec<Table> = Vec::new();
    for (name, column) in found {
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push(column),
            _ => tables.push(Table { name, columns: vec![column], rows: 0 }),
        }
    }
    Ok(tables)
}

/// Where the sequences stand. They are of no snapshot: a number may be lost, none is given twice.
async fn sequences(conn: &mut Conn) -> StoreResult<Vec<Sequence>> {
    const SQL: &str = "SELECT CAST(sequencename AS TEXT), last_value FROM pg_sequences
        WHERE schemaname = CURRENT_SCHEMA() ORDER BY sequencename";
    let Conn::PostgresWriter(c) = conn else { return Err(StoreError::Closed) };
    let found: Vec<(String, Option<i64>)> = sqlx::query_as(SQL).fetch_all(&mut **c).await?;
    Ok(found.into_iter().map(|(name, value)| Sequence { name, value }).collect())
}
