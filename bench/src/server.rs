//! The server's process.

use crate::{Options, Outcome};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The server has so long to say where it is, and to end.
const LONGEST: Duration = Duration::from_secs(30);

/// The server's program on a data folder, and on a database of PostgreSQL in place of the folder's own. What it has to say goes before the
/// figures, to the person at the terminal.
pub(crate) fn program(options: &Options, data: &Path, database: Option<&str>) -> std::process::Command {
    let mut program = std::process::Command::new(&options.server);
    program.arg("--data").arg(data).env("RUST_LOG", "warn").env_remove("DATABASE_URL");
    if let Some(address) = database {
        program.env("DATABASE_URL", address);
    }
    program
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first answer.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts it on a data folder, and waits for its first answer.
    pub(crate) async fn start(options: &Options, data: &Path) -> Outcome<Self> {
        Self::start_on(options, data, None).await
    }

    /// The same on a database of PostgreSQL, with the files of the folder.
    pub(crate) async fn start_on(options: &Options, data: &Path, database: Option<&str>) -> Outcome<Self> {
        let begun = Instant::now();
        let mut child = Command::from(program(options, data, database))
            .args(["--demo", "--probe-seconds", "0", "--listen", "127.0.0.1:0", "--site"])
            .arg(&options.site)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{}: {e}", options.server.display()))?;
        let out = child.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(out).lines();
        let port = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(port) = line.strip_prefix("http://localhost:") {
                    return port.parse::<u16>().ok();
                }
            }
            None
        };
        let port = tokio::time::timeout(LONGEST, port).await.ok().flatten().ok_or("the server did not start")?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let answer = crate::client::Client::connect(address, None)
            .await?
            .get("/healthz", crate::client::Wants::FileAsSent)
            .await?;
        if !answer.status.is_success() {
            return Err(format!("the server answers {}", answer.status));
        }
        Ok(Self { child, address, started_in: begun.elapsed() })
    }

    /// Its process.
    pub(crate) fn id(&self) -> Outcome<u32> {
        self.child.id().ok_or_else(|| "the server has ended".to_owned())
    }

    /// Its proportional share of memory, MiB.
    pub(crate) fn memory(&self) -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()?)).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kib / 1024.0)
    }

    /// Asks it to end, and waits.
    pub(crate) async fn stop(mut self) -> Outcome<()> {
        if let Some(id) = self.child.id() {
            // The standard library only knows SIGKILL.
            let _ = Command::new("kill").arg(id.to_string()).status().await;
        }
        match tokio::time::timeout(LONGEST, self.child.wait()).await {
            // So early in its life it may not listen for the signal yet, and just ends.
            Ok(Ok(_)) => Ok(()),
            _ => Err("the server did not end".to_owned()),
        }
    }
}
