//! A throw-away PostgreSQL: one cluster a run, on a Unix socket, gone at the end; without fsync for the tests, and for figures as a site has it.

use crate::shell::{Done, output, quietly, step};
use crate::system;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running cluster; dropping it stops the server and removes the files.
pub struct Cluster {
    /// What the tests connect to; empty when the caller named a server by `IRS_TEST_POSTGRES`.
    own: Option<(Child, PathBuf)>,
    address: String,
}

impl Cluster {
    /// The server that `IRS_TEST_POSTGRES` names, else a new cluster.
    pub fn start() -> Done<Self> {
        if let Some(address) = std::env::var_os("IRS_TEST_POSTGRES") {
            return Ok(Self { own: None, address: address.to_string_lossy().into_owned() });
        }
        if bin("initdb").is_err() {
            system::need(system::DATABASE)?;
        }
        Self::own("PostgreSQL: a cluster for this run", &std::env::temp_dir(), &["fsync=off", "full_page_writes=off"])
    }

    /// One that loses nothing, on a disk, whatever `/tmp` is; `None`: PostgreSQL is not installed.
    pub fn durable() -> Done<Option<Self>> {
        if bin("initdb").is_err() {
            return Ok(None);
        }
        Self::own("PostgreSQL: a cluster that syncs each commit", Path::new("/var/tmp"), &["fsync=on"]).map(Some)
    }

    fn own(what: &str, below: &Path, settings: &[&str]) -> Done<Self> {
        step(what, || {
            let folder = below.join(format!("irs-pg-{}", std::process::id()));
            std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            let data = folder.join("data");
            if is_root() {
                // initdb refuses to run as root.
                quietly("postgres chown", Command::new("chown").arg("postgres").arg(&folder))?;
            }
            let mut init = as_user(&bin("initdb")?);
            init.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]);
            quietly("initdb", init.arg(&data))?;
            let mut server = as_user(&bin("postgres")?);
            server.arg("-D").arg(&data).arg("-k").arg(&folder);
            for setting in ["listen_addresses=", "max_connections=400"].iter().chain(settings) {
                server.arg("-c").arg(setting);
            }
            let log = std::fs::File::create(folder.join("log")).map_err(|e| e.to_string())?;
            server.stdout(std::process::Stdio::null()).stderr(log);
            let child = server.spawn().map_err(|e| format!("postgres did not start: {e}"))?;
            let address = format!("postgres://postgres@localhost/postgres?host={}", folder.display());
            let cluster = Self { own: Some((child, folder.clone())), address };
            wait_for(&folder)?;
            Ok(cluster)
        })
    }

    /// For `IRS_TEST_POSTGRES`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some((child, folder)) = &mut self.own {
            // SIGINT: fast shutdown.
            let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            let _ = child.wait();
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn wait_for(folder: &Path) -> Done {
    let ready = bin("pg_isready")?;
    let end = Instant::now() + PATIENCE;
    while output(Command::new(&ready).arg("-h").arg(folder)).is_none() {
        if Instant::now() > end {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            return Err(format!("PostgreSQL did not answer in {} s:\n{log}", PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Debian keeps them in a folder a version; elsewhere they are on the path.
fn bin(name: &str) -> Done<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|v| v.path().join("bin").join(name)).filter(|p| p.exists()).collect();
    found.sort();
    let on_path = || output(Command::new("which").arg(name)).map(PathBuf::from);
    found.pop().or_else(on_path).ok_or_else(|| format!("PostgreSQL's {name} is not there: please install postgresql"))
}

fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    // With xtask's end, however it comes, the server ends, too.
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT"]).arg(program);
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}
