//! What can go wrong, by what a person can do about it.

use crate::files::FilesError;
use crate::store::StoreError;
use domain::fields::FieldErrors;
use domain::refusal::RefusalClass;
use domain::rollout::RolloutRefusal;
use domain::view::oidc::OidcRefusal;
use domain::view::person::OutsideRefusal;
use domain::work_order::UrgeRefusal;
use domain::{OrderStatus, Refusal, UtcMillis};
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
    /// Somebody else has decided or withdrawn the order meanwhile.
    #[error("the order is over: {status:?}")]
    OrderOver {
        /// How it ended.
        status: OrderStatus,
        /// Who ended it.
        by: String,
        /// When.
        at: UtcMillis,
    },
    /// 催办 is refused.
    #[error("urging refused: {0:?}")]
    Urge(UrgeRefusal),
    /// A step of the plan of going live is refused.
    #[error("rollout refused: {0:?}")]
    Rollout(RolloutRefusal),
    /// The form has errors: all of them, by field.
    #[error("invalid: {0:?}")]
    Invalid(FieldErrors),
    /// A file is not what its field takes; the sentence says why.
    #[error("invalid file: {0}")]
    InvalidFile(String),
    /// More than is taken.
    #[error("too large")]
    TooLarge,
    /// Account or password is wrong, or the account is disabled: one answer for all three.
    #[error("wrong account or password")]
    WrongCredentials,
    /// Too many failures from this address.
    #[error("too many failures; wait {wait_ms} ms")]
    TooOften {
        /// Milliseconds still to wait.
        wait_ms: i64,
    },
    /// The code is unknown, over, used, or of another browser.
    #[error("the sign-in code is over")]
    CodeOver,
    /// Whom 浙政钉 knows is not let in.
    #[error("not let in from outside: {}", .0.id())]
    Outside(OutsideRefusal),
    /// Who came from the OpenID provider is not let in.
    #[error("not let in by OpenID Connect: {}", .0.id())]
    Oidc(OidcRefusal),
    /// A link of the first start or of an activation: unknown, used, or too old.
    #[error("the link is over")]
    LinkOver,
    /// What was offered to be bound as an authenticator: unknown, used, or too old.
    #[error("the offer of an authenticator is over")]
    OfferOver,
    /// An authenticator that the policy wants.
    #[error("an authenticator is demanded")]
    Demanded,
    /// An administrator without an authenticator.
    #[error("the account has to be activated")]
    NotActivated,
    /// It was set too long ago.
    #[error("the password is over")]
    PasswordOver,
    /// Too many sign-ins wait for the processor.
    #[error("busy")]
    Busy,
    /// The account of one of the three administrators, which another of them must not touch.
    #[error("the account of an administrator")]
    OfAdministrator,
    /// The account is stopped.
    #[error("the account is stopped")]
    Stopped,
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
    /// Checking, building or deploying broke on our side; the cause is for the log.
    #[error("work: {0}")]
    Work(String),
    /// The database is away for the moment; the cause is for the log.
    #[error("the database is away: {0}")]
    Away(#[source] StoreError),
    /// The store failed; the cause is for the log.
    #[error("store: {0}")]
    Store(#[source] StoreError),
    /// The file store failed; the cause is for the log.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether a disk is full: that of the files, of what is being built, or of the database. Who wrote there says it in words of their
    /// own; the system's number is in all of them (no space left; the account's share is used up).
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Store(error) | Self::Away(error) => error.is_disk_full(),
            Self::Work(_) | Self::Files(_) => {
                let said = self.to_string();
                ["(os error 28)", "(os error 122)"].iter().any(|number| said.contains(number))
            }
            _ => false,
        }
    }
}

impl From<Refusal> for Error {
    /// By its class: a role's 403, an object's 404, and what the rules refuse.
    fn from(refusal: Refusal) -> Self {
        match refusal.class() {
            RefusalClass::Forbidden => Self::Forbidden,
            RefusalClass::NotFound => Self::NotFound,
            RefusalClass::Refused => Self::Refused(Box::new(refusal)),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            away if away.is_away() => Self::Away(away),
            other => Self::Store(other),
        }
    }
}
