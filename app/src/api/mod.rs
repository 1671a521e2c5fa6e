//! The server functions, by noun. A body is: context, one call, convert.

pub mod account;
pub mod activation;
pub mod api_token;
pub mod application_system;
pub mod asking;
pub mod audit;
pub mod authenticator;
pub mod backup;
pub mod code;
#[cfg(feature = "ssr")]
pub mod context;
pub mod dashboard;
pub mod department;
pub mod developer;
pub mod directory;
pub mod doctor;
mod error;
pub mod first_start;
pub mod further_channel;
pub mod home;
pub mod import;
pub mod inbox;
pub mod json;
pub mod limit;
pub mod oidc;
pub mod outbox;
pub mod policy;
pub mod publication;
#[cfg(feature = "ssr")]
pub mod registry;
pub mod routing;
pub mod rule;
pub mod search;
pub mod session;
pub mod setting;
pub mod stock;
pub mod system;
pub mod system_host;
pub mod version;
pub mod work_order;

pub use error::ApiError;
