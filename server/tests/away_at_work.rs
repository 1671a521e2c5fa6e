//! The database goes away while something is under way (design.md, PostgreSQL): a package is being checked, a notice is on its way to the
//! group, a package is half uploaded, a page is open. When it is back each comes to its end, once, and no server was restarted.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod cluster;
mod program;
mod registrar;
mod registration;
mod robot;
mod socket;
mod workbench;

use cluster::{Cluster, Door};
use domain::{StageStatus, VersionId};
use engine::upload::PART;
use program::{Place, SOON, Server, until};
use registrar::Registrar;
use robot::{answer, read};
use serde_json::{Value, json};
use socket::{Answer, Asked, ask};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use workbench::{PAGE, Workbench, signed_in, zip};

#[tokio::test]
async fn what_is_under_way_while_the_database_is_away_comes_to_its_end_once() {
    let folder = std::env::temp_dir().join(format!("irs-away-at-work-{}", std::process::id()));
    let cluster = Cluster::new(&folder).await;
    let door = Door::to(&cluster).await;
    let address = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", door.port);
    let mut place = Place::new("away-at-work", Some(address)).quiet();
    let bench = Workbench::open(&place).await;
    let robot = Robot::start().await;
    let real = std::mem::replace(&mut place.program, place.folder.join("server"));
    std::fs::copy(&real, &place.program).unwrap();
    let server = serves(&place, &robot).await;
    let registrar = Registrar::of(&server).await;
    let page = Page::open(server.address, registrar.cookie.clone()).await;

    let check = Held::of(&place, &real);
    let checked = bench.uploads("1.0.0", &zip(&[("index.html", PAGE), ("a.js", "const of = 1;")])).await;
    let child = check.until_it_waits().await;
    assert!(registrar.sends(&registrar.form("断线一号", key(1))).await.is_some());
    robot.until_it_holds_one().await;
    let upload = Upload::begin(&bench, server.address).await;
    assert_eq!(upload.sends(0).await.status, 204);
    let known = page.until("the application that was registered", |news| !news.is_empty()).await;

    let away = cluster.ends("INT").await;
    assert_eq!(upload.sends(1).await.status, 503);
    let second = registrar.form("断线二号", key(2));
    assert!(registrar.sends(&second).await.is_none());
    // The group's refusal and the check's end come where nobody can write them down.
    robot.refuses_it_and_takes_the_next();
    check.goes_on();
    until(2 * SOON, "the check's end", async || (!Path::new(&format!("/proc/{child}")).exists()).then_some(())).await;
    assert!(registrar.sends(&second).await.is_none());
    let cluster = Cluster::start(&away).await;

    // Whoever was told to try again does.
    until(2 * SOON, "the part is taken", async || (upload.sends(1).await.status == 204).then_some(())).await;
    until(2 * SOON, "the form is taken", async || registrar.sends(&second).await.map(drop)).await;
    passed(&bench, checked).await;
    let uploaded = upload.finishes().await;
    assert_eq!(upload.finishes().await, uploaded, "the same form makes one version");
    passed(&bench, uploaded).await;
    let of = bench.publication.0.to_string();
    let is_new = |(seq, publication): (&i64, &String)| *publication == of && known.keys().all(|known| known < seq);
    page.until("what was uploaded afterwards", |news| news.iter().any(is_new)).await;
    all_is_sent(&bench, &server).await;
    robot.took_each_once(&["断线一号", "断线二号"]);
    assert_eq!(registrar.listed(server.address, "断线").await.len(), 2);
    let verified = place.runs(&["audit", "verify"]).await;
    assert!(verified.good, "{verified:?}");
    server.ends().await;
    bench.ends().await;
    cluster.ends("INT").await;
    place.end();
    std::fs::remove_dir_all(folder).unwrap();
}

async fn serves(place: &Place, robot: &Robot) -> Server {
    let webhook = format!("http://{}/robot/send?access_token=t", robot.address);
    let flags = [
        ["--builds", "1"],
        ["--public-url", "https://publish.example.gov.cn"],
        ["--webhook-url", webhook.as_str()],
        ["--webhook-secret", "SEC-of-the-test"],
    ];
    place.serves(flags.as_flattened()).await
}

fn key(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128((1 << 64) + n)
}

