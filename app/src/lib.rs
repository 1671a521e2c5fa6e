//! The Leptos application: what people see, and the server functions behind it.
//!
//! It runs twice: on the server (feature `ssr`), which sends finished pages, and in the browser (feature `hydrate`), which
//! takes them over. It must never know SQL, files or the network. Start reading at [`routes::App`].

// The view types of nested routes grow deep.
#![recursion_limit = "256"]

pub mod api;
pub mod pages;
pub mod parts;
pub mod routes;
pub mod shell;
pub mod ui;

/// The product's name, as it stands in titles and in the top bar.
pub const PRODUCT: &str = "应用发布";
