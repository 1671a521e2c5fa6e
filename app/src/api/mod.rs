//! The server functions, by noun. A body is: context, one call, convert.

pub mod application_system;
#[cfg(feature = "ssr")]
pub mod context;
pub mod developer;
mod error;
pub mod publication;
#[cfg(feature = "ssr")]
pub mod registry;
pub mod session;
pub mod system;
pub mod version;

pub use error::ApiError;
