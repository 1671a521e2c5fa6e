//! Hostile builds: each tries to get out, and one that behaves. They run on SQLite alone: the database has no part in it.

use crate::world::bench::{BUILDING, PAGE, own_seconds, sleeping, zip};
use crate::world::{On, World};
use crate::{BuildLimits, Engine, MB, Workshop, pipeline};
use domain::StageStatus::{Failed, Passed, Waiting};
use domain::{Stage, VersionId};
use std::time::Duration;

/// A source package without dependencies whose build is this script.
pub(super) fn source(build: &str) -> Vec<u8> {
    source_with(build, &[])
}

fn source_with(build: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut files = vec![
        ("package.json", r#"{"name":"a","version":"1.0.0","scripts":{"build":"node build.js"}}"#),
        (
            "package-lock.json",
            r#"{"name":"a","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"a","version":"1.0.0"}}}"#,
        ),
        ("build.js", build),
        ("page.html", PAGE),
    ];
    files.extend_from_slice(more);
    zip(&files)
}

/// Writes a site to `build`, after this.
pub(super) fn after(hostile: &str) -> String {
    format!(
        "const fs = require('fs');\n{hostile}\nfs.mkdirSync('build');\nfs.copyFileSync('page.html', 'build/index.html');\n\
         fs.writeFileSync('build/a.css', ''); fs.writeFileSync('build/a.js', 'let built = true');"
    )
}

pub(super) fn small() -> BuildLimits {
    BuildLimits { time: Duration::from_secs(60), memory: 400 * MB, processes: 64, output: 20 * MB, disk: 100 * MB }
}

pub(super) struct Built {
    pub(super) w: World,
    pub(super) id: VersionId,
    sentence: String,
    log: String,
}

/// Uploads it and runs all stages, with these limits.
async fn built(package: &[u8], limits: BuildLimits) -> Built {
    built_where(package, |workshop| workshop.limits = limits).await
}

/// The same, with these settings.
pub(super) async fn built_where(package: &[u8], set: impl FnOnce(&mut Workshop)) -> Built {
    let w = World::new(On::Sqlite).await;
    let engine = w.another_engine(true).await.unwrap().with_workshop(set);
    let _alone = BUILDING.lock().await;
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", package).await;
    while pipeline::run_next(&engine).await.unwrap() {}
    engine.close().await;
    let (sentence, log) = (w.sentence(id, Stage::Build).await, w.log(id, Stage::Build).await);
    Built { w, id, sentence, log }
}

impl Built {
    pub(super) async fn passes(self) -> String {
        let page = self.w.version(self.id).await;
        assert_eq!(self.w.statuses(self.id).await, [Passed; 4], "{:?}\n{}", page.stages, self.log);
        self.ends().await
    }

    pub(super) async fn fails(self, why: &str) -> String {
        assert_eq!(self.w.statuses(self.id).await, [Passed, Failed, Waiting, Waiting], "{}", self.log);
        assert!(self.sentence.contains(why), "{}\n{}", self.sentence, self.log);
        self.ends().await
    }

    async fn ends(self) -> String {
        let left = pipeline::folder::all(&self.w.engine.workshop().work);
        assert!(left.is_empty(), "{left:?}");
        self.w.end().await;
        self.log
    }
}

#[tokio::test]
async fn a_source_package_is_built_and_the_same_one_is_not_built_again() {
    let w = World::new(On::Sqlite).await;
    let bus = w.hosted("杭州公交查询").await;
    let package = source(&after("console.log('\\u001b[32m编译\\u001b[0m')"));
    let first = w.uploads_zip(bus, "1.0.0", &package).await;
    w.runs_jobs().await;
    assert_eq!(w.statuses(first).await, [Passed; 4], "{}", w.log(first, Stage::Build).await);
    assert_eq!(w.sentence(first, Stage::Build).await, "编译成功：安装依赖 0.0 秒，构建 0.0 秒，收取结果 0.0 秒。");
    let log = w.log(first, Stage::Build).await;
    assert!(log.contains("$ npm ci --ignore-scripts\n") && log.contains("\n\u{1b}[32m编译\u{1b}[0m\n"), "{log}");
    let second = w.uploads_zip(bus, "1.0.1", &package).await;
    w.runs_jobs().await;
    assert_eq!(w.sentence(second, Stage::Build).await, "同一个包编译过，沿用当时的结果。");
    assert_eq!(w.version(first).await.bundle, w.version(second).await.bundle);
    w.end().await;
}

#[tokio::test]
async fn the_output_folder_is_where_gbc_json_says() {
    let build = after("")
        .replace("'build/", "'out/h5/")
        .replace("mkdirSync('build')", "mkdirSync('out/h5', {recursive: true})");
    let gbc = r#"{"type":"build-config","version":"0.0.1","outputPath":"out/h5"}"#;
    built(&source_with(&build, &[("gbc.json", gbc)]), small()).await.passes().await;
    built(&source("1"), small()).await.fails("没有找到输出文件夹（找过 build、dist）").await;
}

#[tokio::test]
async fn failing_builds_and_other_tools_have_their_sentences() {
    built(&source("console.error('坏了'); process.exit(3)"), small())
        .await
        .fails("npm run build 没有成功（退出码 3）")
        .await;
    let lock = r#"{"lockfileVersion":3,"packages":{"":{"dependencies":{"is-number":"7.0.0"}}}}"#;
    let stale = zip(&[
        ("package.json", r#"{"dependencies":{"is-odd":"3.0.1"},"scripts":{"build":"x"}}"#),
        ("package-lock.json", lock),
    ]);
    built(&stale, small()).await.fails("package-lock.json 与 package.json 不一致。").await;
}

#[tokio::test]
async fn without_bubblewrap_source_packages_are_refused_with_a_sentence() {
    let w = World::new(On::Sqlite).await;
    let engine = w.another_engine(true).await.unwrap().with_workshop(|s| s.bubblewrap = "/nowhere/bwrap".into());
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &source(&after(""))).await;
    assert!(pipeline::run_next(&engine).await.unwrap());
    assert!(w.sentence(id, Stage::Build).await.contains("没有安装编译沙箱（bubblewrap）"));
    engine.close().await;
    w.end().await;
}

#[tokio::test]
async fn a_build_sees_nothing_of_ours() {
    // Everything that it finds goes to its log, which we read.
    let look = r"
        const path = (p) => { try { return fs.readdirSync(p).join(' ') } catch (e) { return e.code } };
        const read = (p) => { try { return fs.readFileSync(p, 'latin1').slice(0, 20) } catch (e) { return e.code } };
        const write = (p) => { try { fs.writeFileSync(p, 'x'); return 'WRITTEN' } catch (e) { return e.code } };
        console.log('ROOT', path('/'));
        console.log('ETC', path('/etc'));
        console.log('SHADOW', read('/etc/shadow'), 'DB', process.env.DB || 'none', 'HOMES', path('/home'), path('/root'));
        console.log('ENV', Object.keys(process.env).filter((k) => !k.startsWith('npm_')).sort().join(' '));
        console.log('UID', `${process.getuid()} PIDS ${path('/proc').split(' ').filter((p) => /^\d+$/.test(p)).length < 20}`);
        console.log('USR', write('/usr/x'), 'DEV', write('/dev/x'), 'ETC', write('/etc/x'), 'PROGRAM', write('/run/irs/program'));
        console.log('SYS', write('/proc/sys/kernel/core_pattern'), path('/sys'));";
    let log = built(&source(&after(look)), small()).await.passes().await;
    let line = |word: &str| log.lines().find(|line| line.starts_with(word)).unwrap_or_default().to_owned();
    assert_eq!(line("ROOT"), "ROOT bin dev etc lib lib64 proc run sbin tmp usr work");
    assert_eq!(line("ETC"), "ETC group hosts nsswitch.conf passwd ssl");
    assert!(line("SHADOW").starts_with("SHADOW ENOENT DB none HOMES ENOENT ENOENT"), "{log}");
    assert!(!line("ENV").contains("IRS") && !line("ENV").contains("DATABASE"), "{log}");
    assert!(line("UID").ends_with("PIDS true") && !line("UID").starts_with("UID 0 "), "{log}");
    assert!(!log.contains("WRITTEN"), "{log}");
}

#[tokio::test]
async fn a_build_reaches_no_network_neither_outside_nor_ours() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let knock = format!(
        "const net = require('net'); const dns = require('dns');
         const knock = (host, port) => new Promise((done) => {{
             const s = net.connect({{ host, port, timeout: 1000 }}, () => done(host + ' OPEN'));
             s.on('error', (e) => done(host + ' ' + e.code)); s.on('timeout', () => done(host + ' late'));
         }});
         const name = new Promise((done) => dns.lookup('registry.npmjs.org', (e) => done('NAME ' + (e ? e.code : 'OPEN'))));
         Promise.all([knock('127.0.0.1', {port}), knock('1.1.1.1', 443), knock('127.0.0.1', 4873), name]).then((all) => console.log(all.join('\\n')));"
    );
    let log = built(&source(&after(&knock)), small()).await.passes().await;
    assert!(
        !log.contains("OPEN") && log.contains("127.0.0.1 ECONNREFUSED") && log.contains("1.1.1.1 ENETUNREACH"),
        "{log}"
    );
    let taken = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
    assert!(taken.is_err(), "nobody knocked here");
}

