//! The two databases behind one door.
//!
//! Reads take a connection of the pool. Writes are functions of a connection that run inside one transaction: on PostgreSQL an
//! ordinary one, on SQLite the group of the one writer ([`super::writer`]). Such a function may run more than once, and what
//! it did counts only when [`Database::write`] has returned.

use super::error::{StoreError, StoreResult};
use super::waiting::SqliteWriter;
use super::writer::Writer;
use crate::metrics::Load;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Executor, Postgres, Sqlite, Transaction};
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// What a function of the store works on.
pub(crate) enum Conn {
    /// A reader of SQLite.
    SqliteReader(PoolConnection<Sqlite>),
    /// The one writer of SQLite.
    SqliteWriter(Box<SqliteWriter>),
    /// A reader of PostgreSQL.
    PostgresReader(PoolConnection<Postgres>),
    /// A transaction of PostgreSQL.
    PostgresWriter(Transaction<'static, Postgres>),
}

/// Runs one statement on whichever database it is: `on!(conn, c => sqlx::query(…).execute(c).await)`.
macro_rules! on {
    ($conn:expr, $c:ident => $run:expr) => {
        match $conn {
            $crate::store::Conn::SqliteReader(c) => {
                let $c = &mut **c;
                $run
            }
            $crate::store::Conn::SqliteWriter(c) => {
                let $c = c.ready().await?;
                $run
            }
            $crate::store::Conn::PostgresReader(c) => {
                let $c = &mut **c;
                $run
            }
            $crate::store::Conn::PostgresWriter(c) => {
                let $c = &mut **c;
                $run
            }
        }
    };
}
pub(crate) use on;

/// Names the lock under which audit events are appended, among the advisory locks of PostgreSQL.
const AUDIT_LOCK: i64 = 0x6175_6469;

impl Conn {
    /// Which of two texts of a statement is meant.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::PostgresReader(_) | Self::PostgresWriter(_))
    }

    /// Until the transaction ends nobody else appends to the audit log: its numbers are the order of commits, and its chain does
    /// not fork. SQLite's one writer has that by itself.
    pub(crate) async fn lock_for_audit(&mut self) -> StoreResult<()> {
        if let Self::PostgresWriter(transaction) = self {
            sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(AUDIT_LOCK).execute(&mut **transaction).await?;
        }
        Ok(())
    }
}

/// The work of a transaction, borrowed from its connection.
pub(crate) type Work<'c, T> = Pin<Box<dyn Future<Output = StoreResult<T>> + Send + 'c>>;

/// An open database, migrated.
pub struct Database {
    backend: Backend,
}

enum Backend {
    Sqlite { readers: SqlitePool, writer: Writer },
    Postgres(PgPool),
}

/// The schema, step by step.
pub(super) static SQLITE_SCHEMA: Migrator = sqlx_macros::migrate!("../migrations/sqlite");
pub(super) static POSTGRES_SCHEMA: Migrator = sqlx_macros::migrate!("../migrations/postgres");

/// Readers of SQLite: each is a thread. Two cores are busy with a few.
const SQLITE_READERS: u32 = 4;

/// Connections to PostgreSQL of one process.
pub(crate) const POSTGRES_CONNECTIONS: u32 = 16;

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a transaction of PostgreSQL is tried when it meets another, or its connection is lost.
const TRIES: u32 = 5;

impl Database {
    /// Opens and migrates: an address (`postgres://…`), or the path of a SQLite file, which is made if it is not there.
    ///
    /// # Errors
    /// The database can't be reached, the file can't be written, a migration fails.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        match Address::of(address)? {
            Address::Postgres(options) => {
                let pool = serving(*options).await?;
                migrated(POSTGRES_SCHEMA.run(&pool).await)?;
                Ok(Self { backend: Backend::Postgres(pool) })
            }
            Address::Sqlite(file) => {
                if let Some(folder) = file.parent() {
                    let made = std::fs::create_dir_all(folder);
                    made.map_err(|cause| StoreError::Setting(format!("cannot make {}: {cause}", folder.display())))?;
                }
                private(file)?;
                let options = sqlite(file).create_if_missing(true);
                let mut connection = SqliteConnection::connect_with(&options).await?;
                migrated(SQLITE_SCHEMA.run(&mut connection).await)?;
                Self::with_writer(connection, options).await
            }
        }
    }

    /// Opens what is there, and changes nothing about it.
    ///
    /// # Errors
    /// It is not there, or can't be reached.
    pub async fn open_as_it_is(address: &str) -> Result<Self, StoreError> {
        match Address::of(address)? {
            Address::Postgres(options) => Ok(Self { backend: Backend::Postgres(postgres(*options).await?) }),
            Address::Sqlite(file) => {
                let options = sqlite(there(file)?);
                Self::with_writer(SqliteConnection::connect_with(&options).await?, options).await
            }
        }
    }

    async fn with_writer(connection: SqliteConnection, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { backend: Backend::Sqlite { readers, writer: Writer::start(connection) } })
    }

    /// A connection for reading.
    pub(crate) async fn reader(&self) -> StoreResult<Conn> {
        Ok(match &self.backend {
            Backend::Sqlite { readers, .. } => Conn::SqliteReader(readers.acquire().await?),
            Backend::Postgres(pool) => Conn::PostgresReader(pool.acquire().await?),
        })
    }

    /// Runs `work` on `what` in one transaction and returns when it is durable. `work` may run more than once.
    pub(crate) async fn write<S, T, F>(&self, what: S, work: F) -> StoreResult<T>
    where
        F: for<'c> Fn(&'c mut Conn, Arc<S>) -> Work<'c, T> + Send + Sync + 'static,
        S: Send + Sync + 'static,
        T: Send + 'static,
    {
        let what = Arc::new(what);
        match &self.backend {
            Backend::Sqlite { writer, .. } => writer.write(move |conn| work(conn, Arc::clone(&what))).await,
            Backend::Postgres(pool) => write_to_postgres(pool, move |conn| work(conn, Arc::clone(&what))).await,
        }
    }

    /// How busy the pool and the writer are.
    pub(crate) fn load(&self) -> Load {
        let (open, idle, most, waiting_writes) = match &self.backend {
            Backend::Sqlite { readers, writer } => {
                (readers.size(), readers.num_idle(), SQLITE_READERS, writer.waiting())
            }
            Backend::Postgres(pool) => (pool.size(), pool.num_idle(), POSTGRES_CONNECTIONS, 0),
        };
        Load { open, idle: u32::try_from(idle).unwrap_or(u32::MAX), most, waiting_writes }
    }

    /// How often this process has written; moved on before whoever writes is answered. `None` where others write, too, and
    /// nobody can know.
    pub(crate) fn changes(&self) -> Option<u64> {
        match &self.backend {
            Backend::Sqlite { writer, .. } => Some(writer.changes()),
            Backend::Postgres(_) => None,
        }
    }

    /// A connection to PostgreSQL beside all others, for somebody who keeps it; it is made anew when it is lost. `None` on SQLite.
    pub(super) fn postgres_of_one(&self) -> Option<PgPool> {
        let Backend::Postgres(pool) = &self.backend else { return None };
        let one = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        Some(one.acquire_timeout(ACQUIRE_TIMEOUT).connect_lazy_with((*pool.connect_options()).clone()))
    }

    /// Waits for what is being written, and closes.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite { readers, writer } => {
                writer.close().await;
                readers.close().await;
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }
}

