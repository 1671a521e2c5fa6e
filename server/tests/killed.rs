//! The real server, killed by SIGKILL in each stage (packages.md, Stages and Bad input): at the next start the stage begins again by
//! itself and comes to its end once, and nothing half-made is ever served. So it is after SIGTERM, which counts as no try.
//!
//! A stage is held by what it starts: the server's own program, from whose path a script was put that waits when it is asked for one
//! kind of child; or, in 代码编译, by a build that waits for a file.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod socket;
mod workbench;

use domain::view::version::VersionDetail;
use domain::{Stage, StageStatus, VersionId};
use program::{Place, SOON, Server, database, until};
use socket::{Asked, ask};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use workbench::{PAGE, Workbench, zip};

/// A lease is 60 s and renewed at least every 20: whoever starts again sooner after the kill did not wait for it. Milliseconds.
const BEFORE_ANY_LEASE_IS_OVER: i64 = 40_000;

#[tokio::test]
async fn on_sqlite_a_killed_stage_is_done_once_after_the_next_start() {
    for (stage, child) in HELD {
        killed_at_a_child(stage, child, None).await;
    }
}

#[tokio::test]
async fn on_postgres_a_killed_stage_is_done_once_after_the_next_start() {
    for (stage, child) in HELD {
        killed_at_a_child(stage, child, Some(database(&format!("irs_killed_{}", child.replace('-', "_"))).await)).await;
    }
}

#[tokio::test]
async fn on_sqlite_a_build_whose_server_was_killed_is_made_once() {
    killed_in_a_build(None).await;
}

#[tokio::test]
async fn on_postgres_a_build_whose_server_was_killed_is_made_once() {
    killed_in_a_build(Some(database("irs_killed_build").await)).await;
}

#[tokio::test]
async fn on_sqlite_a_build_whose_servers_stop_in_order_is_no_try_of_its() {
    stopped_in_a_build(None).await;
}

#[tokio::test]
async fn on_postgres_a_build_whose_servers_stop_in_order_is_no_try_of_its() {
    stopped_in_a_build(Some(database("irs_stopped_build").await)).await;
}

#[tokio::test]
async fn on_postgres_a_build_is_anothers_as_soon_as_its_server_is_told_to_stop() {
    if !can_build("a build that another server goes on with") {
        return;
    }
    let place = Place::new("stopped-slowly", Some(database("irs_stopped_slowly").await));
    let bench = Workbench::open(&place).await;
    let mut stops = place.serves(&["--builds", "1"]).await;
    let id = bench.uploads("1.0.0", &source()).await;
    let first = until(SOON, "a build that waits", async || building_but(&place.folder, &[])).await;
    let goes_on = place.serves(&["--builds", "1"]).await;
    // Somebody who is slow keeps the first server up.
    let mut slow = TcpStream::connect(stops.address).await.unwrap();
    let head =
        "POST /upload HTTP/1.1\r\nHost: localhost:3000\r\nContent-Type: application/json\r\nContent-Length: 9\r\n";
    slow.write_all(format!("{head}Expect: 100-continue\r\n\r\n").as_bytes()).await.unwrap();
    let mut asked = [0; 25];
    slow.read_exact(&mut asked).await.unwrap();
    assert!(asked.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&asked));
    stops.gets("TERM").await;
    let stopped_at = bench.engine.now().0;
    let run = first.parent().unwrap();
    until(SOON, "another run", async || runs(&place.folder).into_iter().find(|other| other != run)).await;
    assert!(stops.is_there(), "it was not waited for");
    drop(slow);
    stops.has_ended().await;
    let seen = [first];
    let again = until(SOON, "the second build", async || building_but(&place.folder, &seen)).await;
    std::fs::write(again.join("go"), "").unwrap();
    bench.until_over(id).await;
    done_once(&bench, id, Stage::Build, stopped_at).await;
    nothing_is_left(&place.folder).await;
    goes_on.ends().await;
    bench.ends().await;
    place.end();
}

/// After five servers that died at it a version is given up.
const STOPS: usize = 6;

/// What each stage starts.
const HELD: [(Stage, &str); 3] =
    [(Stage::SourceCheck, "check-source"), (Stage::LinkCheck, "check-links"), (Stage::DeployTest, "compress")];

