//! The database goes away while people work: cut off, restarted, killed, replaced by its copy at another address (design.md, PostgreSQL).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod cluster;
mod program;
mod registrar;
mod registration;
mod socket;

use cluster::{Cluster, Door};
use program::{Place, SOON};
use registrar::Registrar;
use socket::{Asked, ask};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;

const SENTENCE: &str = "系统暂时没有应答。请过几秒再试。";

/// Who register one application after the other.
const PEOPLE: usize = 4;

/// Of the database, where it has one.
const NAME: &str = "irs-database.test";

#[tokio::test]
async fn cut_off_restarted_killed_and_failed_over_it_loses_nothing_and_does_nothing_twice() {
    let folder = std::env::temp_dir().join(format!("irs-away-{}", std::process::id()));
    let first = Cluster::new(&folder.join("first")).await;
    let copy = Cluster::following(&first, &folder.join("copy")).await;
    let door = Door::to(&first).await;
    let address = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", door.port);
    let place = Place::new("away", Some(address)).quiet();
    let server = place.serves(&[]).await;
    let registrar = Registrar::of(&server).await;
    let mut people = People::begin(&registrar);

    for _ in 0..5 {
        people.go_on().await;
        door.cuts();
    }
    people.go_on().await;
    let away = first.ends("INT").await;
    finds_nobody(&registrar).await;
    assert_eq!(ask(server.address, Asked::get("/readyz")).await.status, 503);
    assert_eq!(ask(server.address, Asked::get("/healthz")).await.status, 200, "nobody is to restart the server for it");
    let first = Cluster::start(&away).await;
    people.go_on().await;
    let first = Cluster::start(&first.ends("KILL").await).await;
    people.go_on().await;
    first.ends("KILL").await;
    // An address that moves, as a balancer's does, leads to the copy before that takes changes.
    door.turns_to(&copy);
    finds_nobody(&registrar).await;
    copy.says("SELECT pg_promote()").await;
    people.go_on().await;

    people.find_all(&place).await;
    server.ends().await;
    copy.ends("INT").await;
    place.end();
    std::fs::remove_dir_all(folder).unwrap();
}

/// Two machines, each with an address, and a name that the administrator has lead to the second when the first is lost. The name is in an
/// `/etc/hosts` that the server alone sees: to it that is the same as a resolver.
#[tokio::test]
async fn a_name_that_leads_to_another_address_is_followed_without_a_restart() {
    let folder = std::env::temp_dir().join(format!("irs-away-name-{}", std::process::id()));
    let hosts = folder.join("hosts");
    std::fs::create_dir_all(&folder).unwrap();
    let (one, other) = (Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(127, 0, 0, 3));
    leads_to(&hosts, one);
    let mut place = Place::new("away-name", None).quiet();
    let Some(program) = program_with_hosts(&place, &hosts).await else {
        place.end();
        std::fs::remove_dir_all(folder).unwrap();
        return;
    };
    let first = Cluster::new(&folder.join("first")).await;
    let copy = Cluster::following(&first, &folder.join("copy")).await;
    let door = Door::at(&first, (one, 0)).await;
    let _other_door = Door::at(&copy, (other, door.port)).await;
    place.program = program;
    place.database = Some(format!("postgres://postgres@{NAME}:{}/postgres?sslmode=disable", door.port));
    let server = place.serves(&[]).await;
    let registrar = Registrar::of(&server).await;
    let mut people = People::begin(&registrar);

    people.go_on().await;
    first.ends("KILL").await;
    finds_nobody(&registrar).await;
    copy.says("SELECT pg_promote()").await;
    finds_nobody(&registrar).await;
    leads_to(&hosts, other);
    people.go_on().await;

    people.find_all(&place).await;
    server.ends().await;
    copy.ends("INT").await;
    place.end();
    std::fs::remove_dir_all(folder).unwrap();
}

/// Who has a session, and whose session the server does not remember, are told by a page.
async fn finds_nobody(registrar: &Registrar) {
    let (name, token) = registrar.cookie.split_once('=').unwrap();
    let forgotten = format!("{name}={}", token.chars().rev().collect::<String>());
    for cookie in [&registrar.cookie, &forgotten] {
        let asked = Asked { headers: &[("Accept", "text/html")], cookie, ..Asked::get("/service") };
        let page = ask(registrar.address, asked).await;
        assert!(page.status == 503 && page.text().contains(SENTENCE), "{}: {}", page.status, page.text());
    }
}

/// Who register one application after the other, and what they see done.
struct People {
    registrar: Registrar,
    sees: watch::Receiver<usize>,
    over: watch::Sender<bool>,
    at_work: Vec<JoinHandle<Vec<String>>>,
}

impl People {
    fn begin(registrar: &Registrar) -> Self {
        let (done, sees) = watch::channel(0);
        let (over, ends) = watch::channel(false);
        let one = |n| tokio::spawn(registers(registrar.clone(), n, done.clone(), ends.clone()));
        Self { registrar: registrar.clone(), sees, over, at_work: (0..PEOPLE).map(one).collect() }
    }

    /// Twice as many are done as they may have had under way: what came was asked for after what happened.
    async fn go_on(&mut self) {
        let from = *self.sees.borrow();
        let seen = self.sees.wait_for(|n| *n >= from + 2 * PEOPLE);
        tokio::time::timeout(SOON, seen).await.expect("people get on").unwrap();
    }

    /// All that was answered is there once, and nothing else; the audit log is whole.
    async fn find_all(self, place: &Place) {
        self.over.send(true).unwrap();
        let mut answered = BTreeSet::new();
        for one in self.at_work {
            answered.extend(tokio::time::timeout(SOON, one).await.unwrap().unwrap());
        }
        assert_eq!(self.registrar.listed(self.registrar.address, "断线").await, answered);
        let verified = place.runs(&["audit", "verify"]).await;
        assert!(verified.good, "{verified:?}");
    }
}

/// One after the other; each is sent, by its key, until it is answered. Answers their names.
async fn registers(
    registrar: Registrar,
    person: usize,
    done: watch::Sender<usize>,
    over: watch::Receiver<bool>,
) -> Vec<String> {
    let mut names = Vec::new();
    while !*over.borrow() {
        let name = format!("断线{person}_{}", names.len());
        let key = uuid::Uuid::from_u128((1 << 64) + ((person as u128) << 32) + names.len() as u128);
        let form = registrar.form(&name, key);
        while registrar.sends(&form).await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        names.push(name);
        done.send_modify(|n| *n += 1);
    }
    names
}

/// A script that is the program with an `/etc/hosts` of its own, where this name has an address; `None`: it can't be had here.
async fn program_with_hosts(place: &Place, hosts: &Path) -> Option<PathBuf> {
    const INSIDE: &str = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"";
    let unshare = ["--user", "--map-root-user", "--mount", "sh", "-c", INSIDE, "sh"];
    let mut tried = Command::new("unshare");
    let tried = tried.args(unshare).arg(hosts).arg("true").stderr(Stdio::null()).status().await;
    if !tried.is_ok_and(|status| status.success()) {
        eprintln!("未检查: a name that leads to another address: unshare can't be run here");
        return None;
    }
    let script = place.folder.join("server");
    let (hosts, real) = (hosts.display(), place.program.display());
    let text =
        format!("#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c '{INSIDE}' sh {hosts} {real} \"$@\"\n");
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    Some(script)
}

/// In place: whoever has the file mounted sees it.
fn leads_to(hosts: &Path, address: Ipv4Addr) {
    std::fs::write(hosts, format!("127.0.0.1 localhost\n{address} {NAME}\n")).unwrap();
}
