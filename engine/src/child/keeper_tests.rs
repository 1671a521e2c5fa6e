//! Whatever a tool does to get away from its keeper. They run under an account that is nobody's where the tests are root's, as a server
//! that is not root runs its builds: no account and no control group tells then what is left.

use super::sandbox::{Bare, Enter};
use super::{NO_ONE, WORD};
use crate::world::bench::{own_seconds, sleeping};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid};
use std::io::{BufRead, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Of the tests alone.
const ACCOUNT: u32 = NO_ONE - 1;

/// Forks twice, in sessions of their own, one without the environment; says so; and waits until its input ends.
fn leaves(seconds: u32) -> String {
    format!(
        "setsid sh -c '(echo up; exec sleep {seconds}) &'; setsid sh -c '(echo up; exec env -i setsid sleep {seconds}) &'; read end; exit 7"
    )
}

/// Of data, for each process. Bytes.
const DATA: u64 = 64 << 20;

/// The arguments that run this under a keeper.
fn kept(script: &str) -> [String; 6] {
    let environment = vec![("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned())];
    let bare = Some(Bare { folder: "/".into(), environment });
    let enter =
        Enter { groups: Vec::new(), account: ACCOUNT, processes: Some(10_000), file: 1 << 20, data: Some(DATA), bare };
    [WORD, "sandbox-enter", &serde_json::json!(enter).to_string(), "sh", "-c", script].map(str::to_owned)
}

fn program() -> std::path::PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.parent().unwrap().parent().unwrap().join("examples/workshop")
}

/// As root it becomes the account.
fn as_account(command: &mut Command) -> &mut Command {
    if Uid::effective().is_root() {
        command.uid(ACCOUNT).gid(ACCOUNT);
    }
    command.current_dir("/")
}

/// Whether the account may run the program; else it says 未检查: the build lies in a folder that is shut, as homes are.
fn can_be_run() -> bool {
    assert!(program().exists(), "cargo builds it beside the tests");
    let can = as_account(Command::new("test").arg("-x").arg(program())).status().unwrap().success();
    if !can {
        eprintln!("未检查: what gets away from a keeper: account {ACCOUNT} can't reach {}", program().display());
    }
    can
}

/// Starts it, and waits until it has left two behind.
fn started(mut command: Command, seconds: u32) -> (Child, BufReader<ChildStdout>) {
    let mut child = as_account(&mut command).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "up\n");
    }
    until(|| sleeping(seconds) == 2);
    (child, said)
}

fn until(seen: impl Fn() -> bool) {
    for _ in 0..1000 {
        if seen() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(seen(), "it is not seen");
}

#[test]
fn the_limit_is_the_tools_not_its_keepers() {
    let said = Command::new(program()).args(kept("ulimit -d")).output().unwrap();
    assert_eq!(String::from_utf8(said.stdout).unwrap(), format!("{}\n", DATA / 1024));
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().try_into().unwrap())
}

#[test]
fn what_forks_twice_in_a_session_of_its_own_ends_with_the_tool() {
    if !can_be_run() {
        return;
    }
    let seconds = own_seconds(1);
    let mut command = Command::new(program());
    command.args(kept(&leaves(seconds)));
    let (mut child, _said) = started(command, seconds);
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(7));
    assert_eq!(sleeping(seconds), 0);
}

#[test]
fn a_keeper_that_is_told_to_stop_ends_all_of_it() {
    if !can_be_run() {
        return;
    }
    let seconds = own_seconds(2);
    let mut command = Command::new(program());
    command.args(kept(&leaves(seconds)));
    let (mut child, _said) = started(command, seconds);
    // Waiting would close it, and end the tool.
    let _held = child.stdin.take();
    kill(pid(&child), Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(sleeping(seconds), 0);
}

#[test]
fn all_of_it_ends_when_the_server_is_killed() {
    if !can_be_run() {
        return;
    }
    let seconds = own_seconds(3);
    // The server is a shell here, which waits for what it started.
    let mut command = Command::new("sh");
    command.args(["-c", "exec 3<&0; \"$@\" <&3 & wait", "sh"]).arg(program()).args(kept(&leaves(seconds)));
    let (mut child, _said) = started(command, seconds);
    let _held = child.stdin.take();
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    until(|| sleeping(seconds) == 0);
}
