//! Puts a database back from what [`super::snapshot`] copied: at the schema that it had, then migrated. Until
//! [`Restoring::commit`] nothing of it is in its place, so whatever fails leaves the place empty.

mod postgres;
mod sqlite;

use super::db::{Address, POSTGRES_SCHEMA, SQLITE_SCHEMA, migrated};
use super::snapshot::{Kind, Taken, described};
use super::{Conn, StoreError, StoreResult, waiting};
use sqlx::PgPool;
use std::path::{Path, PathBuf};

/// A database on its way back.
pub(crate) struct Restoring {
    conn: Conn,
    place: Place,
}

/// Where it will be.
enum Place {
    /// The file, which has another name until then.
    Sqlite(PathBuf),
    /// All is one transaction.
    Postgres(PgPool),
}

/// Which database an address means.
///
/// # Errors
/// None that we know.
pub(crate) fn kind_of(address: &str) -> StoreResult<Kind> {
    Ok(match Address::of(address)? {
        Address::Sqlite(_) => Kind::Sqlite,
        Address::Postgres(_) => Kind::Postgres,
    })
}

/// The last migration that this program knows.
pub(crate) fn newest_schema(kind: Kind) -> i64 {
    let all = match kind {
        Kind::Sqlite => &SQLITE_SCHEMA,
        Kind::Postgres => &POSTGRES_SCHEMA,
    };
    all.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// What is in the way of a restore at this address, in words; `None`: nothing.
pub(crate) async fn in_the_way(address: &str) -> StoreResult<Option<String>> {
    match Address::of(address)? {
        Address::Sqlite(file) => Ok(sqlite::in_the_way(file)),
        Address::Postgres(options) => postgres::in_the_way(*options).await,
    }
}

impl Restoring {
    /// Loads what was copied into `folder`, without its place knowing of it.
    ///
    /// # Errors
    /// The place is not empty; the copy can't be read; the database fails.
    pub(crate) async fn load(address: &str, taken: &Taken, folder: &Path) -> StoreResult<Self> {
        match Address::of(address)? {
            Address::Sqlite(file) => sqlite::load(file, folder).await,
            Address::Postgres(options) => postgres::load(*options, taken, folder).await,
        }
    }

    /// For whoever looks at it, or changes it, before it is in its place.
    pub(crate) fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Where it is not what was copied, in words; `None`: it is.
    pub(crate) async fn differs(&mut self, taken: &Taken) -> StoreResult<Option<String>> {
        let found = described(&mut self.conn).await?;
        if found.schema != taken.schema {
            return Ok(Some(format!("its schema is {}, and {} was backed up", found.schema, taken.schema)));
        }
        let names = |taken: &Taken| taken.tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
        if names(&found) != names(taken) {
            return Ok(Some("it has not the tables that were backed up".to_owned()));
        }
        for (is, was) in found.tables.iter().zip(&taken.tables) {
            if is.rows != was.rows {
                return Ok(Some(format!("the table {} has {} rows of {}", was.name, is.rows, was.rows)));
            }
        }
        let same = found.audit == taken.audit;
        Ok((!same).then(|| "the audit log ends with another event than was backed up".to_owned()))
    }

    /// Brings it to this version's schema.
    pub(crate) async fn migrate(&mut self) -> StoreResult<()> {
        match &mut self.conn {
            Conn::SqliteWriter(writer) => migrated(SQLITE_SCHEMA.run(writer.ready().await?).await),
            Conn::PostgresWriter(transaction) => migrated(POSTGRES_SCHEMA.run(&mut **transaction).await),
            Conn::SqliteReader(_) | Conn::PostgresReader(_) => Err(StoreError::Closed),
        }
    }

    /// What is written from here on is one transaction, which [`Self::commit`] ends.
    pub(crate) fn begin(&mut self) {
        // All of PostgreSQL's is one.
        if let Conn::SqliteWriter(writer) = &mut self.conn {
            writer.begin();
        }
    }

    /// Puts it into its place.
    pub(crate) async fn commit(self) -> StoreResult<()> {
        match (self.conn, self.place) {
            (Conn::SqliteWriter(writer), Place::Sqlite(file)) => {
                let mut conn = Conn::SqliteWriter(writer);
                waiting::later(&mut conn, "COMMIT", Vec::new()).await?;
                sqlite::commit(conn, &file).await
            }
            (Conn::PostgresWriter(transaction), Place::Postgres(pool)) => {
                transaction.commit().await?;
                pool.close().await;
                Ok(())
            }
            _ => Err(StoreError::Closed),
        }
    }
}

/// Makes a database as an older version made it: of tests.
#[cfg(test)]
pub(crate) async fn at_schema(address: &str, schema: i64) -> StoreResult<()> {
    match Address::of(address)? {
        Address::Sqlite(file) => {
            let options = super::db::sqlite(file).create_if_missing(true);
            let mut connection = sqlx::ConnectOptions::connect(&options).await?;
            migrated(SQLITE_SCHEMA.run_to(schema, &mut connection).await)?;
            Ok(sqlx::Connection::close(connection).await?)
        }
        Address::Postgres(options) => {
            let pool = super::db::postgres(*options).await?;
            migrated(POSTGRES_SCHEMA.run_to(schema, &pool).await)?;
            pool.close().await;
            Ok(())
        }
    }
}
