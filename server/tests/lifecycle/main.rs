//! The lifecycle over HTTP, on both databases: beside a model of lifecycle.md, and with fifty people at once.
//!
//! `IRS_HISTORIES` says how many histories of the model (16 without); one that does not fit is made short.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "tests have no settings")]

mod at_once;
mod forms;
mod model;
mod nouns;
mod publication;
mod reach;
mod reference;
mod site;
#[path = "../socket/mod.rs"]
mod socket;
mod stock;
