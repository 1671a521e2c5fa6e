//! `--allow-unsandboxed-builds`: what holds without bubblewrap, and that a sandbox that works is used all the same.

use super::tests::{Built, after, built_where, small, source};
use crate::world::bench::{BUILDING, own_seconds, sleeping};
use crate::{BuildLimits, Workshop, pipeline};
use domain::Stage;
use std::time::Duration;

/// Says whose a build is and what it sees.
const LOOK: &str =
    "console.log('UID', process.getuid() + ' AT ' + process.cwd() + ' SEES ' + fs.existsSync('/etc/debian_version'));
    console.log('ENV', Object.keys(process.env).filter((name) => !name.startsWith('npm_')).sort().join(' '));";

/// On a machine without bubblewrap.
fn bare(workshop: &mut Workshop) {
    workshop.bubblewrap = "/nowhere/bwrap".into();
    workshop.unsandboxed = true;
    workshop.limits = small();
}

async fn built(package: &[u8], limits: BuildLimits) -> Built {
    built_where(package, |workshop| {
        bare(workshop);
        workshop.limits = limits;
    })
    .await
}

#[tokio::test]
async fn without_bubblewrap_the_setting_alone_has_packages_built() {
    let package = source(&after(LOOK));
    let refused = built_where(&package, |workshop| workshop.bubblewrap = "/nowhere/bwrap".into()).await;
    refused.fails("没有安装编译沙箱（bubblewrap），无法编译源码包。请联系系统管理员安装 bubblewrap").await;
    let log = built(&package, small()).await.passes().await;
    assert!(log.contains("不用沙箱编译\n") && log.contains("无沙箱\n"), "{log}");
    let line = |word: &str| log.lines().find(|line| line.starts_with(word)).unwrap_or_default().to_owned();
    assert!(
        !line("UID").starts_with("UID 0 ") || !nix::unistd::Uid::effective().is_root(),
        "root is none of theirs: {log}"
    );
    assert!(line("UID").contains("/work ") && !line("UID").contains(" AT /work "), "{log}");
    assert!(
        !line("ENV").contains("IRS") && !line("ENV").contains("DATABASE") && line("ENV").contains("NODE_ENV"),
        "{log}"
    );
}

#[tokio::test]
async fn a_sandbox_that_works_is_used_whatever_is_allowed() {
    let with_setting = built_where(&source(&after(LOOK)), |workshop| workshop.unsandboxed = true).await;
    let log = with_setting.passes().await;
    assert!(log.contains(" AT /work SEES false\n") && !log.contains("无沙箱"), "{log}");
}

#[tokio::test]
async fn what_came_of_a_build_without_a_sandbox_is_not_taken_for_one_from_within() {
    let Built { w, id, .. } = built(&source(&after("")), small()).await;
    let bus = w.version(id).await.publication;
    let again = w.uploads_zip(bus, "1.0.1", &source(&after(""))).await;
    w.runs_jobs().await;
    assert!(w.sentence(again, Stage::Build).await.starts_with("编译成功"));
    w.end().await;
}

#[tokio::test]
async fn without_a_sandbox_the_limits_still_hold() {
    let eat = "const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1));";
    built(&source(eat), small()).await.fails("编译用的内存超过 400 MB").await;
    let fill = "const block = Buffer.alloc(1 << 20, 1); for (let n = 0; ; n++) { fs.mkdirSync('d' + n); fs.writeFileSync('d' + n + '/f', block); }";
    built(&source(&after(fill)), small()).await.fails("编译写入的文件超过 100 MB").await;
    let limits = BuildLimits { time: Duration::from_secs(6), ..small() };
    built(&source("setInterval(() => {}, 1000)"), limits).await.fails("编译超过 6 秒").await;
}

#[tokio::test]
async fn without_a_sandbox_too_nothing_stays_behind_and_nobody_waits_for_it() {
    // It holds the output open, and has left its group of processes.
    let seconds = own_seconds(8);
    let stay = format!(
        "require('child_process').spawn('sleep', ['{seconds}'], {{ detached: true, stdio: 'inherit' }}).unref();"
    );
    let limits = BuildLimits { time: Duration::from_secs(60), ..small() };
    built(&source(&after(&stay)), limits).await.passes().await;
    assert_eq!(sleeping(seconds), 0);
}

#[test]
fn what_got_away_from_its_keeper_is_known_by_where_it_is_or_what_it_was_told() {
    use std::process::Command;
    let place = std::env::temp_dir().join(format!("irs-left-{}", std::process::id()));
    // The way to the data folder may have links.
    let work = place.join("link").join("work");
    std::fs::create_dir_all(place.join("real/work/deep")).unwrap();
    std::os::unix::fs::symlink("real", place.join("link")).unwrap();
    let started = |there: bool| {
        let mut command = Command::new("setsid");
        command.args(["sleep", "31509"]).env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
        if there {
            command.current_dir(work.join("deep"))
        } else {
            command.env("HOME", work.join(".home"))
        };
        command.spawn().unwrap()
    };
    let mut left = [started(true), started(false)];
    let mut other = Command::new("sleep").arg("31509").current_dir("/").spawn().unwrap();
    for _ in 0..500 {
        // Until the second is what it turns into.
        if super::bare::of_work(&work).len() == 2 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut found = super::bare::of_work(&work);
    found.sort_unstable();
    let mut wanted: Vec<i32> = left.iter().map(|child| child.id().try_into().unwrap()).collect();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
    for child in left.iter_mut().chain([&mut other]) {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    std::fs::remove_dir_all(place).unwrap();
}

#[tokio::test]
async fn without_a_sandbox_the_registry_is_reached_through_the_server() {
    use axum::http::Uri;
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = std::sync::Arc::clone(&asked);
    let answers = axum::Router::new().fallback(move |uri: Uri| {
        heard.lock().unwrap().push(uri.to_string());
        async { axum::http::StatusCode::NOT_FOUND }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/npm", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, answers).await });
    let package = crate::world::bench::zip(&[(
        "package.json",
        r#"{"name":"a","version":"1.0.0","dependencies":{"no-such":"1.0.0"},"scripts":{"build":"x"}}"#,
    )]);
    let w = crate::world::World::new(crate::world::On::Sqlite).await;
    let engine = w.another_engine(true).await.unwrap().with_workshop(|workshop| {
        bare(workshop);
        workshop.registry = Some(address);
    });
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &package).await;
    let alone = BUILDING.lock().await;
    assert!(pipeline::run_next(&engine).await.unwrap());
    drop(alone);
    assert!(
        w.sentence(id, Stage::Build).await.contains("仓库里没有依赖“no-such@1.0.0”"),
        "{}",
        w.log(id, Stage::Build).await
    );
    let asked = asked.lock().unwrap().clone();
    assert!(!asked.is_empty() && asked.iter().all(|path| path == "/npm/no-such"), "{asked:?}");
    engine.close().await;
    w.end().await;
}
