//! Without a sandbox: who keeps a tool. Whoever loses its parent below the keeper becomes the keeper's own child (a subreaper), so that
//! nothing that the tool starts gets out from under it by forking twice or in a session of its own. All of it is ended when the tool
//! has ended, when the keeper is told so (SIGTERM), and when the server has died.
//!
//! It is no wall: what the tool starts may kill its keeper, as all that is its account's. Start at [`keep`].

use super::WORD;
use super::sandbox::Bare;
use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpid, getppid};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// How often what is left is ended: who starts processes without end is slower than that, and what the system does not let go is left.
const ROUNDS: usize = 2000;
const PAUSE: Duration = Duration::from_millis(5);

/// Runs the tool, each of whose processes may have so many bytes of data, ends as it ends, and leaves nothing behind.
pub(super) fn keep(tool: &[OsString], bare: &Bare, data: Option<u64>) -> ExitCode {
    match kept(tool, bare, data) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("sandbox: {error}");
            ExitCode::from(3)
        }
    }
}

fn kept(tool: &[OsString], bare: &Bare, data: Option<u64>) -> std::io::Result<u8> {
    let server = getppid();
    prctl::set_child_subreaper(true)?;
    let told = SigSet::from_iter([Signal::SIGCHLD, Signal::SIGTERM]);
    told.thread_block()?;
    // Not before the account is another: then the system forgets it.
    prctl::set_pdeathsig(Signal::SIGTERM)?;
    if getppid() != server {
        return Ok(signalled(Signal::SIGTERM));
    }
    // No program gives the tool rights that the account has not, to start what is not below us, by `crontab` above all.
    prctl::set_no_new_privs()?;
    let mut command = Command::new("/proc/self/exe");
    let data = data.map(|data| data.to_string()).unwrap_or_default();
    command.args([WORD, "sandbox-tool", data.as_str()]).args(tool).current_dir(&bare.folder).env_clear();
    let child = command.envs(bare.environment.iter().map(|(name, value)| (name, value))).spawn()?;
    let code = until_over(i32::try_from(child.id()).map(Pid::from_raw).unwrap_or(Pid::this()), &told);
    end_all();
    Ok(code)
}

/// Turns into the tool, which has its limit, hears again what its keeper waits for, and dies with it.
pub(super) fn tool(arguments: &[OsString]) -> ExitCode {
    let [data, tool, rest @ ..] = arguments else { return ExitCode::from(2) };
    let data = data.to_str().and_then(|data| data.parse::<u64>().ok());
    let ready = SigSet::empty()
        .thread_set_mask()
        .and_then(|()| prctl::set_pdeathsig(Signal::SIGKILL))
        .and_then(|()| data.map_or(Ok(()), |data| setrlimit(Resource::RLIMIT_DATA, data, data)));
    let error = match ready {
        Ok(()) => Command::new(tool).args(rest).exec(),
        Err(error) => error.into(),
    };
    eprintln!("sandbox: {}: {error}", tool.to_string_lossy());
    ExitCode::from(127)
}

/// The tool's exit code; or we were told to stop.
fn until_over(tool: Pid, told: &SigSet) -> u8 {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(of, code)) if of == tool => return u8::try_from(code).unwrap_or(1),
            Ok(WaitStatus::Signaled(of, signal, _)) if of == tool => return signalled(signal),
            Ok(WaitStatus::StillAlive) => match told.wait() {
                Ok(Signal::SIGTERM) => return signalled(Signal::SIGTERM),
                Ok(_) => {}
                Err(_) => return 1,
            },
            // An orphan is buried.
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return 1,
        }
    }
}

/// What a shell says of a tool that a signal ended.
fn signalled(signal: Signal) -> u8 {
    u8::try_from(128 + signal as i32).unwrap_or(1)
}

fn end_all() {
    for _ in 0..ROUNDS {
        let left = below(getpid());
        if left.is_empty() {
            return;
        }
        for process in left {
            let _ = kill(process, Signal::SIGKILL);
        }
        std::thread::sleep(PAUSE);
        while let Ok(WaitStatus::Exited(..) | WaitStatus::Signaled(..)) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {}
    }
}

/// All processes whose parents lead to this one, the dead that are not buried, too.
fn below(root: Pid) -> Vec<Pid> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let all: Vec<(Pid, Pid)> = processes
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // `4711 (any name) S 1 …`.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((Pid::from_raw(process), Pid::from_raw(parent)))
        })
        .collect();
    let (mut tree, mut at) = (vec![root], 0);
    while let Some(parent) = tree.get(at).copied() {
        at += 1;
        tree.extend(all.iter().filter(|(_, of)| *of == parent).map(|(process, _)| *process));
    }
    tree.split_off(1)
}