/// It ends, all stages passed, each with the log of one run.
async fn passed(bench: &Workbench, version: VersionId) {
    bench.until_over(version).await;
    let page = bench.version(version).await;
    assert!(page.stages.iter().all(|of| of.status == StageStatus::Passed), "{:?}", page.stages);
    bench.logs_are_of_one_run(version).await;
}

/// Until the outbox has nothing more; it has given up nothing.
async fn all_is_sent(bench: &Workbench, server: &Server) {
    let (_, cookie) = signed_in(&bench.engine, "fengxue").await;
    let asked = Asked::get("/api/outbox/overview").cookie(&cookie);
    let carrier = until(2 * SOON, "all is sent", async || {
        let mut page = ask(server.address, asked).await.json();
        Some(page["carriers"][0].take()).filter(|carrier| carrier["waiting"] == 0)
    });
    let carrier = carrier.await;
    assert_eq!((&carrier["carrier"], &carrier["dead"]), (&json!("webhook"), &json!(0)));
}

/// 源码检测, which waits until it is told to go on.
struct Held {
    waits: PathBuf,
    go: PathBuf,
}

impl Held {
    /// Puts a script in the program's place: it is the program, but waits where it is asked for this child, as long as its server lives.
    fn of(place: &Place, real: &Path) -> Self {
        let (waits, go) = (place.folder.join("waits"), place.folder.join("go"));
        let (real, held, word) = (real.display(), waits.display(), go.display());
        // A test that fails before it says the word leaves nobody behind. $PPID stays as it was; /proc tells whose child it is now.
        let script = format!(
            "#!/bin/sh\nif [ \"$2\" = check-source ] && [ ! -e {word} ]; then\n  echo $$ > {held}.new\n  /bin/mv {held}.new {held}\n  \
             while [ ! -e {word} ]; do\n    read -r a b c parent d < /proc/$$/stat\n    [ \"$parent\" = $PPID ] || exit 1\n    \
             /bin/sleep 0.02\n  done\nfi\nexec {real} \"$@\"\n"
        );
        let beside = place.program.with_extension("sh");
        std::fs::write(&beside, script).unwrap();
        std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::rename(beside, &place.program).unwrap();
        Self { waits, go }
    }

    /// Its process.
    async fn until_it_waits(&self) -> u32 {
        until(2 * SOON, "a check", async || std::fs::read_to_string(&self.waits).ok()?.trim().parse().ok()).await
    }

    fn goes_on(&self) {
        std::fs::write(&self.go, "").unwrap();
    }
}

/// 赵磊's package of two parts.
struct Upload {
    address: SocketAddr,
    cookie: String,
    publication: Value,
    id: String,
    package: Vec<u8>,
}

impl Upload {
    async fn begin(bench: &Workbench, address: SocketAddr) -> Self {
        let (_, cookie) = signed_in(&bench.engine, "zhaolei").await;
        let (publication, package) = (json!(bench.publication), large());
        let begin = json!({ "publication": publication, "file_name": "app.zip", "size": package.len() }).to_string();
        let begun = ask(address, Asked::post("/upload", &begin).cookie(&cookie)).await.json();
        let id = begun["id"].as_str().unwrap().to_owned();
        Self { address, cookie, publication, id, package }
    }

    /// A part, from 0.
    async fn sends(&self, part: usize) -> Answer {
        let body = self.package.chunks(usize::try_from(PART).unwrap()).nth(part).unwrap();
        let path = format!("/upload/{}/{part}", self.id);
        ask(self.address, Asked { method: "PUT", body, ..Asked::get(&path) }.cookie(&self.cookie)).await
    }

    /// By one key.
    async fn finishes(&self) -> VersionId {
        let draft = json!({ "number": "1.0.1", "note": "", "hosts": [] });
        let form = json!({ "publication": self.publication, "seen": 1, "key": key(3), "draft": draft }).to_string();
        let path = format!("/upload/{}/finish", self.id);
        let finished = ask(self.address, Asked::post(&path, &form).cookie(&self.cookie)).await;
        assert_eq!(finished.status, 200, "{}", finished.text());
        serde_json::from_value(finished.json()["version"].clone()).unwrap()
    }
}