#[tokio::test]
async fn installing_reaches_the_registry_and_nothing_else() {
    // A registry of ours counts who asks what; scripts of packages do not run.
    use axum::http::{Method, Uri};
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = std::sync::Arc::clone(&asked);
    let answers = axum::Router::new().fallback(move |method: Method, uri: Uri| {
        heard.lock().unwrap().push(format!("{method} {uri}"));
        async { axum::http::StatusCode::NOT_FOUND }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/npm", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, answers).await });
    let lock = r#"{"name":"a","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"a","version":"1.0.0","dependencies":{"x":"1.0.0"}},
        "node_modules/x":{"version":"1.0.0","resolved":"http://127.0.0.1:5432/secret/x-1.0.0.tgz","integrity":"sha512-AAAA"}}}"#;
    let package = zip(&[
        (
            "package.json",
            r#"{"name":"a","version":"1.0.0","dependencies":{"x":"1.0.0"},"scripts":{"preinstall":"node -e 'console.log(666)'","build":"x"}}"#,
        ),
        ("package-lock.json", lock),
    ]);
    let w = World::new(On::Sqlite).await;
    let engine = w.another_engine(true).await.unwrap().with_workshop(|s| s.registry = Some(address));
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &package).await;
    let alone = BUILDING.lock().await;
    assert!(pipeline::run_next(&engine).await.unwrap());
    drop(alone);
    let log = w.log(id, Stage::Build).await;
    assert!(w.sentence(id, Stage::Build).await.contains("仓库里没有依赖“x@http"), "{log}");
    assert!(!log.contains("666\n"), "{log}");
    let asked = asked.lock().unwrap().clone();
    assert!(!asked.is_empty() && asked.iter().all(|line| line.starts_with("GET /npm/")), "{asked:?}");
    engine.close().await;
    w.end().await;
}

