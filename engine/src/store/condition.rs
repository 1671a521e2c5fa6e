//! How the database does, as `doctor` asks: read-only, beside whoever serves. Start reading at [`open`].

use super::db::{self, Address, POSTGRES_CONNECTIONS, there};
use super::restore::newest_schema;
use super::snapshot::Kind;
use super::waiting::SqliteWriter;
use super::{Conn, StoreResult, on};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::collections::BTreeMap;

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) settings: Settings,
    pub(crate) schema: Schema,
    /// When the newest audit event was written. UTC milliseconds.
    pub(crate) newest_event_at: Option<i64>,
    /// What it takes on the disk: on SQLite without its write-ahead log.
    pub(crate) bytes: u64,
}

/// The schema, beside the newest that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schema {
    /// `None`: there are no tables.
    pub(crate) is: Option<i64>,
    pub(crate) known: i64,
    /// A migration that broke off.
    pub(crate) broken: Option<i64>,
}

/// What the database was told.
#[derive(Debug, Clone)]
pub(crate) enum Settings {
    Sqlite {
        journal: String,
    },
    Postgres {
        /// By name, as the server says them for a new session of ours.
        values: BTreeMap<String, String>,
        standby: bool,
        /// Connections of others and ours, now.
        connections: i64,
        /// What one process of ours takes at most.
        ours: u32,
        /// UTC milliseconds.
        now: i64,
    },
}

/// Opens it as it is, and writes nothing.
pub(crate) async fn open(address: &str) -> StoreResult<Conn> {
    match Address::of(address)? {
        Address::Sqlite(file) => {
            let options = SqliteConnectOptions::new().filename(there(file)?).read_only(true);
            let connection = options.disable_statement_logging().connect().await?;
            Ok(Conn::SqliteWriter(Box::new(SqliteWriter::new(connection))))
        }
        Address::Postgres(options) => Ok(Conn::PostgresReader(db::postgres(*options).await?.acquire().await?)),
    }
}

/// Asks it.
pub(crate) async fn of(conn: &mut Conn) -> StoreResult<Condition> {
    const NEWEST: &str = "SELECT at FROM audit_event ORDER BY seq DESC LIMIT 1";
    let settings = if conn.is_postgres() { postgres(conn).await? } else { sqlite(conn).await? };
    let schema = schema(conn).await?;
    let newest_event_at = match schema.is {
        Some(_) => on!(conn, c => sqlx::query_scalar(NEWEST).fetch_optional(c).await)?,
        None => None,
    };
    let bytes = size(conn).await?;
    Ok(Condition { settings, schema, newest_event_at, bytes })
}

async fn size(conn: &mut Conn) -> StoreResult<u64> {
    // In SQLite's dialect, in PostgreSQL's.
    const SIZE: [&str; 2] = [
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "SELECT PG_DATABASE_SIZE(CURRENT_DATABASE())",
    ];
    let sql = SIZE[usize::from(conn.is_postgres())];
    let bytes: i64 = on!(conn, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// Of the database as it is.
pub(crate) async fn schema(conn: &mut Conn) -> StoreResult<Schema> {
    // In SQLite's dialect, in PostgreSQL's.
    const THERE: [&str; 2] = [
        "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'audit_event') AND type = 'table'",
        "SELECT COUNT(*) FROM pg_tables WHERE tablename IN ('_sqlx_migrations', 'audit_event')
            AND schemaname = CURRENT_SCHEMA()",
    ];
    const LAST: &str = "SELECT MAX(version) FROM _sqlx_migrations";
    const BROKEN: &str = "SELECT MIN(version) FROM _sqlx_migrations WHERE NOT success";
    let (kind, there) = if conn.is_postgres() { (Kind::Postgres, THERE[1]) } else { (Kind::Sqlite, THERE[0]) };
    let known = newest_schema(kind);
    let tables: i64 = on!(conn, c => sqlx::query_scalar(there).fetch_one(c).await)?;
    if tables < 2 {
        return Ok(Schema { is: None, known, broken: None });
    }
    let is = on!(conn, c => sqlx::query_scalar(LAST).fetch_one(c).await)?;
    let broken = on!(conn, c => sqlx::query_scalar(BROKEN).fetch_one(c).await)?;
    Ok(Schema { is, known, broken })
}

async fn sqlite(conn: &mut Conn) -> StoreResult<Settings> {
    let journal = on!(conn, c => sqlx::query_scalar("PRAGMA journal_mode").fetch_one(c).await)?;
    Ok(Settings::Sqlite { journal })
}

async fn postgres(conn: &mut Conn) -> StoreResult<Settings> {
    const VALUES: &str = "SELECT name, setting FROM pg_settings WHERE name IN ('server_version_num', 'server_version',
        'server_encoding', 'default_transaction_isolation', 'default_transaction_read_only', 'max_connections',
        'superuser_reserved_connections', 'fsync', 'full_page_writes', 'synchronous_commit')";
    const NOW: &str = "SELECT pg_is_in_recovery(),
        (SELECT CAST(COALESCE(SUM(numbackends), 0) AS BIGINT) FROM pg_stat_database),
        CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000 AS BIGINT)";
    let values: Vec<(String, String)> = on!(conn, c => sqlx::query_as(VALUES).fetch_all(c).await)?;
    let (standby, connections, now) = on!(conn, c => sqlx::query_as(NOW).fetch_one(c).await)?;
    let values = values.into_iter().collect();
    Ok(Settings::Postgres { values, standby, connections, ours: POSTGRES_CONNECTIONS + 1, now })
}
