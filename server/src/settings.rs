//! Every setting, with its default. `--help` prints this list; a wrong value is named at the start.

mod outside;
#[cfg(test)]
mod tests;

use clap::{Parser, Subcommand, ValueEnum};
use engine::health::Probing;
use engine::outside::DingTalkError;
use engine::{Apps, Bucket, BucketError, CarrierError, Carriers, Workshop};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

pub use outside::Outside;

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

    /// Folder of the embedded database, of files, and of what is being built.
    #[arg(long, env = "IRS_DATA", default_value = "data")]
    pub data: PathBuf,

    /// `postgres://…`; without it the embedded SQLite in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Files are kept in this bucket of an object store (S3), in place of the data folder.
    #[arg(long, env = "IRS_S3_BUCKET")]
    pub s3_bucket: Option<String>,

    /// The object store's address: `https://s3.example.gov.cn`; `http://…` is not encrypted.
    #[arg(long, env = "IRS_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,

    /// The object store's region; without it `us-east-1`, which stores take that know none.
    #[arg(long, env = "IRS_S3_REGION")]
    pub s3_region: Option<String>,

    /// The access key, of an account for this bucket alone.
    #[arg(long, env = "IRS_S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: Option<String>,

    /// The secret key.
    #[arg(long, env = "IRS_S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<String>,

    /// The bucket is in the object store's host name (`https://<bucket>.s3.example.gov.cn`), not in the path.
    #[arg(long, env = "IRS_S3_VIRTUAL_HOST")]
    pub s3_virtual_host: bool,

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

    /// Chromium, which takes a picture of every preview and reads its console: `/usr/bin/chromium`. Without it there are none.
    #[arg(long, env = "IRS_CHROMIUM")]
    pub chromium: Option<PathBuf>,

    /// Packages that are checked and built at once; without it, half as many as there are cores; 0: none here, `build-worker`
    /// processes do it.
    #[arg(long, env = "IRS_BUILDS")]
    pub builds: Option<usize>,

    /// A robot that posts what people are told into a group, as 钉钉 has it: the address with its access token.
    #[arg(long, env = "IRS_WEBHOOK_URL", hide_env_values = true)]
    pub webhook_url: Option<String>,

    /// The robot's secret (加签), which signs every message.
    #[arg(long, env = "IRS_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<String>,

    /// The mail server: `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required`.
    #[arg(long, env = "IRS_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Who the mail is from: `应用发布 <no-reply@example.gov.cn>`.
    #[arg(long, env = "IRS_MAIL_FROM")]
    pub mail_from: Option<String>,

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
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM or Ctrl-C.
    Serve,
    /// Build packages for servers that share this database and these files, until SIGTERM or Ctrl-C.
    BuildWorker,
    /// Print the link of the first start, with which the three administrators are named: good for 30 minutes, used once. Later: new
    /// activation links for those of them who never activated.
    Init {
        /// A new activation link for this administrator, who has lost what they sign in with.
        #[arg(long)]
        account: Option<String>,
    },
    /// Bring the database to this version's schema, and end.
    Migrate,
    /// Verify the audit log's chain; names the first row that does not fit.
    AuditVerify,
    /// Copy database and files into a new folder, while servers run.
    Backup {
        /// New, empty, or with a backup that broke off.
        folder: PathBuf,
    },
    /// Bring a backup back into an empty place: no database, no files.
    Restore {
        /// What `backup` made.
        folder: PathBuf,
    },
    /// Say in words what is wrong with this site, and what to do; ends with an error if anything is.
    Doctor,
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
}

