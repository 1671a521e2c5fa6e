//! Every setting, with its default. `--help` prints this list; a wrong value is named at the start.

mod address;
mod backups;
mod bucket;
mod builds;
mod command;
mod file;
#[cfg(test)]
mod file_tests;
mod limits;
mod network;
mod notices;
mod oidc;
mod outside;
mod shown;
#[cfg(test)]
mod tests;
mod unknown;
mod words;

pub use backups::BackupSettings;
pub use bucket::BucketSettings;
pub use builds::BuildSettings;
pub use command::{AuditCommand, Command};
pub use file::ReadError;
pub use limits::LimitSettings;
pub use network::{NetworkSettings, Networks};
pub use notices::NoticeSettings;
pub use oidc::OidcFlags;
pub use outside::Outside;

use crate::log::Collector;
use clap::{Parser, ValueEnum};
use domain::fields::url::split_port;
use domain::view::setting::{Setting, SettingValue};
use engine::health::Probing;
use engine::outside::{DingTalkError, OidcError};
use engine::{Apps, BucketError, CarrierError, Place, Workshop};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// 应用发布: the application-publishing system.
#[derive(Debug, Clone, Parser)]
#[command(name = "server", version, about)]
pub struct Settings {
    /// A file with settings, weaker than variables and flags (TOML): deploy/server.example.toml has all of them.
    #[arg(long, env = "IRS_CONFIG")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on.
    #[arg(long, env = "IRS_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// What else there is of the network.
    #[command(flatten)]
    pub network: NetworkSettings,

    /// Folder of the built front end (xtask makes it).
    #[arg(long, env = "IRS_SITE", default_value = "target/site")]
    pub site: PathBuf,

    /// Folder of the embedded database, of files, and of what is being built.
    #[arg(long, env = "IRS_DATA", default_value = "data")]
    pub data: PathBuf,

    /// Backups.
    #[command(flatten)]
    pub backups: BackupSettings,

    /// `postgres://…`; without it the embedded SQLite in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// The object store.
    #[command(flatten)]
    pub bucket: BucketSettings,

    /// Host names of applications end with this: `<label>.<domain>`. In production a domain of its own, with a wildcard.
    #[arg(long, env = "IRS_APPS_DOMAIN", default_value = "apps.localhost", value_parser = address::domain)]
    pub apps_domain: String,

    /// Where people reach this server, if not directly: `https://publish.example.gov.cn`.
    #[arg(long, env = "IRS_PUBLIC_URL", value_parser = address::root)]
    pub public_url: Option<String>,

    /// The workshop.
    #[command(flatten)]
    pub builds: BuildSettings,

    /// What they may take.
    #[command(flatten)]
    pub limits: LimitSettings,

    /// Notices outside of the product.
    #[command(flatten)]
    pub notices: NoticeSettings,

    /// An order that waits longer than this in one step is 超时 on the 工单看板. Hours.
    #[arg(long, env = "IRS_OVERDUE_HOURS", default_value_t = 48, value_parser = clap::value_parser!(u32).range(1..))]
    pub overdue_hours: u32,

    /// What is live is probed so often: its own address, and its 健康地址. Seconds; 0: not at all.
    #[arg(long, env = "IRS_PROBE_SECONDS", default_value_t = 300)]
    pub probe_seconds: u32,

    /// Probes also addresses of the site's own network: private, loopback and link-local ones.
    #[arg(long, env = "IRS_PROBE_PRIVATE")]
    pub probe_private: bool,

    /// Who knows the site's people.
    #[command(flatten)]
    pub outside: Outside,

    /// Who else knows them.
    #[command(flatten)]
    pub oidc: OidcFlags,

    /// A demo: seeds demo data, allows the one-click sign-in, says so on every page. Never on a database for real use.
    #[arg(long, env = "IRS_DEMO")]
    pub demo: bool,

    /// What to do; without it, serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How log lines look.
    #[arg(long, env = "IRS_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// A collector of traces (OpenTelemetry, OTLP over HTTP): `http://collector:4318`. Without it nothing is sent.
    #[arg(long, env = "IRS_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<Collector>,

    /// All of the above for the system administrator's screen.
    #[arg(skip)]
    pub shown: Vec<Setting>,
}

