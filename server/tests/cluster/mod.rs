//! PostgreSQL servers of a test's own, to be stopped, killed and replaced, behind a door that leads to one of them.

#![allow(dead_code, reason = "not every test needs all of it")]

use crate::program::SOON;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// One server on a Unix socket in its folder.
pub struct Cluster {
    folder: PathBuf,
    process: Child,
}

impl Cluster {
    /// A new one, empty.
    pub async fn new(folder: &Path) -> Self {
        made(folder).await;
        let (data, mut init) = (folder.join("data"), program("initdb"));
        init.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]);
        succeeds(init.arg(data)).await;
        Self::start(folder).await
    }

    /// A copy that follows `first`, which from now on answers a commit only when the copy has it.
    pub async fn following(first: &Self, folder: &Path) -> Self {
        made(folder).await;
        let mut copy = program("pg_basebackup");
        copy.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--username=postgres", "--host"]);
        succeeds(copy.arg(&first.folder).arg("--pgdata").arg(folder.join("data"))).await;
        let copy = Self::start(folder).await;
        first.says("ALTER SYSTEM SET synchronous_standby_names = '*'").await;
        first.says("SELECT pg_reload_conf()").await;
        copy
    }

    /// What is there in the folder, once it answers. After a `KILL` it does not start while what the dead one left is still ending.
    pub async fn start(folder: &Path) -> Self {
        let mut process = server(folder);
        let answers = async {
            while !program("pg_isready").arg("-h").arg(folder).stdout(Stdio::null()).status().await.unwrap().success() {
                if process.try_wait().unwrap().is_some() {
                    process = server(folder);
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(SOON, answers).await.expect("PostgreSQL answers");
        Self { folder: folder.to_owned(), process }
    }

    /// One statement.
    pub async fn says(&self, sql: &str) {
        let mut psql = program("psql");
        succeeds(psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-c", sql, "-h"]).arg(&self.folder)).await;
    }

    /// Ends it by `INT` (in order, sessions are ended) or `KILL`; answers its folder.
    pub async fn ends(mut self, signal: &str) -> PathBuf {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().await.unwrap().success());
        tokio::time::timeout(SOON, self.process.wait()).await.unwrap().unwrap();
        std::mem::take(&mut self.folder)
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }
}

/// An address of TCP that leads to the one server or the other.
pub struct Door {
    pub port: u16,
    leads_to: Arc<Mutex<PathBuf>>,
    cut: watch::Sender<()>,
}

impl Door {
    pub async fn to(cluster: &Cluster) -> Self {
        Self::at(cluster, (Ipv4Addr::LOCALHOST, 0)).await
    }

    /// At this address; port 0: one that is free.
    pub async fn at(cluster: &Cluster, address: (Ipv4Addr, u16)) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (leads_to, (cut, cuts)) = (Arc::new(Mutex::new(cluster.socket())), watch::channel(()));
        let target = Arc::clone(&leads_to);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let target = target.lock().unwrap().clone();
                tokio::spawn(carry(socket, target, cuts.clone()));
            }
        });
        Self { port, leads_to, cut }
    }

    /// From now on to this one; whoever is inside is thrown out.
    pub fn turns_to(&self, cluster: &Cluster) {
        *self.leads_to.lock().unwrap() = cluster.socket();
        self.cuts();
    }

    /// All connections are lost.
    pub fn cuts(&self) {
        self.cut.send(()).unwrap();
    }
}

async fn carry(mut socket: TcpStream, target: PathBuf, mut cuts: watch::Receiver<()>) {
    cuts.mark_unchanged();
    if let Ok(mut server) = UnixStream::connect(target).await {
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut socket, &mut server) => {}
            _ = cuts.changed() => {}
        }
    }
}

fn server(folder: &Path) -> Child {
    let mut server = program("postgres");
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-c", "listen_addresses="]);
    server.args(["-c", "fsync=off", "-c", "full_page_writes=off"]).kill_on_drop(true);
    server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// A program of PostgreSQL, which refuses to be root.
fn program(name: &str) -> Command {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin").join(name)).collect();
    found.retain(|path| path.exists());
    found.sort();
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    // With the test's end, however it comes, the server ends, too.
    command.arg("--pdeathsig=KILL").arg(found.pop().unwrap_or_else(|| name.into())).current_dir("/");
    command
}

async fn made(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    if is_root() {
        succeeds(Command::new("chown").arg("postgres").arg(folder)).await;
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}

async fn succeeds(command: &mut Command) {
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
