//! 应用发布: the rules of publishing an application, and nothing else.
//!
//! Start reading at [`decide::decide`]; the rules themselves are the table in [`transitions`].
//! This crate must never know: I/O, the clock (time is an argument), randomness, Leptos, SQL. All of it
//! travels to the browser, so it depends on `serde` and the bare `uuid` type alone. The normative text
//! is `lifecycle.md` (called "the spec" below).

pub mod action;
pub mod actor;
pub mod api_token;
pub mod command;
pub mod dashboard;
pub mod decide;
#[cfg(test)]
pub mod docs;
pub mod facts;
pub mod fields;
pub mod guard;
pub mod ids;
pub mod import;
pub mod limit;
pub mod password;
pub mod publication;
pub mod query;
pub mod refusal;
pub mod region;
pub mod role;
pub mod rollout;
pub mod routing;
pub mod stage;
pub mod state;
pub mod stock;
pub mod text;
pub mod time;
pub mod transitions;
pub mod turn;
pub mod version;
pub mod view;
pub mod words;
pub mod work_order;

pub use action::Action;
pub use actor::{Actor, Relation, Who};
pub use command::Command;
pub use decide::{Audience, Decision, Effect, Menu, Notice, Occasion, Offer, OrderEffect, actions, decide, offer};
pub use facts::{Facts, OpenOrder, VersionFacts};
pub use ids::{FurtherChannelId, OrderId, PersonId, PublicationId, StockId, SystemId, VersionId};
pub use publication::{Channel, ChannelSet, PublicationType, Side};
pub use refusal::{Reason, Refusal};
pub use region::RegionCode;
pub use role::{Role, RoleSet, Seat};
pub use stage::{Stage, StageSet, StageStatus};
pub use state::{State, StockState};
pub use time::UtcMillis;
pub use version::VersionNumber;
pub use work_order::{Need, OrderKind, OrderStatus};