async fn killed_at_a_child(stage: Stage, child: &str, database: Option<String>) {
    let on = if database.is_some() { "postgres" } else { "sqlite" };
    let mut place = Place::new(&format!("killed-{child}-{on}"), database);
    let bench = Workbench::open(&place).await;
    let real = std::mem::replace(&mut place.program, place.folder.join("server"));
    std::fs::copy(&real, &place.program).unwrap();
    let server = place.serves(&["--builds", "1"]).await;
    let first = bench.uploads("1.0.0", &package("first")).await;
    bench.until_over(first).await;
    let shown = bench.preview(first).await.expect("a preview");

    // From now on its children of this kind wait.
    let held = place.folder.join("held");
    holds(&place.program, &real, child, &held);
    let second = bench.uploads("1.0.1", &package("second")).await;
    until(SOON, "a child that waits", async || held.exists().then_some(())).await;
    is_cut_off_at(&bench.version(second).await, stage);
    assert_eq!(bench.preview(second).await, None, "nothing of it can be reached");
    assert_eq!(lists(&place.folder), 1, "the first version's alone");
    is_whole(&server, &shown, "first").await;
    server.dies().await;
    let killed_at = bench.engine.now().0;

    place.program = real;
    let server = place.serves(&["--builds", "1"]).await;
    bench.until_over(second).await;
    done_once(&bench, second, stage, killed_at).await;
    is_whole(&server, &bench.preview(second).await.expect("a preview"), "second").await;
    is_whole(&server, &shown, "first").await;
    nothing_is_left(&place.folder).await;
    server.ends().await;
    bench.ends().await;
    place.end();
}

/// While bubblewrap has the package's own programs at work.
async fn killed_in_a_build(database: Option<String>) {
    if !can_build("a build whose server is killed") {
        return;
    }
    let on = if database.is_some() { "postgres" } else { "sqlite" };
    let place = Place::new(&format!("killed-build-{on}"), database);
    let bench = Workbench::open(&place).await;
    let server = place.serves(&["--builds", "1"]).await;
    let id = bench.uploads("1.0.0", &source()).await;
    let first = until(SOON, "a build that waits", async || building_but(&place.folder, &[])).await;
    is_cut_off_at(&bench.version(id).await, Stage::Build);
    assert_eq!(bench.version(id).await.bundle, None);
    server.dies().await;
    let killed_at = bench.engine.now().0;
    until(SOON, "the build's end", async || is_dead(&first).then_some(())).await;

    let server = place.serves(&["--builds", "1"]).await;
    let seen = [first];
    let again = until(SOON, "the second build", async || building_but(&place.folder, &seen)).await;
    std::fs::write(again.join("go"), "").unwrap();
    bench.until_over(id).await;
    done_once(&bench, id, Stage::Build, killed_at).await;
    is_whole(&server, &bench.preview(id).await.expect("a preview"), "built").await;
    nothing_is_left(&place.folder).await;
    server.ends().await;
    bench.ends().await;
    place.end();
}

/// Each server is told to stop while the package's own programs are at work.
async fn stopped_in_a_build(database: Option<String>) {
    if !can_build("a build whose servers stop") {
        return;
    }
    let on = if database.is_some() { "postgres" } else { "sqlite" };
    let place = Place::new(&format!("stopped-build-{on}"), database);
    let bench = Workbench::open(&place).await;
    let id = bench.uploads("1.0.0", &source()).await;
    let (mut seen, mut stopped_at) = (Vec::new(), 0);
    for _ in 0..STOPS {
        let server = place.serves(&["--builds", "1"]).await;
        let work = until(SOON, "a build that waits", async || building_but(&place.folder, &seen)).await;
        is_cut_off_at(&bench.version(id).await, Stage::Build);
        server.ends().await;
        stopped_at = bench.engine.now().0;
        until(SOON, "the build's end", async || is_dead(&work).then_some(())).await;
        seen.push(work);
    }
    let server = place.serves(&["--builds", "1"]).await;
    let last = until(SOON, "the last build", async || building_but(&place.folder, &seen)).await;
    std::fs::write(last.join("go"), "").unwrap();
    bench.until_over(id).await;
    done_once(&bench, id, Stage::Build, stopped_at).await;
    is_whole(&server, &bench.preview(id).await.expect("a preview"), "built").await;
    nothing_is_left(&place.folder).await;
    server.ends().await;
    bench.ends().await;
    place.end();
}

/// Else it is said what is not tested.
fn can_build(what: &str) -> bool {
    let missing = ["bwrap", "npm"].into_iter().find(|tool| !is_there(tool));
    if let Some(tool) = missing {
        eprintln!("未检查: {what}: {tool} can't be run here");
    }
    missing.is_none()
}

/// Where the product finds it: by PATH.
fn is_there(tool: &str) -> bool {
    std::process::Command::new(tool).arg("--version").output().is_ok_and(|said| said.status.success())
}

