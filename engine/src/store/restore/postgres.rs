//! PostgreSQL: schema, rows, constraints, all in one transaction. It asks for no rights but those of the tables' owner: so
//! foreign keys are taken away for the loading (they go in circles) and made anew, which checks them.

use super::super::db::{self, POSTGRES_SCHEMA, migrated};
use super::super::snapshot::{Taken, columns_of, file_of, io, postgres_tables};
use super::super::{Conn, StoreError, StoreResult};
use super::{Place, Restoring};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Executor};
use std::path::Path;
use tokio::io::AsyncReadExt;

/// Of a file at once. Bytes.
const PIECE: usize = 256 * 1024;

pub(super) async fn in_the_way(options: PgConnectOptions) -> StoreResult<Option<String>> {
    let pool = db::postgres(options).await?;
    let found = relations(&mut *pool.acquire().await?).await;
    pool.close().await;
    found
}

async fn relations(connection: &mut PgConnection) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT CAST(relname AS TEXT) FROM pg_class
        WHERE relnamespace = CAST(CURRENT_SCHEMA() AS regnamespace) AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        ORDER BY relname LIMIT 1";
    let found: Option<String> = sqlx::query_scalar(SQL).fetch_optional(connection).await?;
    Ok(found.map(|name| format!("the database has tables ({name})")))
}

pub(super) async fn load(options: PgConnectOptions, taken: &Taken, folder: &Path) -> StoreResult<Restoring> {
    let pool = db::postgres(options).await?;
    // Of one snapshot: if a server migrates the database meanwhile, making the first table fails, and nobody's rows are lost.
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    if let Some(what) = relations(&mut transaction).await? {
        return Err(StoreError::Setting(what));
    }
    migrated(POSTGRES_SCHEMA.run_to(taken.schema, &mut *transaction).await)?;
    let mut conn = Conn::PostgresWriter(transaction);
    let there = postgres_tables(&mut conn).await?;
    // What the manifest names is put into statements only if the catalogue names it, too.
    let names = |tables: &[super::super::snapshot::Table]| {
        tables.iter().map(|table| (table.name.clone(), table.columns.clone())).collect::<Vec<_>>()
    };
    if names(&there) != names(&taken.tables) {
        let said = "the backup has not the tables of its schema: it was made of a database that was changed by hand";
        return Err(StoreError::Setting(said.to_owned()));
    }
    let Conn::PostgresWriter(transaction) = &mut conn else { return Err(StoreError::Closed) };
    let keys = without_guards(transaction, taken).await?;
    for table in &taken.tables {
        let file = folder.join(file_of(&table.name));
        copy(transaction, &format!("COPY {} FROM STDIN", columns_of(table)), &file).await?;
    }
    with_guards(transaction, taken, &keys).await?;
    Ok(Restoring { conn, place: Place::Postgres(pool) })
}

/// A foreign key: its table, its name, its text, as statements take them.
type ForeignKey = (String, String, String);

/// Takes foreign keys and triggers away, and the rows that migrations make.
async fn without_guards(connection: &mut PgConnection, taken: &Taken) -> StoreResult<Vec<ForeignKey>> {
    const KEYS: &str =
        "SELECT CAST(CAST(conrelid AS regclass) AS TEXT), quote_ident(conname), pg_get_constraintdef(oid)
        FROM pg_constraint WHERE contype = 'f' AND connamespace = CAST(CURRENT_SCHEMA() AS regnamespace)
        ORDER BY conname, conrelid";
    let keys: Vec<ForeignKey> = sqlx::query_as(KEYS).fetch_all(&mut *connection).await?;
    for (table, key, _) in &keys {
        run(connection, format!("ALTER TABLE {table} DROP CONSTRAINT {key}")).await?;
    }
    for table in &taken.tables {
        run(connection, format!("ALTER TABLE \"{}\" DISABLE TRIGGER USER", table.name)).await?;
    }
    for table in &taken.tables {
        run(connection, format!("TRUNCATE \"{}\"", table.name)).await?;
    }
    Ok(keys)
}

async fn with_guards(connection: &mut PgConnection, taken: &Taken, keys: &[ForeignKey]) -> StoreResult<()> {
    const SEQUENCE: &str = "SELECT setval(CAST(quote_ident($1) AS regclass), $2)";
    for (table, key, text) in keys {
        run(connection, format!("ALTER TABLE {table} ADD CONSTRAINT {key} {text}")).await?;
    }
    for table in &taken.tables {
        run(connection, format!("ALTER TABLE \"{}\" ENABLE TRIGGER USER", table.name)).await?;
    }
    for sequence in &taken.sequences {
        let Some(value) = sequence.value else { continue };
        sqlx::query(SEQUENCE).bind(&sequence.name).bind(value).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn copy(connection: &mut PgConnection, statement: &str, file: &Path) -> StoreResult<()> {
    let failed = |cause| io(file, &cause);
    let mut from = tokio::fs::File::open(file).await.map_err(failed)?;
    let mut to = connection.copy_in_raw(statement).await?;
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece).await.map_err(failed)? {
            0 => break,
            read => drop(to.send(&piece[..read]).await?),
        }
    }
    to.finish().await?;
    Ok(())
}

/// A statement about what the catalogue names.
async fn run(connection: &mut PgConnection, statement: String) -> StoreResult<()> {
    connection.execute(AssertSqlSafe(statement)).await?;
    Ok(())
}
