//! What can go wrong, by what a person can do about it.

use crate::store::StoreError;
use domain::Refusal;
use thiserror::Error;

/// The engine's answer when it does not do what was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// Sign in first.
    #[error("not signed in")]
    NotSignedIn,
    /// The role lacks the function.
    #[error("forbidden")]
    Forbidden,
    /// There is no such object within reach.
    #[error("not found")]
    NotFound,
    /// The rules refuse.
    #[error("refused: {0:?}")]
    Refused(Box<Refusal>),
    /// Account or password is wrong, or the account is disabled: one answer for all three.
    #[error("wrong account or password")]
    WrongCredentials,
    /// Too many failures from this address.
    #[error("too many failures; wait {wait_ms} ms")]
    TooOften {
        /// Milliseconds still to wait.
        wait_ms: i64,
    },
    /// Too many sign-ins wait for the processor.
    #[error("busy")]
    Busy,
    /// Somebody else changed it meanwhile.
    #[error("conflict")]
    Conflict,
    /// `--demo` on a database that was initialised for real, or the other way round.
    #[error("the database was initialised for {found} use: start the server {remedy}, or choose another database")]
    OtherInstallation {
        /// `demo` or `real`.
        found: &'static str,
        /// With or without the flag.
        remedy: &'static str,
    },
    /// The store failed; the cause is for the log.
    #[error("store: {0}")]
    Store(#[source] StoreError),
}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            other => Self::Store(other),
        }
    }
}
