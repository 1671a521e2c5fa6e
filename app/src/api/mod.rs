//! The server functions, by noun. A body is: context, one call, convert.

pub mod application_system;
#[cfg(feature = "ssr")]
pub mod context;
mod error;
pub mod publication;
#[cfg(feature = "ssr")]
pub mod registry;
pub mod session;
pub mod system;

pub use error::ApiError;
