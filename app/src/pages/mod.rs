//! The pages, by area. A page fetches and lays out; it has no rules.

pub mod about;
pub mod application_system;
pub mod channel;
pub mod home;
pub mod not_found;
pub mod publication;
pub mod sign_in;
pub mod work_order;
pub mod workbench;
