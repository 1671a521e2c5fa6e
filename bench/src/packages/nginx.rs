//! The yardstick of hosted files: nginx, with a small configuration of its own, in the bench's folder.

use crate::Outcome;
use crate::client::Client;
use crate::process::children_of;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// It has so long to listen.
const LONGEST: Duration = Duration::from_secs(5);

/// A running nginx: ends with this.
pub(super) struct Nginx {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Nginx {
    /// Serves `folder/www`; `None`: it is not installed.
    pub(super) async fn start(folder: &Path) -> Outcome<Option<Self>> {
        let Some(program) = program() else { return Ok(None) };
        let address = free().map_err(|e| format!("no free port: {e}"))?;
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration(folder, address)).map_err(|e| format!("{}: {e}", file.display()))?;
        let mut command = Command::new(&program);
        command.arg("-p").arg(folder).arg("-c").arg(&file).args(["-e", "stderr"]).stdin(Stdio::null());
        let child = command.spawn().map_err(|e| format!("{}: {e}", program.display()))?;
        let nginx = Self { child, address };
        let listens = async {
            while Client::connect(address, None).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(LONGEST, listens).await.map_err(|_| "nginx does not listen".to_owned())?;
        Ok(Some(nginx))
    }

    /// Its processes: the one that was started, and those that serve.
    pub(super) fn processes(&self) -> Vec<u32> {
        let Some(master) = self.child.id() else { return Vec::new() };
        std::iter::once(master).chain(children_of(master)).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Not by SIGKILL: those that serve would live on.
        if let Some(id) = self.child.id() {
            let _ = std::process::Command::new("kill").arg(id.to_string()).status();
        }
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian has it where only root looks.
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join("nginx")).find(|file| file.is_file())
}

fn free() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

fn configuration(folder: &Path, address: SocketAddr) -> String {
    // As root it would give its rights away, to an account that may not come here.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let user = if is_root { "user root;\n" } else { "" };
    let folder = folder.display();
    format!(
        "{user}daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; text/javascript js; image/jpeg jpg; }}
    charset utf-8;
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_timeout 65;
    keepalive_requests 1000000000;
    gzip_static on;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    server {{
        listen {address};
        root {folder}/www;
    }}
}}
"
    )
}
