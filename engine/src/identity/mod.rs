//! Who is who: passwords, sign-in, sessions (identity.md).

#[cfg(test)]
mod account_tests;
pub mod activation;
pub mod attempt;
#[cfg(test)]
mod attempt_tests;
pub mod authenticator;
#[cfg(test)]
mod authenticator_tests;
pub mod code;
#[cfg(test)]
mod code_tests;
pub mod dingtalk;
#[cfg(test)]
mod dingtalk_tests;
pub mod first_start;
pub(crate) mod hashing;
pub mod live_sessions;
#[cfg(test)]
mod live_tests;
pub mod oidc;
#[cfg(test)]
mod oidc_tests;
mod outside;
#[cfg(test)]
mod outside_tests;
pub mod password;
pub mod policy;
pub mod session;
pub mod sign_in;
#[cfg(test)]
mod tests;
mod totp;
