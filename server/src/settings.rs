//! Every setting, with its default. `--help` prints this list; a wrong value is named at the start.

use clap::{Parser, Subcommand, ValueEnum};
use engine::{Apps, Workshop};
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

    /// Host names of applications end with this: `<label>.<domain>`. In production a domain of its own, with a wildcard.
    #[arg(long, env = "IRS_APPS_DOMAIN", default_value = "apps.localhost")]
    pub apps_domain: String,

    /// Where people reach this server, if not directly: `https://publish.example.gov.cn`.
    #[arg(long, env = "IRS_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// The npm registry that builds may reach; without it, the one that npm is configured with.
    #[arg(long, env = "IRS_NPM_REGISTRY")]
    pub npm_registry: Option<String>,

    /// bubblewrap, in which packages are built.
    #[arg(long, env = "IRS_BUBBLEWRAP", default_value = "bwrap")]
    pub bubblewrap: PathBuf,

    /// Packages that are checked and built at once; 0: half as many as there are cores.
    #[arg(long, env = "IRS_BUILDS", default_value_t = 0)]
    pub builds: usize,

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

    /// How packages are checked, built and shown.
    ///
    /// # Errors
    /// The path of this program is not known.
    pub fn workshop(&self) -> std::io::Result<Workshop> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let work = std::path::absolute(self.data.join("work"))?;
        Ok(Workshop {
            program: std::env::current_exe()?,
            work,
            bubblewrap: self.bubblewrap.clone(),
            registry: self.npm_registry.clone(),
            builds: if self.builds == 0 { cores.div_ceil(2) } else { self.builds },
            apps: self.apps(),
            ..Workshop::default()
        })
    }

    fn apps(&self) -> Apps {
        let (port, domain) = (self.listen.port(), self.apps_domain.clone());
        match self.public_url.as_deref().map(|url| url.trim_end_matches('/')) {
            Some(url) => {
                let (scheme, authority) = url.split_once("://").unwrap_or(("http", url));
                let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
                Apps { scheme: scheme.to_owned(), domain, port, console: vec![format!("{scheme}://{authority}")] }
            }
            None => {
                let console = ["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{port}"));
                Apps { scheme: "http".to_owned(), domain, port: Some(port), console: console.into() }
            }
        }
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
