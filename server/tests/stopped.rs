//! The real server told to stop by SIGTERM (identity.md, Operations): what was asked before is answered, for 20 seconds at most, and what
//! is cut off says so. A build that is cut off is in `killed.rs`, a notice on its way in `outbox.rs`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod registrar;
mod registration;
mod socket;
mod workbench;

use program::{Place, SOON, database};
use registrar::Registrar;
use serde_json::json;
use socket::{Asked, ask};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use workbench::{PAGE, Workbench, signed_in, zip};

#[tokio::test]
async fn on_sqlite_what_was_asked_before_the_stop_is_answered() {
    answered(Place::new("stopped-sqlite", None)).await;
}

#[tokio::test]
async fn on_postgres_what_was_asked_before_the_stop_is_answered() {
    answered(Place::new("stopped-postgres", Some(database("irs_stopped").await))).await;
}

/// A part of a package and a form are half there when the server is told to stop; a stream of events is open.
async fn answered(place: Place) {
    let bench = Workbench::open(&place).await;
    let server = place.serves(&[]).await;
    let registrar = Registrar::of(&server).await;
    let package = zip(&[("index.html", PAGE), ("a.js", "const of = 1;")]);
    let (zhao, upload) = begun(&bench, server.address, package.len()).await;
    let path = format!("/upload/{upload}/0");
    let part = Asked { method: "PUT", body: &package, cookie: &zhao, ..Asked::get(&path) };
    let part = Half::of(server.address, part).await;
    let form = registrar.form("停机公交", uuid::Uuid::from_u128(1 << 64));
    let form = Half::of(server.address, registrar.post(&form)).await;
    let mut events = TcpStream::connect(server.address).await.unwrap();
    let stream = format!("GET /events HTTP/1.1\r\nHost: localhost:3000\r\nCookie: {zhao}\r\n\r\n");
    events.write_all(stream.as_bytes()).await.unwrap();
    let mut head = vec![0; 2048];
    let n = events.read(&mut head).await.unwrap();
    assert!(head[..n].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head[..n]));

    server.gets("TERM").await;
    until_nobody_is_let_in(server.address).await;
    let end = tokio::time::timeout(SOON, events.read_to_end(&mut head)).await;
    end.expect("a stream, which has no end of its own, is ended").unwrap();
    let part = part.rest().await;
    assert!(part.starts_with("HTTP/1.1 204"), "{part}");
    let form = form.rest().await;
    assert!(form.starts_with("HTTP/1.1 200"), "{form}");
    server.has_ended().await;

    let server = place.serves(&[]).await;
    let state = ask(server.address, Asked::get(&format!("/upload/{upload}")).cookie(&zhao)).await.json();
    assert_eq!(state["parts"], json!([[0, package.len()]]));
    assert_eq!(registrar.listed(server.address, "停机").await, BTreeSet::from(["停机公交".to_owned()]));
    server.ends().await;
    bench.ends().await;
    place.end();
}

/// Sooner than by the server's patience with whoever is silent.
#[tokio::test]
async fn whoever_does_not_send_the_rest_holds_up_the_end_for_20_seconds() {
    let place = Place::new("stopped-silent", None).logging("warn");
    let bench = Workbench::open(&place).await;
    let (server, log) = place.serves_logged(&[]).await;
    let package = zip(&[("index.html", PAGE)]);
    let (zhao, upload) = begun(&bench, server.address, package.len()).await;
    let path = format!("/upload/{upload}/0");
    let part = Asked { method: "PUT", body: &package, cookie: &zhao, ..Asked::get(&path) };
    let part = Half::of(server.address, part).await;
    let asked = Instant::now();
    server.gets("TERM").await;
    server.has_ended().await;
    let took = asked.elapsed();
    assert!((Duration::from_secs(19)..Duration::from_secs(29)).contains(&took), "{took:?}");
    let log = log.await.unwrap();
    assert!(log.contains("some connections did not end in time and were cut off"), "{log}");
    drop(part);
    let server = place.serves(&[]).await;
    let state = ask(server.address, Asked::get(&format!("/upload/{upload}")).cookie(&zhao)).await.json();
    assert_eq!(state["parts"], json!([]), "half a part is none");
    server.ends().await;
    bench.ends().await;
    place.end();
}

#[tokio::test]
async fn on_sqlite_a_backup_that_is_being_made_breaks_off_and_goes_on_by_command() {
    let there = Place::new("stopped-backup-there-sqlite", None);
    broken_off(Place::new("stopped-backup-sqlite", None), there).await;
}

