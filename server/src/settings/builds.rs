//! How packages are checked, built and shown.

use clap::Args;
use std::path::PathBuf;

/// The tools, and how much at once.
#[derive(Debug, Clone, Args)]
pub struct BuildSettings {
    /// The npm registry that builds may reach; without it, the one that npm is configured with.
    #[arg(long, env = "IRS_NPM_REGISTRY", value_parser = super::address::web)]
    pub npm_registry: Option<String>,

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