/// Which database an address means.
pub(super) enum Address<'a> {
    Postgres(Box<PgConnectOptions>),
    Sqlite(&'a Path),
}

impl<'a> Address<'a> {
    pub(super) fn of(address: &'a str) -> Result<Self, StoreError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(PgConnectOptions::from_str(address)?)));
        }
        let file = address.trim_start_matches("sqlite://");
        if file.contains("://") {
            // Not printed: it may hold a password.
            return Err(StoreError::Setting(
                "the address begins neither with postgres:// nor with sqlite://".to_owned(),
            ));
        }
        Ok(Self::Sqlite(Path::new(file)))
    }
}

/// The file, if there is one.
pub(super) fn there(file: &Path) -> Result<&Path, StoreError> {
    if file.exists() {
        return Ok(file);
    }
    Err(StoreError::Setting(format!("there is no database at {}", file.display())))
}

/// It holds the hashes of passwords: where SQLite would make it for everybody to read, it is made for its owner.
fn private(file: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::File::options().append(true).create(true).mode(0o600).open(file);
    made.map(drop).map_err(|cause| StoreError::Setting(format!("cannot make {}: {cause}", file.display())))
}

pub(super) fn sqlite(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging()
}

/// A transaction whose process was cut off without a word holds the audit log's lock: the server ends it after half a minute.
const MANNERS: &str = "SET idle_in_transaction_session_timeout = '30s'; SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

/// As [`postgres`], for processes that serve: of a server that takes changes, for an old address may lead to what has become a copy.
async fn serving(options: PgConnectOptions) -> Result<PgPool, StoreError> {
    // By this name the processes of a site are told apart: 运行状况 lists them.
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name(&format!("irs {} {}", crate::place::machine(), std::process::id())),
    };
    let pool = sized().after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute(MANNERS).await?;
            let is_copy: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()").fetch_one(connection).await?;
            let copy = || sqlx::Error::Io(std::io::Error::other("this PostgreSQL is a copy, and takes no changes"));
            if is_copy { Err(copy()) } else { Ok(()) }
        })
    });
    Ok(pool.connect_with(options.disable_statement_logging()).await?)
}

pub(super) async fn postgres(options: PgConnectOptions) -> Result<PgPool, StoreError> {
    Ok(sized().connect_with(options.disable_statement_logging()).await?)
}

fn sized() -> PgPoolOptions {
    PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT)
}

async fn write_to_postgres<T, F>(pool: &PgPool, work: F) -> StoreResult<T>
where
    F: for<'c> Fn(&'c mut Conn) -> Work<'c, T> + Send + Sync,
{
    let mut tries = 0;
    loop {
        tries += 1;
        let transaction = match pool.begin().await.map_err(StoreError::from) {
            // A pool that has none for so long is not asked once more.
            Err(StoreError::Database(error)) if matches!(*error, sqlx::Error::Io(_)) && tries < TRIES => continue,
            other => other?,
        };
        let mut conn = Conn::PostgresWriter(transaction);
        let outcome = work(&mut conn).await;
        let Conn::PostgresWriter(transaction) = conn else { return Err(StoreError::Closed) };
        let outcome = match outcome {
            Ok(value) => transaction.commit().await.map(|()| value).map_err(StoreError::from),
            // Nothing of it was kept: on another connection it can be done again.
            Err(error) if error.is_away() && tries < TRIES => continue,
            Err(error) => {
                // Where that fails the connection is lost, and with it what was done; why it is undone is the answer.
                let _ = transaction.rollback().await;
                Err(error)
            }
        };
        match outcome {
            Err(error) if error.is_passing() && tries < TRIES => {}
            // Also of a commit whose answer was lost: nobody knows whether it is kept; the key of a form that has one will tell.
            other => return other,
        }
    }
}

pub(super) fn migrated(result: Result<(), sqlx::migrate::MigrateError>) -> Result<(), StoreError> {
    result.map_err(|cause| StoreError::Setting(format!("a migration failed: {cause}")))
}
