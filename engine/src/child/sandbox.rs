//! Into the sandbox, and inside it.

use super::keeper;
use super::limits::give_up;
use nix::sys::resource::Resource;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// What is given up on the way in.
#[derive(Serialize, Deserialize)]
pub(crate) struct Enter {
    /// Where to write 0 to get into the control groups.
    pub(crate) groups: Vec<PathBuf>,
    /// What root becomes.
    pub(crate) account: u32,
    /// Processes and threads of the account, where no control group counts: those of all builds, unless each has an account.
    pub(crate) processes: Option<u64>,
    /// Bytes of one file.
    pub(crate) file: u64,
    /// Bytes of one process's data, where no control group counts.
    pub(crate) data: Option<u64>,
    /// There is no sandbox: see [`Bare`].
    pub(crate) bare: Option<Bare>,
}

/// What bubblewrap would have set.
#[derive(Serialize, Deserialize)]
pub(crate) struct Bare {
    /// Where the tool works.
    pub(crate) folder: PathBuf,
    /// All of its environment.
    pub(crate) environment: Vec<(String, String)>,
}

/// Joins the groups, becomes the account, takes the limits on and turns into bubblewrap; without a sandbox it keeps the tool.
pub(super) fn enter(arguments: &[OsString]) -> ExitCode {
    let [settings, tool @ ..] = arguments else { return ExitCode::from(2) };
    let [bubblewrap, rest @ ..] = tool else { return ExitCode::from(2) };
    let Some(settings) = settings.to_str().and_then(|json| serde_json::from_str::<Enter>(json).ok()) else {
        return ExitCode::from(2);
    };
    for group in &settings.groups {
        if let Err(error) = std::fs::write(group, "0") {
            eprintln!("sandbox: {}: {error}", group.display());
            return ExitCode::from(3);
        }
    }
    let mut limits = vec![
        (Resource::RLIMIT_FSIZE, settings.file),
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_MEMLOCK, 0),
        (Resource::RLIMIT_MSGQUEUE, 0),
    ];
    limits.extend(settings.processes.map(|most| (Resource::RLIMIT_NPROC, most)));
    // A keeper is ourselves, who may have taken more than a tool may.
    limits.extend(settings.data.filter(|_| settings.bare.is_none()).map(|data| (Resource::RLIMIT_DATA, data)));
    if let Err(error) = give_up(settings.account, &limits) {
        eprintln!("sandbox: {error}");
        return ExitCode::from(3);
    }
    if let Some(bare) = &settings.bare {
        return keeper::keep(tool, bare, settings.data);
    }
    let mut command = Command::new(bubblewrap);
    command.args(rest).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let error = command.exec();
    eprintln!("sandbox: {error}");
    ExitCode::from(3)
}

/// Inside: brings the socket to 127.0.0.1 (unless the port is 0), runs the tool, ends as it ends.
pub(super) fn init(arguments: &[OsString]) -> ExitCode {
    let [port, socket, tool, rest @ ..] = arguments else { return ExitCode::from(2) };
    let port = port.to_str().and_then(|port| port.parse::<u16>().ok()).unwrap_or_default();
    if port != 0 {
        let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) else { return ExitCode::from(3) };
        let socket = PathBuf::from(socket);
        std::thread::spawn(move || {
            for inside in listener.incoming().flatten() {
                let socket = socket.clone();
                std::thread::spawn(move || joined(inside, &socket));
            }
        });
    }
    match Command::new(tool).args(rest).status() {
        Ok(status) => {
            let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => {
            eprintln!("sandbox: {}: {error}", tool.to_string_lossy());
            ExitCode::from(127)
        }
    }
}

/// Copies both ways until both are over.
fn joined(inside: TcpStream, socket: &std::path::Path) -> Option<()> {
    let outside = UnixStream::connect(socket).ok()?;
    let (mut from_inside, mut to_inside) = (inside.try_clone().ok()?, inside);
    let (mut from_outside, mut to_outside) = (outside.try_clone().ok()?, outside);
    let up = std::thread::spawn(move || {
        let _ = copy(&mut from_inside, &mut to_outside);
        let _ = to_outside.shutdown(Shutdown::Write);
    });
    let _ = copy(&mut from_outside, &mut to_inside);
    let _ = to_inside.shutdown(Shutdown::Write);
    up.join().ok()
}
