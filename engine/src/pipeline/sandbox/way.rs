//! A way out of the sandbox: a Unix socket behind which a router of ours answers, and nothing else.

use crate::error::{Error, Result};
use axum::Router;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use tokio::net::UnixListener;
use tokio::task::JoinHandle;

/// Open until it is dropped.
pub(in crate::pipeline) struct Way {
    socket: PathBuf,
    task: JoinHandle<()>,
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
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::warn!(error = %error, "a way out of the sandbox ended");
            }
        });
        Ok(Self { socket, task })
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.socket);
    }
}
