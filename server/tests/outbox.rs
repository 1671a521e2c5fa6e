//! The real server, killed while it tells a group: nothing is lost, and what is sent twice has the same id.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod registration;
mod robot;
mod socket;

use registration::FILLED;
use robot::{answer, read};
use serde_json::Value;
use socket::{Answer, Asked, ask, escaped};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// What must happen happens within this, on a busy machine, too.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn killed_between_the_peers_acceptance_and_our_note_it_sends_again_and_loses_nothing() {
    let site = Site::new("once").await;
    site.robot.takes_and_then_holds(0);
    let server = site.start().await;
    server.registers("杭州公交查询").await;
    let first = site.robot.until(1).await.remove(0);
    server.gets_killed().await;

    site.robot.takes_and_then_holds(usize::MAX);
    let server = site.start().await;
    let second = site.robot.until(2).await.remove(1);
    assert_eq!(second, first, "the same id, the same words");
    // An orderly end waits for the note.
    server.gets_stopped().await;

    let server = site.start().await;
    assert_eq!(server.waiting().await, (0, 0), "it is noted");
    server.registers("出租车投诉").await;
    let came = site.robot.until(3).await;
    assert_eq!(came.len(), 3, "and not sent a third time");
    assert!(came[2].1.contains("出租车投诉") && came[2].0 != first.0);
    server.gets_stopped().await;
    site.end();
}

#[tokio::test]
async fn however_often_it_is_killed_every_message_comes_and_only_what_was_cut_off_comes_twice() {
    const ROUNDS: usize = 3;
    let site = Site::new("often").await;
    let mut names = Vec::new();
    for round in 0..ROUNDS {
        // Of three messages (and of what the last round left) one more is noted each time, and the next is cut off.
        site.robot.takes_and_then_holds(round + 1);
        let server = site.start().await;
        for n in 0..3 {
            let name = format!("公交{round}号{n}路");
            server.registers(&name).await;
            names.push(name);
        }
        site.robot.until_held(round + 1).await;
        server.gets_killed().await;
    }
    site.robot.takes_and_then_holds(usize::MAX);
    let server = site.start().await;
    let came = site.robot.until_all(names.len()).await;
    for name in &names {
        let ids: BTreeSet<_> = came.iter().filter(|(_, body)| body.contains(name)).map(|(id, _)| id).collect();
        assert_eq!(ids.len(), 1, "{name} came, under one id");
    }
    server.gets_stopped().await;
    let server = site.start().await;
    assert_eq!(server.waiting().await, (0, 0));
    server.gets_stopped().await;
    let again = site.robot.came.borrow().len() - names.len();
    assert_eq!(again, ROUNDS, "twice only what was cut off");
    site.end();
}

/// A site's folder, and the group that it tells.
struct Site {
    folder: PathBuf,
    robot: Robot,
}

