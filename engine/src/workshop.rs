//! The settings of uploading, building, hosting, telling and counting: one struct, filled by the server's settings.

use crate::health::Probing;
use crate::outbox::Carriers;
use crate::outside::{DingTalk, Oidc};
use crate::place::Place;
use domain::fields::url::split_port;
use std::path::PathBuf;
use std::time::Duration;

pub use checks::Limits as PackageLimits;

/// A megabyte, as the spec counts. Bytes.
pub const MB: u64 = 1024 * 1024;

/// How packages are checked, built and shown, and how people are told.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The program that is run as `<program> child …` for what must not run in this process ([`crate::child`]).
    pub program: PathBuf,
    /// Where packages are unpacked and built; emptied after each job.
    pub work: PathBuf,
    /// Where the npm registry's tarballs are kept: may be removed at any time, takes 2 GB.
    pub tarballs: PathBuf,
    /// bubblewrap: the name of the program, or its path.
    pub bubblewrap: PathBuf,
    /// Where bubblewrap can't be used, packages are built without it: what strangers wrote then runs as an account of this machine.
    pub unsandboxed: bool,
    /// Chromium, which takes a picture of every preview; `None`: no pictures.
    pub chromium: Option<PathBuf>,
    /// The npm registry that builds may reach, and nothing else; `None`: the one that npm is configured with.
    pub registry: Option<String>,
    /// Hosts, beside the registry's own, that its redirects may lead to: where its tarballs are.
    pub registry_hosts: Vec<String>,
    /// pnpm: the name of the program, or its path.
    pub pnpm: PathBuf,
    /// yarn 1, the same.
    pub yarn: PathBuf,
    /// yarn 3 or later, the same.
    pub yarn_berry: PathBuf,
    /// Jobs that run at once in this process; 0: none, others do it.
    pub builds: usize,
    /// What a build may take.
    pub limits: BuildLimits,
    /// What a package may be at most.
    pub package: PackageLimits,
    /// The host names of applications.
    pub apps: Apps,
    /// How long a preview's label holds.
    pub preview: Duration,
    /// What carries notices out of the product.
    pub carriers: Carriers,
    /// 浙政钉, which knows people: it signs them in and finds them by number.
    pub dingtalk: Option<DingTalk>,
    /// The OpenID provider, which signs people in.
    pub oidc: Option<Oidc>,
    /// How what is live is probed.
    pub probing: Probing,
    /// 超时: an order that waits longer than this in one step.
    pub overdue: Duration,
    /// Where this server is and how it was set; `None`: nobody said, and the screens about it have nothing to show.
    pub place: Option<Place>,
}

/// What a build may take (packages.md, 代码编译).
#[derive(Debug, Clone)]
pub struct BuildLimits {
    /// From the beginning of the installation to the end of the build.
    pub time: Duration,
    /// Bytes of memory, of all processes together.
    pub memory: u64,
    /// Processes and threads at once.
    pub processes: u64,
    /// Bytes of what is served in the end.
    pub output: u64,
    /// Bytes on the disk while it runs: sources, dependencies, output.
    pub disk: u64,
}

/// Where applications are shown: `<scheme>://<label>.<domain>[:port]`.
#[derive(Debug, Clone)]
pub struct Apps {
    /// `http`, or `https` behind a proxy that does TLS.
    pub scheme: String,
    /// What comes after the label.
    pub domain: String,
    /// If it is not the scheme's own.
    pub port: Option<u16>,
    /// The origins of our own pages, which may show an application in a frame.
    pub console: Vec<String>,
}

impl Default for Workshop {
    fn default() -> Self {
        Self {
            program: PathBuf::from("server"),
            work: std::env::temp_dir().join("irs-work"),
            tarballs: std::env::temp_dir().join("irs-tarballs"),
            bubblewrap: PathBuf::from("bwrap"),
            unsandboxed: false,
            chromium: None,
            registry: None,
            registry_hosts: Vec::new(),
            pnpm: PathBuf::from("pnpm"),
            yarn: PathBuf::from("yarn"),
            yarn_berry: PathBuf::from("yarn"),
            builds: 1,
            limits: BuildLimits::default(),
            package: PackageLimits::default(),
            apps: Apps::default(),
            preview: Duration::from_secs(60 * 60),
            carriers: Carriers::default(),
            dingtalk: None,
            oidc: None,
            probing: Probing::default(),
            overdue: Duration::from_secs(48 * 60 * 60),
            place: None,
        }
    }
}

impl Workshop {
    /// [`Workshop::overdue`] in milliseconds.
    pub fn overdue_ms(&self) -> i64 {
        i64::try_from(self.overdue.as_millis()).unwrap_or(i64::MAX)
    }
}

impl Default for BuildLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10 * 60),
            memory: 2048 * MB,
            processes: 512,
            output: 300 * MB,
            disk: 2048 * MB,
        }
    }
}

impl Default for Apps {
    fn default() -> Self {
        Self {
            scheme: "http".to_owned(),
            domain: "apps.localhost".to_owned(),
            port: Some(3000),
            console: vec!["http://localhost:3000".to_owned(), "http://127.0.0.1:3000".to_owned()],
        }
    }
}

impl Apps {
    /// Where our own pages are, for a phone; without a slash at its end.
    pub fn console_address(&self) -> &str {
        self.console.first().map_or("", String::as_str)
    }

    /// The address of a label, without a slash at its end.
    pub fn address(&self, label: &str) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{label}.{}{port}", self.scheme, self.domain)
    }

    /// The label that a request's Host names; `None`: the request is for our own pages.
    pub fn label<'h>(&self, host: &'h str) -> Option<&'h str> {
        let (name, _) = split_port(host);
        let name = name.strip_suffix('.').unwrap_or(name);
        let at = name.len().checked_sub(self.domain.len())?;
        if !name.is_char_boundary(at) || !name[at..].eq_ignore_ascii_case(&self.domain) {
            return None;
        }
        match &name[..at] {
            "" => Some(""),
            label => label.strip_suffix('.'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Apps;

    #[test]
    fn a_host_names_an_application_or_us() {
        let apps = Apps::default();
        for (host, label) in [
            ("sv00000001.apps.localhost:3000", Some("sv00000001")),
            ("SV1.Apps.Localhost", Some("SV1")),
            ("a.b.apps.localhost.:80", Some("a.b")),
            ("apps.localhost:3000", Some("")),
            ("xapps.localhost", None),
            ("localhost:3000", None),
            ("127.0.0.1:3000", None),
            ("[::1]:3000", None),
            ("[::1]", None),
            ("", None),
        ] {
            assert_eq!(apps.label(host), label, "{host}");
        }
        assert_eq!(apps.address("x"), "http://x.apps.localhost:3000");
    }
}
