//! The server functions, by noun. A body is: context, one call, convert.

mod error;
pub mod system;

pub use error::ApiError;
