//! A way out of the sandbox: a Unix socket behind which a router of ours answers, and nothing else.

use crate::error::{Error, Result};
use axum::Router;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use tokio::net::UnixListener;
use tokio::task::JoinHandle;

/// Open until it is dropped.
pub(in crate::pipeline) struct Way {
    door: Door,
    task: JoinHandle<()>,
}

enum Door {
    Socket(PathBuf),
    Port(u16),
}

impl Way {
    /// On a socket in this folder.
    pub(in crate::pipeline) fn open(folder: &Path, router: Router) -> Result<Self> {
        let broken = |e: std::io::Error| Error::Work(format!("the way out of the sandbox: {e}"));
        let socket = folder.join("way");
        // The path of a socket has 107 letters at most; by way of the folder's descriptor it is short wherever that is.
        let opened = std::fs::File::open(folder).map_err(broken)?;
        let listener = UnixListener::bind(format!("/proc/self/fd/{}/way", opened.as_raw_fd())).map_err(broken)?;
        // The account inside the sandbox is another one.
        std::fs::set_permissions(&socket, std::os::unix::fs::PermissionsExt::from_mode(0o666)).map_err(broken)?;
        let task = tokio::spawn(async move { ended(axum::serve(listener, router).await) });
        Ok(Self { door: Door::Socket(socket), task })
    }

    /// On a port of 127.0.0.1 that the system chooses, where there is no sandbox.
    pub(super) fn on_a_port(router: Router) -> Result<Self> {
        let broken = |e: std::io::Error| Error::Work(format!("the way to the registry: {e}"));
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(broken)?;
        let port = listener.local_addr().map_err(broken)?.port();
        listener.set_nonblocking(true).map_err(broken)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(broken)?;
        let task = tokio::spawn(async move { ended(axum::serve(listener, router).await) });
        Ok(Self { door: Door::Port(port), task })
    }

    pub(super) fn socket(&self) -> Option<&Path> {
        match &self.door {
            Door::Socket(socket) => Some(socket),
            Door::Port(_) => None,
        }
    }

    pub(super) fn port(&self) -> Option<u16> {
        match self.door {
            Door::Socket(_) => None,
            Door::Port(port) => Some(port),
        }
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(socket) = self.socket() {
            let _ = std::fs::remove_file(socket);
        }
    }
}

fn ended(served: std::io::Result<()>) {
    if let Err(error) = served {
        tracing::warn!(error = %error, "a way out of the sandbox ended");
    }
}
