//! The client of an OpenID provider: code flow with PKCE (S256) and nonce (identity.md, Sign-in; OpenID Connect Core 1.0).
//!
//! It knows nothing of the rest of the product, has no clock and no randomness of its own (both are arguments), and decides nothing:
//! it says who the provider says it is, if that can be proved. Nothing that it shows or logs holds the secret, a code or a
//! token. Start reading at [`Client`].
//!
//! Cryptography is ring's; why there is no library for the rest: docs/decisions/0004-oidc.md.

mod client;
mod discovery;
mod error;
#[cfg(feature = "fake")]
pub mod fake;
mod id_token;
mod keys;
mod settings;
mod transport;

pub use client::{Client, Leaving, Tokens};
pub use error::{Error, Fault, word};
pub use id_token::Claims;
pub use settings::{Settings, SettingsError, TIMEOUT};
