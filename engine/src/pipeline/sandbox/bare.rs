//! Without a sandbox, where bubblewrap can't be used and the settings allow it all the same (`--allow-unsandboxed-builds`): as root an
//! account that owns nothing else, the limits, and an end for whatever was started: by the tool's keeper (`child/keeper.rs`), and
//! here for what got away from that. What such an account may read and reach, a build may, too.

use super::cgroup::Group;
use super::{ENVIRONMENT, Way};
use crate::child::Bare;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, Uid};
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;
use tokio::process::Child;

/// A build that starts processes faster than they are ended is ended so often.
const ROUNDS: usize = 200;
const PAUSE: Duration = Duration::from_millis(5);

/// A keeper that takes longer to end its tool is killed: it needs a few milliseconds, and gives up after ten seconds.
const PATIENCE: Duration = Duration::from_secs(15);

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

/// Who keeps a tool; told to end it when this goes before it is over.
pub(super) struct Keeper(AtomicI32);

impl Keeper {
    /// `None`: there is none.
    pub(super) fn of(process: Option<u32>) -> Self {
        Self(AtomicI32::new(process.and_then(|id| i32::try_from(id).ok()).unwrap_or_default()))
    }

    /// It has ended: its number may be another's.
    pub(super) fn is_over(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Has it end all that it keeps.
    pub(super) async fn ends(&self, child: &mut Child) {
        if self.told() {
            let _ = tokio::time::timeout(PATIENCE, child.wait()).await;
        }
    }

    fn told(&self) -> bool {
        let process = self.0.swap(0, Ordering::Relaxed);
        process != 0 && kill(Pid::from_raw(process), Signal::SIGTERM).is_ok()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.told();
    }
}

/// Ends what a tool started and left behind, if it got away from its keeper: all in its control groups; as root all of its account, else
/// what bears the work folder's marks; its group of processes.
pub(super) async fn end(tool: Option<u32>, work: &Path, account: u32, group: &Group) {
    for _ in 0..ROUNDS {
        let mut rest = group.processes();
        rest.extend(left(work, account).await);
        if rest.is_empty() {
            break;
        }
        for process in rest {
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
        }
        // They are buried by the system, not by us.
        tokio::time::sleep(PAUSE).await;
    }
    if let Some(leader) = tool.and_then(|tool| i32::try_from(tool).ok()) {
        let _ = killpg(Pid::from_raw(leader), Signal::SIGKILL);
    }
}

/// Every process of the machine is looked at: nobody else waits for it. Whoever does not wait for the answer any more kills nobody: the
/// account may be another build's by then.
async fn left(work: &Path, account: u32) -> Vec<i32> {
    let work = work.to_owned();
    let look = move || if Uid::effective().is_root() { of_account(account) } else { of_work(&work) };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}

/// What is at work in this folder, which no other run ever has, or was started for it: its environment names it.
pub(super) fn of_work(work: &Path) -> Vec<i32> {
    use std::os::unix::ffi::OsStrExt;
    // The system says where a process is without links, which the way to the data folder may have; the environment says either.
    let real = std::fs::canonicalize(work).unwrap_or_else(|_| work.to_owned());
    let names = [work.as_os_str().as_bytes(), real.as_os_str().as_bytes()];
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        let is_there = || std::fs::read_link(entry.path().join("cwd")).is_ok_and(|place| place.starts_with(&real));
        let is_for_it = || {
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            names.iter().any(|name| environment.windows(name.len()).any(|part| part == *name))
        };
        if is_there() || is_for_it() {
            found.push(process);
        }
    }
    found
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