impl Site {
    async fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-outbox-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("site")).unwrap();
        std::fs::write(folder.join("site/pkg-dir"), "pkg/none").unwrap();
        Self { folder, robot: Robot::start().await }
    }

    /// The built program, on this site's data.
    async fn start(&self) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_server"))
            // The address in its messages; its port is another each time.
            .args(["--demo", "--listen", "127.0.0.1:0", "--public-url", "https://publish.example.gov.cn"])
            .args(["--webhook-secret", "SEC-of-the-test"])
            .arg("--webhook-url")
            .arg(format!("http://{}/robot/send?access_token=t", self.robot.address))
            .arg("--site")
            .arg(self.folder.join("site"))
            .arg("--data")
            .arg(self.folder.join("data"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = tokio::time::timeout(SOON, lines.next_line()).await.unwrap().unwrap().unwrap();
            if let Some(port) = line.strip_prefix("http://localhost:") {
                break port.parse().unwrap();
            }
        };
        Server { child, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    fn end(self) {
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    async fn gets_killed(mut self) {
        // SIGKILL, and gone.
        self.child.kill().await.unwrap();
    }

    async fn gets_stopped(mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        let ended = tokio::time::timeout(SOON, self.child.wait()).await.unwrap().unwrap();
        assert!(ended.success());
    }

    /// The session of a demo person.
    async fn signs_in(&self, account: &str) -> String {
        let form = format!("account={account}&next=");
        let answer = self.posts("/api/session/sign_in_demo", "", "application/x-www-form-urlencoded", form.as_bytes());
        let cookie = answer.await.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(!cookie.is_empty());
        cookie
    }

    /// 王建国 registers, so 赵磊, the contact, is told.
    async fn registers(&self, name: &str) {
        let cookie = self.signs_in("wangjianguo").await;
        let icon = self.posts("/icon", &cookie, "image/png", include_bytes!("icon.png")).await.json();
        let form = self.reads("/api/publication/form?side=service&check=false", &cookie).await;
        let fields = [
            ("key", form["key"].as_str().unwrap()),
            ("draft[channels][0]", "zheli_app"),
            ("draft[system]", form["systems"][0]["id"].as_str().unwrap()),
            ("draft[name]", name),
            ("draft[icon]", icon["hash"].as_str().unwrap()),
        ];
        let pair = |(name, value): (&str, &str)| format!("{}={}", escaped(name), escaped(value));
        let form = fields.into_iter().chain(FILLED).map(pair).collect::<Vec<_>>().join("&");
        let path = "/api/publication/register";
        let answer = self.posts(path, &cookie, "application/x-www-form-urlencoded", form.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// What waits and what was given up, as the administrator sees it.
    async fn waiting(&self) -> (i64, i64) {
        let cookie = self.signs_in("fengxue").await;
        let page = self.reads("/api/outbox/overview", &cookie).await;
        let robot = &page["carriers"][0];
        assert_eq!(robot["carrier"], "webhook");
        (robot["waiting"].as_i64().unwrap(), robot["dead"].as_i64().unwrap())
    }

    async fn reads(&self, path: &str, cookie: &str) -> Value {
        let answer = ask(self.address, Asked::get(path).cookie(cookie)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    async fn posts(&self, path: &str, cookie: &str, kind: &str, body: &[u8]) -> Answer {
        let headers = [("Content-Type", kind), ("Accept", "application/json")];
        ask(self.address, Asked { method: "POST", headers: &headers, cookie, body, ..Asked::get(path) }).await
    }
}

/// A group's robot, which outlives the server. Id and body of what it took, in order.
struct Robot {
    address: SocketAddr,
    came: watch::Receiver<Vec<(String, String)>>,
    /// What it answers before it takes one more without a word.
    answers: Arc<AtomicUsize>,
    held: watch::Receiver<usize>,
}

impl Robot {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (came, seen) = watch::channel(Vec::new());
        let (holding, held) = watch::channel(0);
        let answers = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&answers);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let Some((socket, message)) = read(socket).await else { continue };
                came.send_modify(|all| all.push(message));
                let answered =
                    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
                if answered {
                    answer(socket).await;
                } else {
                    holding.send_modify(|held| *held += 1);
                    // Until the killed server's end closes it; nothing else comes meanwhile.
                    let mut socket = socket;
                    let _ = socket.read_u8().await;
                }
            }
        });
        Self { address, came: seen, answers, held }
    }

    fn takes_and_then_holds(&self, many: usize) {
        self.answers.store(many, Ordering::SeqCst);
    }

    async fn until(&self, many: usize) -> Vec<(String, String)> {
        let mut came = self.came.clone();
        let come = came.wait_for(|all| all.len() >= many);
        tokio::time::timeout(SOON, come).await.unwrap().unwrap().clone()
    }

    /// Until so many different ones have come.
    async fn until_all(&self, many: usize) -> Vec<(String, String)> {
        let mut came = self.came.clone();
        let come = came.wait_for(|all| all.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len() >= many);
        tokio::time::timeout(SOON, come).await.unwrap().unwrap().clone()
    }

    async fn until_held(&self, many: usize) {
        let mut held = self.held.clone();
        tokio::time::timeout(SOON, held.wait_for(|held| *held >= many)).await.unwrap().unwrap();
    }
}