#[tokio::test]
async fn a_process_that_stays_behind_is_dead_with_the_build() {
    let seconds = own_seconds(7);
    let stay = format!(
        "require('child_process').spawn('sleep', ['{seconds}'], {{ detached: true, stdio: 'ignore' }}).unref();"
    );
    built(&source(&after(&stay)), small()).await.passes().await;
    assert_eq!(sleeping(seconds), 0);
}

#[tokio::test]
async fn filling_the_disk_ends_the_build() {
    let fill = "const block = Buffer.alloc(1 << 20, 1); for (let n = 0; ; n++) { fs.mkdirSync('d' + n); fs.writeFileSync('d' + n + '/f', block); }";
    built(&source(&after(fill)), small()).await.fails("编译写入的文件超过 100 MB").await;
    let large =
        "const f = fs.openSync('one', 'w'); const block = Buffer.alloc(1 << 20, 1); for (;;) fs.writeSync(f, block);";
    let log = built(&source(&after(large)), small()).await.w;
    log.end().await;
}

#[tokio::test]
async fn forking_without_end_ends_in_a_limit() {
    let fork = "const { spawn } = require('child_process'); let bad = 0; const all = [];
        for (let n = 0; n < 400; n++) { try { const c = spawn('sleep', ['20']); c.on('error', () => bad++); all.push(c); } catch { bad++; } }
        setTimeout(() => { console.log('REFUSED ' + (bad > 0)); process.exit(1); }, 1500);";
    let log = built(&source(fork), small()).await.fails("npm run build 没有成功").await;
    assert!(log.contains("REFUSED true"), "{log}");
}