/// Settings that do not go together, or that are no good. What was set is not repeated: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WrongSetting {
    /// One is there without the other.
    #[error("{0} is set, but {1} is not: set both, or neither")]
    Alone(&'static str, &'static str),
    /// What it holds is no good.
    #[error("{0}: {1}")]
    Carrier(&'static str, CarrierError),
    /// The same, of the object store.
    #[error("{0}: {1}")]
    Bucket(&'static str, BucketError),
    /// The same, of 浙政钉.
    #[error("{0}: {1}")]
    DingTalk(&'static str, DingTalkError),
    /// The same, of the OpenID provider.
    #[error("{0}: {1}")]
    Oidc(&'static str, OidcError),
}

impl Settings {
    /// The database's address, as the engine takes it.
    pub fn database(&self) -> String {
        let embedded = || self.data.join("irs.db").to_string_lossy().into_owned();
        self.database_url.clone().unwrap_or_else(embedded)
    }

    /// Several processes may use the database at once.
    pub fn shares_its_database(&self) -> bool {
        self.database_url.as_deref().is_some_and(|url| url.starts_with("postgres"))
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
            tarballs: std::path::absolute(self.data.join("npm"))?,
            bubblewrap: self.builds.bubblewrap.clone(),
            unsandboxed: self.builds.allow_unsandboxed_builds,
            chromium: self.builds.chromium.clone().filter(|path| !path.as_os_str().is_empty()),
            registry: set(&self.builds.npm_registry).map(str::to_owned),
            registry_hosts: self.builds.registry_hosts(),
            pnpm: self.builds.pnpm.clone(),
            yarn: self.builds.yarn.clone(),
            yarn_berry: self.builds.yarn_berry.clone(),
            builds: self.builds.builds.unwrap_or(cores),
            limits: self.limits.build(),
            package: self.limits.package(),
            apps: self.apps(),
            probing: Probing {
                every: (self.probe_seconds > 0).then(|| Duration::from_secs(self.probe_seconds.into())),
                private: self.probe_private,
            },
            overdue: Duration::from_secs(u64::from(self.overdue_hours) * 60 * 60),
            place: Some(self.place(cores)?),
            ..Workshop::default()
        })
    }

    /// Where this server is, and what it was told.
    fn place(&self, cores: usize) -> std::io::Result<Place> {
        let data = std::path::absolute(&self.data)?;
        let backups = self.backups.folder();
        let mut settings = self.shown.clone();
        // Without one it is a number of this machine's.
        let builds = settings.iter_mut().find(|it| it.name == "builds" && it.value == SettingValue::Unset);
        if let Some(builds) = builds {
            builds.value = SettingValue::Text(format!("{cores} 个"));
        }
        Ok(Place {
            database: self.database(),
            bucket: set(&self.bucket.s3_bucket).is_some(),
            public_url: self.public().map(str::to_owned),
            backups: backups.map_or_else(|| Ok(data.join("backups")), std::path::absolute)?,
            daily: self.backups.daily(),
            file: self.config.clone().filter(|file| !file.as_os_str().is_empty()),
            settings,
            data,
        })
    }

    /// Where people reach this server, if not directly.
    pub(crate) fn public(&self) -> Option<&str> {
        set(&self.public_url)
    }

    fn apps(&self) -> Apps {
        let (port, domain) = (self.listen.port(), self.apps_domain.clone());
        match self.public() {
            Some(url) => {
                let (scheme, authority) = url.split_once("://").unwrap_or(("http", url));
                let port = split_port(authority).1.and_then(|port| port.parse().ok());
                Apps { scheme: scheme.to_owned(), domain, port, console: vec![format!("{scheme}://{authority}")] }
            }
            None => {
                let scheme = if self.network.tls_certificate.is_some() { "https" } else { "http" };
                let console = ["localhost", "127.0.0.1"].map(|host| format!("{scheme}://{host}:{port}"));
                Apps { scheme: scheme.to_owned(), domain, port: Some(port), console: console.into() }
            }
        }
    }
}

/// An empty one counts as none: so a service's file can leave it blank.
fn set(value: &Option<String>) -> Option<&str> {
    value.as_deref().map(str::trim).filter(|value| !value.is_empty())
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
