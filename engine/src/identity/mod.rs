//! Who is who: passwords, sign-in, sessions (identity.md).

pub mod code;
#[cfg(test)]
mod code_tests;
pub(crate) mod hashing;
pub mod session;
pub mod sign_in;
#[cfg(test)]
mod tests;
