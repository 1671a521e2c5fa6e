//! Memory and processes of one build, counted together: cgroup v2, else v1. Where neither can be had, limits per process and a
//! watcher of the tree do it.

use super::watch;
use crate::workshop::BuildLimits;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const ROOT: &str = "/sys/fs/cgroup";

/// How often it is looked whether the system had to kill.
const EVERY: Duration = Duration::from_millis(500);

/// So often, with a pause between, children are brought along that were started meanwhile.
const ROUNDS: usize = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// The control groups of one build; none, where we may not make them.
pub(super) struct Group {
    memory: Option<PathBuf>,
    processes: Option<PathBuf>,
    unified: bool,
}

/// What holds a build to its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enforced {
    /// The system counts memory and processes of a build together: cgroup v2, delegated to us, or v1.
    Together { v2: bool },
    /// It counts only the processes, or only the memory.
    Half { memory: bool },
    /// Limits of each process, and a watcher of the tree.
    Each,
}

/// How builds of this process would be held to their limits: tried with a group that has nobody in it.
pub(crate) async fn enforced(limits: &BuildLimits) -> Enforced {
    let group = Group::new(limits);
    let enforced = match (&group.memory, &group.processes) {
        (Some(_), Some(_)) => Enforced::Together { v2: group.unified },
        (None, None) => Enforced::Each,
        (memory, _) => Enforced::Half { memory: memory.is_some() },
    };
    group.remove().await;
    enforced
}

impl Group {
    pub(super) fn new(limits: &BuildLimits) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("irs-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let root = Path::new(ROOT);
        let (memory, processes) = (limits.memory.to_string(), limits.processes.to_string());
        if let Some(root) = home() {
            let musts = [("memory.max", memory.as_str()), ("pids.max", processes.as_str())];
            // All of it is ended at once: what waits for a process that is gone would wait until its time is over.
            let wishes = [("memory.swap.max", "0"), ("memory.oom.group", "1")];
            let made = make(root.join(&name), &musts, &wishes);
            return Self { memory: made.clone(), processes: made, unified: true };
        }
        let limit = |name| [(name, memory.as_str())];
        let (memory, swap) = (limit("memory.limit_in_bytes"), limit("memory.memsw.limit_in_bytes"));
        Self {
            memory: make(root.join("memory").join(&name), &memory, &swap),
            processes: make(root.join("pids").join(&name), &[("pids.max", processes.as_str())], &[]),
            unified: false,
        }
    }

    /// Where a process writes 0 to get in.
    pub(super) fn entrances(&self) -> Vec<PathBuf> {
        let mut groups: Vec<&PathBuf> = self.memory.iter().chain(&self.processes).collect();
        groups.dedup();
        groups.into_iter().map(|group| group.join("cgroup.procs")).collect()
    }

    /// Who is in it.
    pub(super) fn processes(&self) -> Vec<i32> {
        let of = |group| std::fs::read_to_string(group).unwrap_or_default();
        let all = self.entrances().into_iter().map(of).collect::<String>();
        all.lines().filter_map(|line| line.parse().ok()).collect()
    }

    /// Whether the system counts the memory.
    pub(super) fn counts_memory(&self) -> bool {
        self.memory.is_some()
    }

    /// Whether the system counts the processes.
    pub(super) fn counts_processes(&self) -> bool {
        self.processes.is_some()
    }

    /// Passes when the system had to kill for want of memory; never where it does not count.
    pub(super) async fn runs_out_of_memory(&self) {
        if self.memory.is_none() {
            return std::future::pending().await;
        }
        while !self.ran_out_of_memory() {
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Whether the system had to kill for want of memory.
    pub(super) fn ran_out_of_memory(&self) -> bool {
        let Some(group) = &self.memory else { return false };
        let (file, events): (_, &[&str]) = if self.unified {
            // Not where only the machine had no memory left: `oom` is the group's own limit.
            ("memory.events", &["oom", "oom_kill"])
        } else {
            ("memory.oom_control", &["oom_kill"])
        };
        let text = std::fs::read_to_string(group.join(file)).unwrap_or_default();
        events.iter().all(|event| has_happened(&text, event))
    }

    /// Takes them away. Who was inside is dead already, but may not be buried yet.
    pub(super) async fn remove(mut self) {
        let groups = self.take();
        let _ = tokio::task::spawn_blocking(move || remove(&groups)).await;
    }

    fn take(&mut self) -> Vec<PathBuf> {
        self.memory.take().into_iter().chain(self.processes.take()).collect()
    }
}

impl Drop for Group {
    /// The build was cancelled: it is being killed, and nobody waits here.
    fn drop(&mut self) {
        let groups = self.take();
        if groups.is_empty() {
            return;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || remove(&groups))),
            Err(_) => remove(&groups),
        }
    }
}