#[tokio::test]
async fn links_in_the_output_lead_nowhere() {
    built(&source("require('fs').symlinkSync('/etc', 'build')"), small()).await.fails("“build”不是真实的文件夹").await;
    let inside =
        after("").replace("fs.writeFileSync('build/a.css', '');", "fs.symlinkSync('/etc/passwd', 'build/a.css');");
    built(&source(&inside), small()).await.fails("“a.css”不是普通文件").await;
    let pipe = after("")
        .replace("fs.writeFileSync('build/a.css', '');", "require('child_process').execSync('mkfifo build/a.css');");
    built(&source(&pipe), small()).await.fails("“a.css”不是普通文件").await;
    let reserved = format!("{}\nfs.writeFileSync('build/app-env.js', '')", after(""));
    built(&source(&reserved), small()).await.fails("“app-env.js”是平台保留的名称").await;
}

#[tokio::test]
async fn printing_for_ever_is_cut_and_never_ending_is_ended() {
    let limits = BuildLimits { time: Duration::from_secs(6), ..small() };
    let print = "const line = '刷屏'.repeat(2000) + '\\n'; (function go() { while (process.stdout.write(line)); process.stdout.once('drain', go); })();";
    let log = built(&source(print), limits.clone()).await.fails("编译超过 6 秒").await;
    assert!(log.len() <= 5_100_000, "{}", log.len());
    built(&source("setInterval(() => {}, 1000)"), limits).await.fails("编译超过 6 秒").await;
}

#[tokio::test]
async fn eating_memory_ends_the_build() {
    let eat = "const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1));";
    built(&source(eat), small()).await.fails("编译用的内存超过 400 MB").await;
}

#[tokio::test]
async fn a_build_whose_server_dies_leaves_no_process_and_starts_again_elsewhere() {
    let w = World::new(On::Sqlite).await;
    let id = w
        .uploads_zip(
            w.hosted("杭州公交查询").await,
            "1.0.0",
            &source(&after("require('child_process').execSync('sleep 4');")),
        )
        .await;
    let dying: Engine = w.another_engine(true).await.unwrap();
    let alone = BUILDING.lock().await;
    let worker = tokio::spawn(async move {
        let done = pipeline::run_next(&dying).await;
        dying.close().await;
        done
    });
    let begun = async {
        while !w.log(id, Stage::Build).await.contains("$ npm run build") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), begun).await.unwrap();
    worker.abort();
    let _ = worker.await;
    drop(alone);
    w.wait_ms(61_000);
    w.runs_jobs().await;
    assert_eq!(w.statuses(id).await, [Passed; 4], "{}", w.log(id, Stage::Build).await);
    w.end().await;
}
