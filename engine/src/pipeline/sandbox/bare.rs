//! Without a sandbox, where bubblewrap can't be used and the settings allow it all the same (`--allow-unsandboxed-builds`): as root an
//! account that owns nothing else, the limits, and an end for whatever was started. What such an account may read and reach, a build
//! may, too.

use super::cgroup::Group;
use super::{ENVIRONMENT, Way};
use crate::child::Bare;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, Uid};
use std::path::Path;

/// A build that starts processes faster than they are ended is ended so often.
const ROUNDS: usize = 20;

/// In the work folder: what a tool writes for the person who runs it.
const HOME: &str = ".home";

/// What the sandbox would have set: where the work is, and npm's settings; with a way out, that to the registry.
pub(super) fn settings(work: &Path, way: Option<&Way>) -> Bare {
    let inside = |value: &str| value.replace(super::WORK, &work.to_string_lossy());
    let home = work.join(HOME).to_string_lossy().into_owned();
    let environment = ENVIRONMENT.into_iter().filter_map(|(name, value)| {
        let value = match name {
            "npm_config_registry" => format!("http://127.0.0.1:{}/", way?.port()?),
            "HOME" => home.clone(),
            _ => inside(value),
        };
        Some((name.to_owned(), value))
    });
    Bare { folder: work.to_owned(), environment: environment.chain([("TMPDIR".to_owned(), home.clone())]).collect() }
}

/// Made before the folder is given away.
pub(super) fn prepare(work: &Path) {
    // The package may have brought one.
    let _ = std::fs::create_dir(work.join(HOME));
}

/// Ends what a tool started and left behind: all in its control groups; as root all of its account; else its group of processes.
pub(super) fn end(tool: Option<u32>, account: u32, group: &Group) {
    for _ in 0..ROUNDS {
        let mut rest = group.processes();
        if Uid::effective().is_root() {
            rest.extend(of_account(account));
        }
        if rest.is_empty() {
            break;
        }
        for process in rest {
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
        }
        // They are buried by the system, not by us.
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    if let Some(leader) = tool.and_then(|tool| i32::try_from(tool).ok()) {
        let _ = killpg(Pid::from_raw(leader), Signal::SIGKILL);
    }
}

fn of_account(account: u32) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(status) = std::fs::read_to_string(entry.path().join("status")) else { continue };
        let is = |name: &str, wanted: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.split_whitespace().next())
                == Some(wanted)
        };
        if is("Uid:", &account.to_string()) && !is("State:", "Z") {
            found.push(process);
        }
    }
    found
}
