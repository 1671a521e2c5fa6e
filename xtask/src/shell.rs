//! Running programs, one line a step with its time.

use crate::paths;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What every step answers: nothing, or one sentence for the person at the terminal.
pub type Done<T = ()> = Result<T, String>;

/// Lines of a failed step's log that are shown.
const SHOWN: usize = 60;

/// Does one step and prints its line: seconds, name.
pub fn step<T>(name: &str, work: impl FnOnce() -> Done<T>) -> Done<T> {
    if std::io::stdout().is_terminal() {
        print!("     …   {name}\r");
        let _ = std::io::stdout().flush();
    }
    let start = Instant::now();
    let result = work();
    let mark = if result.is_ok() { ' ' } else { '✗' };
    println!("{:6.1} s {mark}{name}", start.elapsed().as_secs_f64());
    result
}

/// Runs a command as a step. Its output goes to a log, whose end is shown if it fails.
pub fn run_step(name: &str, command: &mut Command) -> Done {
    step(name, || quietly(name, command))
}

/// Runs a command with its output in a log, whose end becomes the error if it fails.
pub fn quietly(name: &str, command: &mut Command) -> Done {
    let log = paths::log(name);
    let mut start = || -> std::io::Result<std::process::ExitStatus> {
        std::fs::create_dir_all(log.parent().unwrap_or(&log))?;
        let file = File::create(&log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).status()
    };
    let status = start().map_err(|e| format!("{name}: {} did not start: {e}", program(command)))?;
    if status.success() {
        return Ok(());
    }
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.get(lines.len().saturating_sub(SHOWN)..).unwrap_or_default().join("\n");
    Err(format!("{name} failed ({status}). The end of {}:\n{end}", log.display()))
}

/// Runs a command, shows its standard output as it comes and hands every line to `seen` as well.
pub fn watched(name: &str, command: &mut Command, mut seen: impl FnMut(&str)) -> Done {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{name}: {} did not start: {e}", program(command)))?;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            println!("{line}");
            seen(&line);
        }
    }
    let status = child.wait().map_err(|e| format!("{name}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// The standard output of a command that succeeded, trimmed.
pub fn output(command: &mut Command) -> Option<String> {
    let out = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Whether a command succeeds within `limit`; it is stopped at the limit.
pub fn succeeds_within(limit: Duration, command: &mut Command) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        return false;
    };
    let end = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// A cargo of the toolchain that runs xtask, in the root of the checkout.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