const WEBHOOK: [&str; 2] = ["--webhook-url (IRS_WEBHOOK_URL)", "--webhook-secret (IRS_WEBHOOK_SECRET)"];
const EMAIL: [&str; 2] = ["--smtp-url (IRS_SMTP_URL)", "--mail-from (IRS_MAIL_FROM)"];
const S3: [&str; 6] = [
    "--s3-bucket (IRS_S3_BUCKET)",
    "--s3-endpoint (IRS_S3_ENDPOINT)",
    "--s3-access-key (IRS_S3_ACCESS_KEY)",
    "--s3-secret-key (IRS_S3_SECRET_KEY)",
    "--s3-region (IRS_S3_REGION)",
    "--s3-virtual-host (IRS_S3_VIRTUAL_HOST)",
];

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
            bubblewrap: self.bubblewrap.clone(),
            chromium: self.chromium.clone().filter(|path| !path.as_os_str().is_empty()),
            registry: self.npm_registry.clone(),
            builds: self.builds.unwrap_or(cores.div_ceil(2)),
            apps: self.apps(),
            probing: Probing {
                every: (self.probe_seconds > 0).then(|| Duration::from_secs(self.probe_seconds.into())),
                private: self.probe_private,
            },
            overdue: Duration::from_secs(u64::from(self.overdue_hours) * 60 * 60),
            ..Workshop::default()
        })
    }

    /// What carries notices out of the product.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn carriers(&self) -> Result<Carriers, WrongSetting> {
        let mut carriers = Carriers::default();
        if let Some((url, secret)) = both(&self.webhook_url, &self.webhook_secret, WEBHOOK)? {
            carriers = carriers.with_webhook(url, secret).map_err(|cause| WrongSetting::of(cause, WEBHOOK))?;
        }
        if let Some((url, from)) = both(&self.smtp_url, &self.mail_from, EMAIL)? {
            carriers = carriers.with_email(url, from).map_err(|cause| WrongSetting::of(cause, EMAIL))?;
        }
        Ok(carriers)
    }

    /// The bucket of files, if they are not in the data folder.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn bucket(&self) -> Result<Option<Bucket<'_>>, WrongSetting> {
        let needed = [&self.s3_bucket, &self.s3_endpoint, &self.s3_access_key, &self.s3_secret_key].map(set);
        let region = set(&self.s3_region);
        let [Some(name), Some(endpoint), Some(access_key), Some(secret_key)] = needed else {
            let there = needed.map(|value| value.is_some()).into_iter().chain([region.is_some(), self.s3_virtual_host]);
            let alone = there.zip(S3).find(|(there, _)| *there);
            let missing = needed.iter().zip(S3).find(|(value, _)| value.is_none());
            return match (alone, missing) {
                (Some((_, alone)), Some((_, missing))) => Err(WrongSetting::Alone(alone, missing)),
                _ => Ok(None),
            };
        };
        let region = region.unwrap_or("us-east-1");
        let bucket = Bucket { name, endpoint, region, access_key, secret_key, virtual_host: self.s3_virtual_host };
        match bucket.check() {
            Ok(_) => Ok(Some(bucket)),
            Err(cause) => Err(WrongSetting::of_bucket(cause)),
        }
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

impl WrongSetting {
    fn of(cause: CarrierError, [first, second]: [&'static str; 2]) -> Self {
        match cause {
            CarrierError::WebhookSecret | CarrierError::MailFrom => Self::Carrier(second, cause),
            CarrierError::WebhookUrl | CarrierError::SmtpUrl | CarrierError::Tls => Self::Carrier(first, cause),
        }
    }

    fn of_bucket(cause: BucketError) -> Self {
        let [name, endpoint, access_key, _, region, _] = S3;
        let setting = match cause {
            BucketError::Name => name,
            BucketError::Endpoint => endpoint,
            BucketError::AccessKey => access_key,
            BucketError::Region => region,
        };
        Self::Bucket(setting, cause)
    }
}

/// An empty one counts as none: so a service's file can leave it blank.
fn set(value: &Option<String>) -> Option<&str> {
    value.as_deref().map(str::trim).filter(|value| !value.is_empty())
}

fn both<'s>(
    first: &'s Option<String>,
    second: &'s Option<String>,
    names: [&'static str; 2],
) -> Result<Option<(&'s str, &'s str)>, WrongSetting> {
    match (set(first), set(second)) {
        (None, None) => Ok(None),
        (Some(first), Some(second)) => Ok(Some((first, second))),
        (Some(_), None) => Err(WrongSetting::Alone(names[0], names[1])),
        (None, Some(_)) => Err(WrongSetting::Alone(names[1], names[0])),
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
