//! The access token: kept in memory, asked for by one caller for all, renewed early (identity.md, Sign-in).
//!
//! Start at [`Keeper::get`]. The failure of an asking is everybody's who waited for it: in an outage ten callers wait once, not ten
//! times one after the other.

#[cfg(test)]
mod tests;

use crate::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync;

/// So long before its end a token is renewed, or at half its time if that is shorter. Milliseconds.
const EARLY_MS: i64 = 5 * 60_000;

/// A token, never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(Arc<str>);

impl Token {
    pub(crate) fn new(token: &str) -> Self {
        Self(token.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// As the gateway gives it.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) token: Token,
    /// From the moment of asking. Milliseconds.
    pub(crate) lives_ms: i64,
}

/// Keeps the token.
#[derive(Default)]
pub(crate) struct Keeper {
    held: Mutex<Option<Held>>,
    /// Whoever has it asks; inside is why the last asking failed.
    asking: sync::Mutex<Option<Error>>,
    /// So many askings have ended.
    ended: AtomicU64,
}

struct Held {
    token: Token,
    /// UTC milliseconds, both.
    renew_at: i64,
    ends_at: i64,
}

enum Look {
    Fresh(Token),
    /// Still good, to be renewed.
    Old(Token),
    None,
}

impl Keeper {
    /// The token, from memory or by `ask`; of all callers one asks at a time.
    ///
    /// # Errors
    /// Those of `ask`, also of somebody else's that this caller waited for. A failure to renew early is none.
    pub(crate) async fn get<F>(&self, now: impl Fn() -> i64, ask: impl FnOnce() -> F) -> Result<Token, Error>
    where
        F: Future<Output = Result<Given, Error>>,
    {
        let seen = self.ended.load(Ordering::SeqCst);
        match self.look(now()) {
            Look::Fresh(token) => Ok(token),
            Look::Old(token) => {
                let Ok(mut asking) = self.asking.try_lock() else { return Ok(token) };
                if let Look::Fresh(token) = self.look(now()) {
                    return Ok(token);
                }
                Ok(self.ask(&mut asking, now, ask).await.unwrap_or_else(|error| {
                    tracing::warn!(error = %error, "the access token of 专有钉钉 was not renewed; the old one is used to its end");
                    token
                }))
            }
            Look::None => {
                let mut asking = self.asking.lock().await;
                if let Look::Fresh(token) | Look::Old(token) = self.look(now()) {
                    return Ok(token);
                }
                let failure = asking.clone().filter(|_| self.ended.load(Ordering::SeqCst) > seen);
                match failure {
                    Some(error) => Err(error),
                    None => self.ask(&mut asking, now, ask).await,
                }
            }
        }
    }

    /// Whoever is stopped in the middle leaves nothing behind, and the next asks.
    async fn ask<F>(
        &self,
        last: &mut Option<Error>,
        now: impl Fn() -> i64,
        ask: impl FnOnce() -> F,
    ) -> Result<Token, Error>
    where
        F: Future<Output = Result<Given, Error>>,
    {
        let asked_at = now();
        let given = ask().await;
        self.ended.fetch_add(1, Ordering::SeqCst);
        *last = given.as_ref().err().cloned();
        let Given { token, lives_ms } = given?;
        let ends_at = asked_at.saturating_add(lives_ms);
        let renew_at = ends_at - EARLY_MS.min(lives_ms / 2);
        *self.held() = Some(Held { token: token.clone(), renew_at, ends_at });
        Ok(token)
    }

    /// The gateway does not take it any more. One that was given since is kept.
    pub(crate) fn drop_token(&self, refused: &Token) {
        let mut held = self.held();
        if held.as_ref().is_some_and(|held| held.token == *refused) {
            *held = None;
        }
    }

    fn look(&self, now: i64) -> Look {
        match &*self.held() {
            Some(held) if now < held.renew_at => Look::Fresh(held.token.clone()),
            Some(held) if now < held.ends_at => Look::Old(held.token.clone()),
            _ => Look::None,
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
