//! Figures of the product: builds what is needed as sites have it (profile dist), and lets the crate `bench` measure it.

use crate::front::{self, Make};
use crate::paths;
use crate::postgres::Cluster;
use crate::shell::{Done, cargo, run_step};
use crate::system;
use std::process::Command;

/// What to measure, as typed; what is not given is the measuring program's to choose.
pub struct Wanted {
    /// How many publications; several with commas.
    pub rows: Option<String>,
    /// How many work orders that ended, in place of publications; several with commas.
    pub orders: Option<String>,
    /// Packages from upload to preview to live, in place of both, and in a browser before that.
    pub packages: bool,
    /// What a person waits for in a browser, in place of all of them.
    pub screens: bool,
    /// What an administrator waits for, in place of all of them.
    pub operations: bool,
    /// Of them: the database for three processes; without it one is started that syncs each commit.
    pub postgres: Option<String>,
    /// Of them: audit events that are verified.
    pub events: Option<String>,
    /// Of them: GB of files that are backed up.
    pub gigabytes: Option<String>,
    /// Only what has this in its name.
    pub only: Option<String>,
    /// Seconds of one run of one work.
    pub seconds: Option<String>,
}

/// Builds and measures; the tables go to standard output.
pub fn bench(wanted: &Wanted) -> Done {
    front::build(Make::Release)?;
    if wanted.screens {
        compile("server")?;
        return browser("screens");
    }
    // One after the other: together they would share their features, and the measured server is the one that is shipped.
    for package in ["server", "bench"] {
        compile(package)?;
    }
    let own = if wanted.operations && wanted.postgres.is_none() { Cluster::durable()? } else { None };
    let postgres = wanted.postgres.clone().or_else(|| own.as_ref().map(|own| own.address().to_owned()));
    let dist = paths::target().join("dist");
    let mut command = Command::new(dist.join("bench"));
    command.arg("--server").arg(dist.join("server")).arg("--site").arg(paths::site());
    command.arg("--work").arg(paths::target().join("bench"));
    for (flag, value) in [
        ("--rows", &wanted.rows),
        ("--orders", &wanted.orders),
        ("--seconds", &wanted.seconds),
        ("--postgres", &postgres),
        ("--events", &wanted.events),
        ("--gigabytes", &wanted.gigabytes),
        ("--only", &wanted.only),
    ] {
        if let Some(value) = value {
            command.args([flag, value]);
        }
    }
    for (flag, given) in [("--packages", wanted.packages), ("--operations", wanted.operations)] {
        if given {
            command.arg(flag);
        }
    }
    let status = command.status().map_err(|e| format!("the bench did not start: {e}"))?;
    if !status.success() {
        return Err(format!("the bench ended with {status}"));
    }
    if wanted.packages { browser("packages") } else { Ok(()) }
}

fn compile(package: &str) -> Done {
    let name = format!("{package}: compile (dist)");
    run_step(&name, cargo().args(["build", "--profile", "dist", "--package", package]))
}

/// The browser's bench of this name, in the same browser as the tests.
fn browser(name: &str) -> Done {
    system::need(system::BROWSER)?;
    let folder = paths::root().join("end2end");
    system::npm("browser tests", &folder, &folder)?;
    let mut command = Command::new("npx");
    command.args(["playwright", "test", "--config", "bench.config.ts", "--reporter", "line"]);
    command.arg(format!("bench/{name}")).current_dir(&folder);
    command.env("IRS_SERVER", paths::target().join("dist/server")).env("IRS_SITE", paths::site());
    // The large package of the bench.
    command.env("IRS_PACKAGE", paths::target().join("bench/packages/package.zip"));
    let status = command.status().map_err(|e| format!("the browser's bench did not start: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("the browser's bench ended with {status}")) }
}
