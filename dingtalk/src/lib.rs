//! The client of 专有钉钉 (in Zhejiang: 浙政钉): who signs in, who has a mobile number, work notifications and their withdrawal
//! (identity.md, Sign-in, Signing of 专有钉钉 calls, Work notifications).
//!
//! It knows nothing of the rest of the product, has no clock and no randomness of its own ([`Ambient`]), and decides nothing: it
//! says what the gateway said. Nothing that it shows or logs holds the secret, a token, a code, or a whole phone number. Start
//! reading at [`Client`].
//!
//! What the gateway answers is published in pieces only; where this crate relies on such a piece, it says so.

mod client;
mod envelope;
mod error;
#[cfg(feature = "fake")]
pub mod fake;
mod message;
mod notify;
mod person;
mod settings;
mod sign;
mod time;
mod token;
mod transport;

pub use client::Client;
pub use error::{By, Error, Refusal};
pub use message::{ActionCard, MSG_MOST, Msg, SINGLE_TITLE, TooLong};
pub use notify::{Delivery, RECEIVERS_MOST};
pub use person::{Employee, Who};
pub use settings::{Ambient, NAMESPACE, Settings, SettingsError, SignEncoding, TIMEOUT};