#[tokio::test]
async fn on_postgres_a_backup_that_is_being_made_breaks_off_and_goes_on_by_command() {
    let (one, other) = (database("irs_stopped_backup").await, database("irs_stopped_backup_there").await);
    let there = Place::new("stopped-backup-there-postgres", Some(other));
    broken_off(Place::new("stopped-backup-postgres", Some(one)), there).await;
}

/// That of the screen, at a file that takes a while.
async fn broken_off(place: Place, there: Place) {
    let bench = Workbench::open(&place).await;
    let backups = place.folder.join("backups");
    let server = place.serves(&["--backups", backups.to_str().unwrap(), "--backup-time", "off"]).await;
    let name = "0".repeat(64);
    let large = place.folder.join("data/files/blob").join(&name);
    std::fs::File::create(&large).unwrap().set_len(4 << 30).unwrap();
    let (_, feng) = signed_in(&bench.engine, "fengxue").await;
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];
    let asked = Asked { method: "POST", headers: &headers, ..Asked::get("/api/backup/make") };
    // Whoever asked goes away; the work goes on.
    let begins = async {
        assert_eq!(ask(server.address, asked.cookie(&feng)).await.status, 200);
        std::future::pending::<PathBuf>().await
    };
    let folder = tokio::select! {
        folder = until_copied(&backups, &name) => folder,
        never = begins => never,
    };
    server.ends().await;
    assert!(folder.join("UNFINISHED.txt").is_file() && !folder.join("manifest.json").exists());

    std::fs::remove_file(large).unwrap();
    let folder = folder.to_str().unwrap();
    let refused = there.runs(&["restore", folder]).await;
    assert!(!refused.good && refused.failed.contains("is no backup that came to its end"), "{refused:?}");
    let made = place.runs(&["backup", folder]).await;
    assert!(made.good, "{made:?}");
    let restored = there.runs(&["restore", folder]).await;
    assert!(restored.good, "{restored:?}");
    bench.ends().await;
    place.end();
    there.end();
}

/// Until the file of this name is on its way into the backup; its folder.
async fn until_copied(backups: &Path, name: &str) -> PathBuf {
    let look = || {
        let folder = std::fs::read_dir(backups).ok()?.next()?.ok()?.path();
        let files = std::fs::read_dir(folder.join("files/blob")).ok()?.flatten();
        let mut names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        names.any(|file| file.starts_with(name)).then_some(folder)
    };
    let seen = async {
        loop {
            match look() {
                Some(folder) => break folder,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    tokio::time::timeout(SOON, seen).await.expect("the backup begins")
}

/// An upload of so many bytes: the cookie of 赵磊, and its id.
async fn begun(bench: &Workbench, address: SocketAddr, size: usize) -> (String, String) {
    let (_, zhao) = signed_in(&bench.engine, "zhaolei").await;
    let begin = json!({ "publication": bench.publication, "file_name": "app.zip", "size": size }).to_string();
    let begun = ask(address, Asked::post("/upload", &begin).cookie(&zhao)).await.json();
    (zhao, begun["id"].as_str().unwrap().to_owned())
}

async fn until_nobody_is_let_in(address: SocketAddr) {
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, closed).await.expect("the door is closed");
}

/// A request of which half the body is on its way, and the server at it.
struct Half {
    socket: TcpStream,
    rest: Vec<u8>,
}

impl Half {
    async fn of(address: SocketAddr, asked: Asked<'_>) -> Self {
        let Asked { method, path, host, headers, cookie, body, .. } = asked;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n");
        head.push_str(&format!("Content-Length: {}\r\nExpect: 100-continue\r\n", body.len()));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
        // It is said when somebody reads the body.
        let mut said = [0; 25];
        tokio::time::timeout(SOON, socket.read_exact(&mut said)).await.expect("the body is asked for").unwrap();
        assert_eq!(said.as_slice(), b"HTTP/1.1 100 Continue\r\n\r\n");
        let (half, rest) = body.split_at(body.len() / 2);
        socket.write_all(half).await.unwrap();
        Self { socket, rest: rest.to_vec() }
    }

    /// What is answered to the whole.
    async fn rest(mut self) -> String {
        self.socket.write_all(&self.rest).await.unwrap();
        let mut answer = Vec::new();
        tokio::time::timeout(SOON, self.socket.read_to_end(&mut answer)).await.expect("an answer").unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}
