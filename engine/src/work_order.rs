//! 工单: deciding, listing and showing work orders. Every decision is a change of the publication, and goes through its one
//! function.

mod decide;
mod detail;
pub(crate) mod form;
pub(crate) mod list;
pub(crate) mod reason;
pub(crate) mod route;
#[cfg(test)]
mod tests;
mod urge;

pub use decide::{approve, decide_all, refuse, withdraw};
pub use detail::detail;
pub use list::{administered, all, initiated, waiting};
pub use reason::keep as keep_reason;
pub use route::route;
pub use urge::urge;
