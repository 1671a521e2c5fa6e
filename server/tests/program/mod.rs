//! The real program, as an administrator has it.

#![allow(dead_code, reason = "not every test needs all of it")]

use crate::socket::{Asked, ask};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// What must happen happens within this, on a busy machine, too.
pub const SOON: Duration = Duration::from_secs(60);

/// Where a site is.
pub struct Place {
    pub folder: PathBuf,
    /// The program that is started from now on.
    pub program: PathBuf,
    pub database: Option<String>,
    /// What the program logs.
    log: &'static str,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub good: bool,
    pub said: String,
    pub failed: String,
}

pub struct Server {
    child: Child,
    /// What it printed before its address.
    pub said: Vec<String>,
    pub address: SocketAddr,
}

/// An empty database of this name on the tests' PostgreSQL; its address.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
pub async fn database(name: &str) -> String {
    let server = std::env::var("IRS_TEST_POSTGRES")
        .expect("IRS_TEST_POSTGRES is not set: run `cargo xtask test`, which starts PostgreSQL");
    engine::bench::fresh_database(&server, name).await.unwrap()
}

impl Place {
    pub fn new(name: &str, database: Option<String>) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-operations-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("site")).unwrap();
        std::fs::write(folder.join("site/pkg-dir"), "pkg/none").unwrap();
        Self { folder, program: env!("CARGO_BIN_EXE_server").into(), database, log: "info" }
    }

    /// What goes wrong is meant to.
    pub fn quiet(self) -> Self {
        self.logging("off")
    }

    /// With this `RUST_LOG`.
    pub fn logging(self, log: &'static str) -> Self {
        Self { log, ..self }
    }

    /// With the flags of every test, as yet without a command.
    pub fn program(&self) -> Command {
        let mut program = Command::new(&self.program);
        program.arg("--data").arg(self.folder.join("data")).arg("--site").arg(self.folder.join("site"));
        program
            .args(["--listen", "127.0.0.1:0"])
            .env_remove("DATABASE_URL")
            .env("RUST_LOG", self.log)
            .kill_on_drop(true);
        if let Some(database) = &self.database {
            program.env("DATABASE_URL", database);
        }
        program
    }

    pub async fn runs(&self, arguments: &[&str]) -> Ended {
        let output = tokio::time::timeout(SOON, self.program().args(arguments).output()).await.unwrap().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended { good: output.status.success(), said: text(output.stdout), failed: text(output.stderr) }
    }

    /// With these flags beside those of every test. Nothing is built, unless they say so.
    pub async fn serves(&self, flags: &[&str]) -> Server {
        Self::greeted(self.serving(flags).spawn().unwrap()).await
    }

    /// The same; what it logs is known when it has ended, and shown at once to whoever looks at a test that fails.
    pub async fn serves_logged(&self, flags: &[&str]) -> (Server, JoinHandle<String>) {
        let mut child = self.serving(flags).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let logged = tokio::spawn(async move {
            let (mut text, mut shown) = (Vec::new(), 0);
            while log.read_until(b'\n', &mut text).await.unwrap() > 0 {
                eprint!("{}", String::from_utf8_lossy(&text[shown..]));
                shown = text.len();
            }
            // Whoever is killed may be in the middle of a character.
            String::from_utf8_lossy(&text).into_owned()
        });
        (Self::greeted(child).await, logged)
    }

    fn serving(&self, flags: &[&str]) -> Command {
        let builds: &[&str] = if flags.contains(&"--builds") { &[] } else { &["--builds", "0"] };
        let mut program = self.program();
        program.arg("--demo").args(builds).args(flags).stdout(Stdio::piped());
        program
    }

    /// When it has said where it is.
    async fn greeted(mut child: Child) -> Server {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        let port = loop {
            let line = tokio::time::timeout(SOON, lines.next_line()).await.unwrap().unwrap().unwrap();
            if let Some((_, port)) = line.split_once("://localhost:").filter(|(scheme, _)| scheme.starts_with("http")) {
                break port.parse().unwrap();
            }
            said.push(line);
        };
        Server { child, said, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    pub fn end(self) {
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

impl Server {
    /// `TERM`, `HUP`.
    pub async fn gets(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().await.unwrap().success());
    }

    /// The session of 王建国.
    pub async fn signs_in(&self) -> String {
        self.signs_in_as("wangjianguo").await
    }

    /// The session of a demo person.
    pub async fn signs_in_as(&self, account: &str) -> String {
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];
        let body = format!("account={account}&next=");
        let demo = Asked::get("/api/session/sign_in_demo");
        let asked = Asked { method: "POST", headers: &headers, body: body.as_bytes(), ..demo };
        let cookie = ask(self.address, asked).await.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(!cookie.is_empty());
        cookie
    }

    /// Its hash.
    pub async fn keeps_an_icon(&self, cookie: &str) -> String {
        let headers = [("Content-Type", "image/png"), ("Accept", "application/json")];
        let body = include_bytes!("../icon.png").as_slice();
        let asked = Asked { method: "POST", headers: &headers, cookie, body, ..Asked::get("/icon") };
        ask(self.address, asked).await.json()["hash"].as_str().unwrap().to_owned()
    }

    /// Whether it has not ended by itself.
    pub fn is_there(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// SIGKILL, and gone.
    pub async fn dies(mut self) {
        self.child.kill().await.unwrap();
    }

    pub async fn ends(self) {
        self.gets("TERM").await;
        self.has_ended().await;
    }

    /// In order, after it was told to.
    pub async fn has_ended(mut self) {
        assert!(tokio::time::timeout(SOON, self.child.wait()).await.unwrap().unwrap().success());
    }
}

/// Looks again and again until there is something to be seen.
pub async fn until<T, F: Future<Output = Option<T>>>(within: Duration, what: &str, look: impl Fn() -> F) -> T {
    let seen = async {
        loop {
            match look().await {
                Some(seen) => break seen,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(within, seen).await.expect(what)
}