/// The second part is what a zip has around its files.
fn large() -> Vec<u8> {
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let lines = vec![b'0'; usize::try_from(PART).unwrap()];
    for (path, content) in
        [("index.html", PAGE.as_bytes()), ("a.js", b"const of = 2;".as_slice()), ("lines.bin", lines.as_slice())]
    {
        writer.start_file(path, stored).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What was told, by its number: of which publication.
type News = BTreeMap<i64, String>;

/// An open page, which listens as browsers do: where the stream breaks off, it goes on after what it heard last.
struct Page {
    heard: watch::Receiver<News>,
}

impl Page {
    /// When it listens.
    async fn open(address: SocketAddr, cookie: String) -> Self {
        let (opens, mut opened) = watch::channel(false);
        let (hears, heard) = watch::channel(News::new());
        tokio::spawn(async move {
            loop {
                // Whatever it ends by, it is begun again.
                let _ = listens(address, &cookie, &opens, &hears).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let open = opened.wait_for(|open| *open);
        tokio::time::timeout(SOON, open).await.expect("the stream begins").unwrap();
        Self { heard }
    }

    async fn until(&self, what: &str, enough: impl FnMut(&News) -> bool) -> News {
        let mut heard = self.heard.clone();
        let heard = tokio::time::timeout(SOON, heard.wait_for(enough)).await.expect(what).unwrap();
        heard.clone()
    }
}

async fn listens(
    address: SocketAddr,
    cookie: &str,
    opens: &watch::Sender<bool>,
    hears: &watch::Sender<News>,
) -> std::io::Result<()> {
    let last = hears.borrow().last_key_value().map(|(seq, _)| format!("Last-Event-ID: {seq}\r\n"));
    let last = last.unwrap_or_default();
    let mut socket = TcpStream::connect(address).await?;
    let asked = format!("GET /events HTTP/1.1\r\nHost: localhost:3000\r\nCookie: {cookie}\r\n{last}\r\n");
    socket.write_all(asked.as_bytes()).await?;
    let mut lines = BufReader::new(socket).lines();
    while let Some(line) = lines.next_line().await? {
        if line.starts_with("HTTP/1.1 200") {
            opens.send_replace(true);
        }
        let told = line.strip_prefix("data:").and_then(|told| serde_json::from_str::<Value>(told.trim()).ok());
        let Some(news) = told.map(|mut told| told["news"].take()) else { continue };
        if let (Some(seq), Some(publication)) = (news["seq"].as_i64(), news["publication"].as_str()) {
            hears.send_modify(|all| assert!(all.insert(seq, publication.to_owned()).is_none(), "{seq} is told twice"));
        }
    }
    Ok(())
}

/// The group's: it holds what comes first, without a word, and takes what comes when that is over.
struct Robot {
    address: SocketAddr,
    /// How many it holds, or held.
    held: watch::Receiver<usize>,
    takes: watch::Sender<bool>,
    /// Id and body of what it took.
    taken: watch::Receiver<Vec<(String, String)>>,
}

impl Robot {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (holds, held) = watch::channel(0);
        let (take, takes) = watch::channel(Vec::new());
        let (open, opened) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (holds, take, mut opened) = (holds.clone(), take.clone(), opened.clone());
                tokio::spawn(async move {
                    let Some((socket, message)) = read(socket).await else { return };
                    if *opened.borrow() {
                        take.send_modify(|all: &mut Vec<(String, String)>| all.push(message));
                        answer(socket).await;
                    } else {
                        holds.send_modify(|many| *many += 1);
                        let _ = opened.wait_for(|open| *open).await;
                        drop(socket);
                    }
                });
            }
        });
        Self { address, held, takes: open, taken: takes }
    }

    async fn until_it_holds_one(&self) {
        let mut held = self.held.clone();
        tokio::time::timeout(SOON, held.wait_for(|many| *many > 0)).await.expect("a message").unwrap();
    }

    fn refuses_it_and_takes_the_next(&self) {
        self.takes.send_replace(true);
    }

    fn took_each_once(&self, names: &[&str]) {
        let taken = self.taken.borrow();
        let ids: BTreeSet<&String> = taken.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), taken.len(), "{taken:?}");
        for name in names {
            assert!(taken.iter().any(|(_, body)| body.contains(name)), "{name} is told: {taken:?}");
        }
    }
}