/// All before it are over, it runs, and what comes after waits.
fn is_cut_off_at(page: &VersionDetail, stage: Stage) {
    for of in &page.stages {
        let expected = match of.stage.cmp(&stage) {
            std::cmp::Ordering::Less => StageStatus::Passed,
            std::cmp::Ordering::Equal => StageStatus::Running,
            std::cmp::Ordering::Greater => StageStatus::Waiting,
        };
        assert_eq!(of.status, expected, "{:?}", page.stages);
    }
}

/// Each stage has one beginning, one end, and the log of one run; those before the kill were not run again.
async fn done_once(bench: &Workbench, id: VersionId, killed: Stage, killed_at: i64) {
    let page = bench.version(id).await;
    assert!(!page.under_way && page.bundle.is_some());
    for of in &page.stages {
        assert_eq!(of.status, StageStatus::Passed, "{:?}", page.stages);
        let (began, ended) = (of.started_at.unwrap().0, of.ended_at.unwrap().0);
        assert!(began <= ended);
        assert_eq!(began > killed_at, of.stage >= killed, "{:?}: what was over stays as it was", of.stage);
        if of.stage == killed {
            assert!(began - killed_at < BEFORE_ANY_LEASE_IS_OVER, "it waited for the lease: {} ms", began - killed_at);
        }
    }
    bench.logs_are_of_one_run(id).await;
}

/// The preview shows its first page and the script that this names.
async fn is_whole(server: &Server, host: &str, word: &str) {
    let page = ask(server.address, Asked { host, ..Asked::get("/") }).await;
    assert_eq!((page.status, page.text()), (200, PAGE), "{host}");
    let script = ask(server.address, Asked { host, ..Asked::get("/a.js") }).await;
    assert!(script.status == 200 && script.text().contains(word), "{host}: {}", script.text());
}

/// Large enough to be worth compressing.
fn package(word: &str) -> Vec<u8> {
    zip(&[("index.html", PAGE), ("a.js", &format!("const of = {word:?}; const lines = {:?};", "公交".repeat(1000)))])
}

/// Its build says that it is at work, and waits for a word.
fn source() -> Vec<u8> {
    let build = "const fs = require('fs');
        fs.writeFileSync('begun', '');
        const wait = setInterval(() => {
            if (!fs.existsSync('go')) return;
            clearInterval(wait);
            fs.mkdirSync('build');
            fs.copyFileSync('page.html', 'build/index.html');
            fs.writeFileSync('build/a.js', 'const of = \"built\"');
        }, 20);";
    zip(&[
        ("package.json", r#"{"name":"a","version":"1.0.0","scripts":{"build":"node build.js"}}"#),
        (
            "package-lock.json",
            r#"{"name":"a","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"a","version":"1.0.0"}}}"#,
        ),
        ("build.js", build),
        ("page.html", PAGE),
    ])
}

/// Puts a script in the program's place: it is the program, but waits where it is asked for this child, as long as its server lives.
fn holds(program: &Path, real: &Path, child: &str, held: &Path) {
    let (real, held) = (real.display(), held.display());
    // What a test holds would outlive the server that started it. $PPID stays as it was; /proc tells whose child it is now.
    let script = format!(
        "#!/bin/sh\nif [ \"$2\" = {child} ]; then\n  echo > {held}\n  \
         while read -r a b c parent d < /proc/$$/stat && [ \"$parent\" = $PPID ]; do /bin/sleep 0.02; done\n  exit 1\nfi\n\
         exec {real} \"$@\"\n"
    );
    let beside = program.with_extension("sh");
    std::fs::write(&beside, script).unwrap();
    std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(beside, program).unwrap();
}

/// The folder of a build that has begun and is none of these.
fn building_but(place: &Path, seen: &[PathBuf]) -> Option<PathBuf> {
    let works = runs(place).into_iter().map(|run| run.join("work"));
    works.filter(|work| work.join("begun").exists()).find(|work| !seen.contains(work))
}

/// Whether no process is at work in this folder any more.
fn is_dead(work: &Path) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let places = processes.filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok());
    let holder = work.parent().and_then(Path::file_name).unwrap().to_str().unwrap();
    // Inside, the folder is /work; its mount tells where that is.
    let mounts = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|process| std::fs::read_to_string(process.path().join("mountinfo")).ok());
    !places.into_iter().any(|place| place.starts_with(work)) && !mounts.into_iter().any(|all| all.contains(holder))
}

fn runs(place: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(place.join("data/work")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// Deployed bundles.
fn lists(place: &Path) -> usize {
    std::fs::read_dir(place.join("data/files/bundle")).unwrap().count()
}

async fn nothing_is_left(place: &Path) {
    until(SOON, "empty work folders", async || runs(place).is_empty().then_some(())).await;
}
