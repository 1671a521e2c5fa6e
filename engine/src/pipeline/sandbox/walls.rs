//! What keeps builds in, and why it can't be had.

use crate::child::NO_ONE;
use crate::workshop::Workshop;
use nix::unistd::Uid;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use tokio::process::Command;

/// The programs that made a sandbox in this process. Whoever exhausts what they need for a moment must not be let out for it.
static WORKED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// What keeps a build in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Walls {
    Bubblewrap,
    /// Nothing but an account and limits: see [`super::bare`].
    None,
}

/// Why nothing can be built here: for administrators, with what the system said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// bubblewrap is there, but may not make namespaces.
    NotAllowed(String),
    /// It can't be run.
    NotInstalled(String),
}

/// What can keep a build in here. A sandbox that works is always used; without one, `Err` says in a sentence why nothing can be built,
/// unless the settings allow it.
pub(in crate::pipeline) async fn walls(workshop: &Workshop) -> Result<Walls, String> {
    match trouble(workshop).await {
        None => Ok(Walls::Bubblewrap),
        Some(Trouble::NotAllowed(error)) if worked(workshop) => {
            tracing::error!(%error, "bubblewrap does not work any more");
            Err("编译沙箱暂时不可用，没有编译。请稍后重新运行；一直如此请联系系统管理员。".to_owned())
        }
        Some(trouble) if workshop.unsandboxed => {
            tracing::warn!(?trouble, "a package is built without a sandbox, as --allow-unsandboxed-builds says");
            Ok(Walls::None)
        }
        Some(trouble) => Err(said(&trouble)),
    }
}

/// Why there is no sandbox, in a sentence, whatever the settings allow.
pub(in crate::pipeline) async fn missing(workshop: &Workshop) -> Option<String> {
    Some(said(&trouble(workshop).await?))
}

fn worked(workshop: &Workshop) -> bool {
    WORKED.lock().unwrap_or_else(PoisonError::into_inner).contains(&workshop.bubblewrap)
}

fn said(trouble: &Trouble) -> String {
    let sentence = match trouble {
        Trouble::NotAllowed(error) => {
            tracing::error!(%error, "bubblewrap does not work");
            "服务器不允许建立编译沙箱（用户命名空间），无法编译源码包。请联系系统管理员开启用户命名空间，或在本地编译后上传静态包。"
        }
        Trouble::NotInstalled(error) => {
            tracing::error!(%error, "bubblewrap is not installed: please install the package bubblewrap");
            "服务器没有安装编译沙箱（bubblewrap），无法编译源码包。请联系系统管理员安装 bubblewrap，或在本地编译后上传静态包。"
        }
    };
    sentence.to_owned()
}

/// What every sandbox is shut by: also the one that is made for a trial, so that none is said to work in which no build begins.
pub(super) fn shut(command: &mut Command) {
    command.args(["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]);
    command.args(["--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session", "--clearenv"]);
    // Inside, all builds have one account, the one of FILES; outside each has its own.
    let account = NO_ONE.to_string();
    command.args(["--hostname", "build", "--uid", &account, "--gid", &account, "--ro-bind", "/usr", "/usr"]);
}

/// Makes a sandbox with nothing in it.
pub(crate) async fn trouble(workshop: &Workshop) -> Option<Trouble> {
    let mut try_it = Command::new(&workshop.bubblewrap);
    shut(&mut try_it);
    try_it.args(["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64"]);
    try_it.args(["/lib64", "--proc", "/proc", "--dev", "/dev", "/usr/bin/true"]).env_clear().kill_on_drop(true);
    try_it.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    drop_rights(&mut try_it);
    match try_it.output().await {
        Ok(output) if output.status.success() => {
            WORKED.lock().unwrap_or_else(PoisonError::into_inner).insert(workshop.bubblewrap.clone());
            None
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let is_old = said.contains("Unknown option");
            Some(if is_old {
                Trouble::NotInstalled(format!("older than 0.8: {said}"))
            } else {
                Trouble::NotAllowed(said)
            })
        }
        Err(error) => Some(Trouble::NotInstalled(error.to_string())),
    }
}

fn drop_rights(command: &mut Command) {
    if Uid::effective().is_root() {
        command.uid(NO_ONE).gid(NO_ONE);
    }
}