fn remove(groups: &[PathBuf]) {
    for group in groups {
        for _ in 0..50 {
            if std::fs::remove_dir(group).is_ok() || !group.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Finds where groups are made, before this process has children: one of them in our group, and it can't be shared out.
pub(in crate::pipeline) fn settle() {
    home();
}

/// Where groups of cgroup v2 are made: in our own, if it is delegated to us, else in the root. Found once, by trying.
fn home() -> Option<&'static PathBuf> {
    static HOME: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let root = PathBuf::from(ROOT);
        let own =
            own_group(&std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default()).map(|own| root.join(own));
        // Of a container the root is our own group.
        let found = own.filter(|own| is_delegated(own));
        let found = found.or_else(|| Some(root).filter(|root| gives(root) || is_delegated(root)));
        match &found {
            Some(home) => tracing::info!(group = %home.display(), "control groups of builds: cgroup v2"),
            None => tracing::info!("control groups of builds: cgroup v1, or none"),
        }
        found
    };
    HOME.get_or_init(find).as_ref()
}

/// Our group of cgroup v2, below the root; nothing: it is the root, or there is none.
fn own_group(memberships: &str) -> Option<&str> {
    let path = memberships.lines().find_map(|line| line.strip_prefix("0::/"))?.trim();
    (!path.is_empty()).then_some(path)
}

/// Whether those below this group, ours, may be limited. Then nobody may be in the group itself: we go below it first.
fn is_delegated(own: &Path) -> bool {
    if !has(&own.join("cgroup.controllers"), &["memory", "pids"]) {
        return false;
    }
    let below = own.join(format!("irs-{}-server", std::process::id()));
    let made = std::fs::create_dir(&below).is_ok() || below.is_dir();
    let moved = made && std::fs::write(below.join("cgroup.procs"), "0").is_ok();
    let share_out = |round| {
        if round > 0 {
            std::thread::sleep(PAUSE);
        }
        brought(own, &below) && gives(own)
    };
    if moved && (0..ROUNDS).any(share_out) {
        return true;
    }
    brought(&below, own);
    let _ = std::fs::remove_dir(&below);
    // Another server of this group may have done it meanwhile: then there is no way back, and no need of one.
    moved && gives(own)
}

/// Takes us and what we started from one group to another; nobody else: in the group of a session there is a person's shell. Whether
/// all of that could be done.
fn brought(from: &Path, to: &Path) -> bool {
    let inside = std::fs::read_to_string(from.join("cgroup.procs")).unwrap_or_default();
    let ours = inside.lines().filter(|process| process.parse().is_ok_and(is_ours));
    ours.map(|process| std::fs::write(to.join("cgroup.procs"), process)).all(|moved| moved.is_ok())
}

/// Whether a process is this one, or was started by it or by those that it started.
fn is_ours(mut process: u32) -> bool {
    let us = std::process::id();
    while process > 1 && process != us {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| watch::value(line, "PPid:")).unwrap_or_default();
        process = u32::try_from(parent).unwrap_or_default();
    }
    process == us
}

fn gives(group: &Path) -> bool {
    let given = group.join("cgroup.subtree_control");
    // What it says afterwards counts.
    let _ = std::fs::write(&given, "+memory +pids");
    has(&given, &["memory", "pids"])
}

/// Takes away the groups of processes that died.
pub(in crate::pipeline) fn sweep() {
    let places = ["", "memory", "pids"].map(|place| Path::new(ROOT).join(place));
    for place in places.iter().chain(home()) {
        for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let pid = name.to_str().and_then(|name| name.strip_prefix("irs-")?.split('-').next()?.parse::<u32>().ok());
            if pid.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
                // It stays while somebody is in it.
                let _ = std::fs::remove_dir(entry.path());
            }
        }
    }
}

fn has(controllers: &Path, wanted: &[&str]) -> bool {
    let text = std::fs::read_to_string(controllers).unwrap_or_default();
    wanted.iter().all(|one| text.split_whitespace().any(|there| there == *one))
}

/// The group with its limits, and what else the system has of them. One that is there already is that of another server, in another
/// container.
fn make(group: PathBuf, musts: &[(&str, &str)], wishes: &[(&str, &str)]) -> Option<PathBuf> {
    std::fs::create_dir(&group).ok()?;
    let set = |(name, value): &(&str, &str)| std::fs::write(group.join(name), value).is_ok();
    if !musts.iter().all(set) {
        let _ = std::fs::remove_dir(&group);
        return None;
    }
    for wish in wishes {
        set(wish);
    }
    Some(group)
}

/// Whether a file of events counts this one.
fn has_happened(events: &str, event: &str) -> bool {
    let count = events.lines().find_map(|line| line.strip_prefix(event)?.strip_prefix(' '));
    count.is_some_and(|count| count.trim() != "0")
}

#[cfg(test)]
mod tests {
    use super::{has_happened, is_ours, own_group};

    #[test]
    fn our_group_is_that_of_the_second_version() {
        let ours = "system.slice/irs.service";
        assert_eq!(own_group("0::/system.slice/irs.service\n"), Some(ours));
        assert_eq!(own_group("9:memory:/a\n1:name=systemd:/b\n0::/system.slice/irs.service\n"), Some(ours));
        assert_eq!(own_group("0::/\n"), None);
        assert_eq!(own_group("9:memory:/a\n"), None);
    }

    #[test]
    fn an_event_happened_if_it_is_counted() {
        let events = "low 0\nhigh 0\nmax 12\noom 0\noom_kill 1\noom_group_kill 1\n";
        assert!(has_happened(events, "oom_kill") && has_happened(events, "max"));
        assert!(!has_happened(events, "oom") && !has_happened(events, "low") && !has_happened("", "oom"));
        assert!(has_happened("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", "oom_kill"));
    }

    #[test]
    fn ours_are_we_and_what_we_started() {
        let mut child = std::process::Command::new("sh").args(["-c", "sleep 30 & wait"]).spawn().unwrap();
        let below = || std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).unwrap();
        while below().is_empty() {
            std::thread::yield_now();
        }
        let grandchild: u32 = below().trim().parse().unwrap();
        assert!([std::process::id(), child.id(), grandchild].into_iter().all(is_ours));
        assert!(![0, 1, std::os::unix::process::parent_id()].into_iter().any(is_ours));
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(grandchild as i32), nix::sys::signal::Signal::SIGKILL)
            .unwrap();
        child.wait().unwrap();
    }
}
