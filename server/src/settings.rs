//! Every setting, with its default. `--help` prints this list; a wrong value is named at the start.

use clap::{Parser, Subcommand, ValueEnum};
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

    /// Folder of the embedded database and of files.
    #[arg(long, env = "IRS_DATA", default_value = "data")]
    pub data: PathBuf,

    /// `postgres://…`; without it the embedded SQLite in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// A demo: seeds demo data, allows the one-click sign-in, says so on every page. Never on a database for real use.
    #[arg(long, env = "IRS_DEMO")]
    pub demo: bool,

    /// What to do; without it, serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How log lines look.
    #[arg(long, env = "IRS_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// What the program can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM or Ctrl-C.
    Serve,
    /// Bring the database to this version's schema, and end.
    Migrate,
    /// Verify the audit log's chain; names the first row that does not fit.
    AuditVerify,
}

impl Settings {
    /// The database's address, as the engine takes it.
    pub fn database(&self) -> String {
        let embedded = || self.data.join("irs.db").to_string_lossy().into_owned();
        self.database_url.clone().unwrap_or_else(embedded)
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
