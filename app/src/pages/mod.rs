//! The pages, by area. A page fetches and lays out; it has no rules.

mod areas;

pub mod about;
pub mod activation;
pub mod administration;
pub mod application_system;
pub mod audit;
pub mod authenticator;
pub mod backup;
pub mod channel;
pub mod dashboard;
pub mod doctor;
pub mod first_start;
pub mod home;
pub mod inbox;
pub mod limit;
pub mod me;
pub mod not_found;
pub mod outbox;
pub mod password;
pub mod publication;
pub mod rule;
pub mod scan;
pub mod search;
pub mod setting;
pub mod sign_in;
pub mod stock;
pub mod system_host;
pub mod work_order;
pub mod workbench;

pub use areas::{Placed, Shown, page};

use leptos::prelude::AnyView;

/// A page: what it reads, then what it shows. Both are loaded with the other pages of its area ([`page`]).
pub trait Page: Sized {
    /// Begins to read.
    fn data() -> Self;

    /// Shows it.
    fn view(this: Self) -> AnyView;
}
