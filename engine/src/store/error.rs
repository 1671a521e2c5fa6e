//! What the database can answer beside rows.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;
use thiserror::Error;

/// A failure of the store.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// The row is not as it was when it was read: read and decide again.
    #[error("the row changed meanwhile")]
    Conflict,
    /// A unique constraint, by its name (the same in both databases, see migrations/README.md).
    #[error("unique constraint {0}")]
    Unique(String),
    /// A row is not what the program wrote: a word that no enumeration knows, say.
    #[error("unreadable {what}: {value}")]
    Unreadable {
        /// Which column.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The settings name no database that this program knows.
    #[error("{0}")]
    Setting(String),
    /// Anything else, as the driver says it.
    #[error("{0}")]
    Database(std::sync::Arc<sqlx::Error>),
    /// The writer has been closed.
    #[error("the database is closed")]
    Closed,
}

/// The store's result.
pub(crate) type StoreResult<T> = Result<T, StoreError>;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => {
                Self::Unique(cause.constraint().map_or_else(|| constraint_of(cause.message()), str::to_owned))
            }
            sqlx::Error::Database(cause) if is_outdated(cause.as_ref()) => Self::Conflict,
            _ => Self::Database(std::sync::Arc::new(error)),
        }
    }
}

/// Whether an aggregate was to get no version: see [`super::publication_change::advance`].
fn is_outdated(cause: &dyn DatabaseError) -> bool {
    match cause.try_downcast_ref::<PgDatabaseError>() {
        // By its parts: PostgreSQL says it in the language of the site.
        Some(cause) => (cause.code(), cause.table(), cause.column()) == ("23502", Some("publication"), Some("version")),
        None => cause.message() == "NOT NULL constraint failed: publication.version",
    }
}

impl StoreError {
    /// Whether the database's disk is full.
    pub(crate) fn is_disk_full(&self) -> bool {
        let Self::Database(error) = self else { return false };
        // SQLITE_FULL; PostgreSQL's disk_full.
        error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code == "13" || code == "53100")
    }

    /// Whether the same work may succeed when it is done again: two writers of PostgreSQL met.
    pub(crate) fn is_passing(&self) -> bool {
        let Self::Database(error) = self else { return false };
        let code = error.as_database_error().and_then(|cause| cause.code());
        matches!(code.as_deref(), Some("40001" | "40P01"))
    }

    /// Whether the database is away, or is going: restarted, failed over, cut off. Whoever asks again in a while may be answered.
    pub(crate) fn is_away(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error.as_ref() {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                true
            }
            // Lost, shut down, crashed, still starting, full, or not the one that takes changes any more.
            sqlx::Error::Database(cause) => cause.code().is_some_and(|code| {
                code.starts_with("08")
                    || matches!(code.as_ref(), "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "53300" | "25006")
            }),
            _ => false,
        }
    }
}

/// SQLite names the columns ("UNIQUE constraint failed: person.account"), or the index; we name `table_columns_key`.
fn constraint_of(message: &str) -> String {
    let columns = message.rsplit(": ").next().unwrap_or(message);
    if let Some(index) = columns.strip_prefix("index ") {
        return index.trim_matches('\'').to_owned();
    }
    let mut parts = columns.split(", ").map(|column| column.split_once('.').unwrap_or(("", column)));
    let Some((table, first)) = parts.next() else { return columns.to_owned() };
    let rest = parts.map(|(_, column)| format!("_{column}")).collect::<String>();
    format!("{table}_{first}{rest}_key")
}

#[cfg(test)]
mod tests {
    use super::constraint_of;

    #[test]
    fn sqlite_names_columns_and_we_name_the_constraint() {
        assert_eq!(constraint_of("UNIQUE constraint failed: person.account"), "person_account_key");
        assert_eq!(constraint_of("UNIQUE constraint failed: a.b, a.c"), "a_b_c_key");
        assert_eq!(constraint_of("UNIQUE constraint failed: index 'x_key'"), "x_key");
    }
}
