//! Every setting, with its default. `--help` prints this list; a wrong value is named at the start.

use clap::{Parser, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// 应用发布: the application-publishing system.
#[derive(Debug, Clone, Parser)]
#[command(name = "server", version, about)]
pub struct Settings {
    /// Address and port to listen on.
    #[arg(long, env = "IRS_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Folder of the built front end (xtask makes it).
    #[arg(long, env = "IRS_SITE", default_value = "target/site")]
    pub site: PathBuf,

    /// How log lines look.
    #[arg(long, env = "IRS_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
