//! The server around the application: settings, commands, router, middleware, start and stop.
//!
//! It must never know rules or SQL. Start reading at [`commands::run`]; the routes are in [`router`].

mod attachment;
mod audit;
pub mod commands;
pub mod connection;
mod dingtalk;
mod export;
mod feed;
mod hosting;
mod icon;
mod import;
pub mod integration;
mod live;
pub mod log;
pub mod metrics;
mod oidc;
mod page;
mod plain_page;
mod policy;
pub mod proxies;
mod qr;
mod request;
pub mod router;
mod serve;
pub mod settings;
mod site;
mod span;
pub mod tls;
mod trip;
mod uploads;
