//! How packages are checked, built and shown.

use clap::Args;
use std::path::PathBuf;

/// The tools, and how much at once.
#[derive(Debug, Clone, Args)]
pub struct BuildSettings {
    /// The npm registry that builds may reach; without it, the one that npm is configured with.
    #[arg(long, env = "IRS_NPM_REGISTRY", value_parser = super::address::web)]
    pub npm_registry: Option<String>,

    /// Hosts that the npm registry's redirects may lead to, beside itself, with commas between: `cdn.npmmirror.com`. Public ones only.
    #[arg(long, env = "IRS_NPM_REGISTRY_HOSTS")]
    pub npm_registry_hosts: Option<String>,

    /// pnpm, for packages with its lock file: a name in `/usr/bin` or `/usr/local/bin`, or the path of the program, which all may read.
    #[arg(long, env = "IRS_PNPM", default_value = "pnpm")]
    pub pnpm: PathBuf,

    /// yarn 1, for packages with its lock file; named like pnpm.
    #[arg(long, env = "IRS_YARN", default_value = "yarn")]
    pub yarn: PathBuf,

    /// yarn 3 or later, for packages with its lock file; named like pnpm.
    #[arg(long, env = "IRS_YARN_BERRY", default_value = "yarn")]
    pub yarn_berry: PathBuf,

    /// bubblewrap, in which packages are built.
    #[arg(long, env = "IRS_BUBBLEWRAP", default_value = "bwrap")]
    pub bubblewrap: PathBuf,

    /// Where bubblewrap cannot be used, builds packages without any sandbox: what strangers wrote then runs on this machine, with its
    /// network. A sandbox that works is used all the same.
    #[arg(long, env = "IRS_ALLOW_UNSANDBOXED_BUILDS")]
    pub allow_unsandboxed_builds: bool,

    /// Chromium, which takes a picture of every preview and reads its console: `/usr/bin/chromium`. Without it there are none.
    #[arg(long, env = "IRS_CHROMIUM")]
    pub chromium: Option<PathBuf>,

    /// Packages that are checked and built at once; without it, as many as there are cores; 0: none here, `build-worker` processes
    /// do it.
    #[arg(long, env = "IRS_BUILDS")]
    pub builds: Option<usize>,
}

impl BuildSettings {
    /// The hosts of `npm_registry_hosts`.
    pub(super) fn registry_hosts(&self) -> Vec<String> {
        let hosts = self.npm_registry_hosts.as_deref().unwrap_or_default();
        hosts.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect()
    }
}
