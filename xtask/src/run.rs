//! Build everything and serve it.

use crate::front::{self, Make};
use crate::paths;
use crate::shell::{Done, cargo, run_step};
use crate::system;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, SystemTime};

const LISTEN: &str = "127.0.0.1:3000";

/// Takes the pictures of previews, where it is installed.
const CHROMIUM: &str = "/usr/bin/chromium";

/// How often the warm loop looks for changed files.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Builds and serves until Ctrl-C. With `watch`, builds quickly, and again whenever a source file changes.
pub fn run(watch: bool, listen: Option<String>) -> Done {
    let listen = listen.unwrap_or_else(|| LISTEN.to_owned());
    // Said before the minutes of building, not after.
    std::net::TcpListener::bind(&listen)
        .map_err(|e| format!("cannot listen on {listen}: {e}. Stop what uses it, or choose another with --listen"))?;
    if watch { watch_and_serve(&listen) } else { serve(&listen) }
}

fn serve(listen: &str) -> Done {
    sandbox();
    // They share nothing before they are served: where one waits for a single core, the other goes on.
    let (front, compiled) = std::thread::scope(|scope| {
        let compiles = scope.spawn(|| {
            run_step("server: compile (release)", cargo().args(["build", "--release", "--package", "server"]))
        });
        (front::build(Make::Release), compiles.join())
    });
    front?;
    compiled.map_err(|_| "the server's compilation could not be followed".to_owned())??;
    let status = server("release", listen).status().map_err(|e| format!("the server did not start: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("the server ended with {status}")) }
}

/// Without it everything works but building source packages, and the stage says so.
fn sandbox() {
    if let Err(why) = system::need(system::SANDBOX) {
        eprintln!("{why}; until then source packages are refused");
    }
}

fn watch_and_serve(listen: &str) -> Done {
    sandbox();
    let mut running: Option<Child> = None;
    loop {
        let seen = newest_change();
        match build_quickly() {
            Ok(()) => {
                stop(running.take());
                running = Some(server("debug", listen).spawn().map_err(|e| format!("the server did not start: {e}"))?);
            }
            Err(why) => eprintln!("{why}"),
        }
        while newest_change() <= seen {
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

fn build_quickly() -> Done {
    front::build(Make::Dev)?;
    run_step("server: compile (dev)", cargo().args(["build", "--package", "server"]))
}

fn server(profile: &str, listen: &str) -> Command {
    let mut command = Command::new(paths::target().join(profile).join("server"));
    command.current_dir(paths::root()).args(["--demo", "--listen", listen]).arg("--site").arg(paths::site());
    if Path::new(CHROMIUM).exists() {
        command.args(["--chromium", CHROMIUM]);
    }
    command
}

fn stop(child: Option<Child>) {
    if let Some(mut child) = child {
        // SIGTERM lets it finish what runs; the standard library only knows SIGKILL.
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        let _ = child.wait();
    }
}

/// When a source file was changed last.
fn newest_change() -> SystemTime {
    let root = paths::root();
    [
        "app",
        "checks",
        "checks-web",
        "dingtalk",
        "domain",
        "engine",
        "frontend",
        "migrations",
        "oidc",
        "server",
        "style",
        "public",
    ]
    .iter()
    .map(|folder| newest_in(&root.join(folder)))
    .max()
    .unwrap_or(SystemTime::UNIX_EPOCH)
}

fn newest_in(folder: &Path) -> SystemTime {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return SystemTime::UNIX_EPOCH;
    };
    let change = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => newest_in(&entry.path()),
        Ok(meta) => meta.modified().unwrap_or(SystemTime::UNIX_EPOCH),
        Err(_) => SystemTime::UNIX_EPOCH,
    };
    entries.flatten().map(change).max().unwrap_or(SystemTime::UNIX_EPOCH)
}
