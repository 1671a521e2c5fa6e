//! Argon2id, never more at once than there are cores: a storm of sign-ins must not stop everything else.

use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// Sign-ins that may wait for a core; more are turned away with a sentence.
const WAITING: usize = 64;

/// Bounds the work.
pub(crate) struct Hashing {
    running: Semaphore,
    waiting: Semaphore,
}

impl Hashing {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { running: Semaphore::new(cores), waiting: Semaphore::new(cores + WAITING) }
    }

    /// Whether the password fits the hash. Without a hash it takes as long and says no, so that time does not tell which
    /// accounts there are.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(crate) async fn fits(&self, password: String, hash: Option<String>) -> Result<bool> {
        let _place = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let _core = self.running.acquire().await.map_err(|_| Error::Busy)?;
        let work = move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or_else(|| nobody());
            known & verify(&password, hash)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy)
    }

    /// The hash of a new password, in PHC form.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        let _place = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let _core = self.running.acquire().await.map_err(|_| Error::Busy)?;
        let work = move || hash(&password);
        tokio::task::spawn_blocking(work).await.ok().flatten().ok_or(Error::Busy)
    }
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn hash(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// A hash that no password fits, of the same cost.
fn nobody() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash("nobody").unwrap_or_default())
}
