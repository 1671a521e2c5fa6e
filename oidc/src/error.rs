//! Why nobody is known after a call.

use std::time::Duration;
use thiserror::Error;

/// Why a call came to nothing. None of it holds a secret, a code or a token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// No connection.
    #[error("the provider can't be reached: {0}")]
    Unreachable(String),
    /// No whole answer within the time for a call.
    #[error("the provider did not answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The connection ended before the whole answer was there.
    #[error("the connection to the provider broke: {0}")]
    Broken(String),
    /// An HTTP status that is no success.
    #[error("the provider answered HTTP {0}")]
    Status(u16),
    /// The provider takes neither the code nor us: the status, and its word for it.
    #[error("the provider answered HTTP {0}: {1}")]
    Refused(u16, String),
    /// An answer that is not what was asked for; what is wrong with it.
    #[error("the provider's answer makes no sense: {0}")]
    Nonsense(&'static str),
    /// The code is none, or was used (`invalid_grant`).
    #[error("the provider does not take the code")]
    Code,
    /// The ID token proves nothing.
    #[error("the ID token is refused: {0}")]
    Token(#[from] Fault),
}

/// What a provider calls an error, as far as a log line may repeat it.
pub fn word(error: &str) -> String {
    error.chars().filter(|letter| letter.is_ascii_lowercase() || *letter == '_').take(40).collect()
}

/// Why an ID token proves nothing (OpenID Connect Core 1.0, 3.1.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// It is not three parts of base64url with JSON in the first two, or too long.
    #[error("it is not one")]
    Shape,
    /// Not RS256, ES256 or EdDSA: `none`, or a secret that both would know.
    #[error("its algorithm is not RS256, ES256 or EdDSA")]
    Algorithm,
    /// No key of the provider has its id and its algorithm.
    #[error("its key is none of the provider's")]
    Key,
    /// The signature does not fit.
    #[error("its signature does not fit")]
    Signature,
    /// Of another provider.
    #[error("it is another provider's (iss)")]
    Issuer,
    /// For another site.
    #[error("it is for another client (aud, azp)")]
    Audience,
    /// Too old, or not yet.
    #[error("its time is not now (exp, iat, nbf)")]
    Time,
    /// Made for another sign-in.
    #[error("it was made for another sign-in (nonce)")]
    Nonce,
    /// It does not say who.
    #[error("it does not say who (sub)")]
    Subject,
}
