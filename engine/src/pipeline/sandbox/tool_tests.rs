//! pnpm and yarn in the sandbox: small programs that go by the real ones' command lines, and a registry of ours. (What the real ones
//! would run of a package: `real_tool_tests.rs`; their lock files are in the tests of `checks`.)

use crate::pipeline;
use crate::store::stage;
use crate::world::bench::{BUILDING, PAGE, zip};
use crate::world::{On, World};
use domain::Stage;
use domain::StageStatus::Passed;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A tool as the npm package that it comes as: what it is asked is in its log; it installs `x` from the registry that it is told.
const TOOL: &str = r#"
const fs = require('fs'), path = require('path'), http = require('http'), { spawnSync } = require('child_process');
const asked = process.argv.slice(2);
if (asked[0] === '--version') { console.log(fs.readFileSync(path.join(__dirname, 'version'), 'utf8')); process.exit(); }
if (asked[0] === 'run') {
    const script = JSON.parse(fs.readFileSync('package.json')).scripts[asked[1]];
    process.exit(spawnSync('sh', ['-c', script], { stdio: 'inherit' }).status);
}
console.log('ASKED', asked.join(' '), 'SCRIPTS', String(process.env.YARN_ENABLE_SCRIPTS), 'OTHER', String(process.env.npm_config_manage_package_manager_versions));
const lock = fs.readFileSync(fs.existsSync('yarn.lock') ? 'yarn.lock' : 'pnpm-lock.yaml', 'utf8');
if (!lock.includes('x')) { console.log(' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"'); process.exit(1); }
const resolved = /resolved "([^"]*)"/.exec(lock)?.[1] ?? process.env.npm_config_registry + 'x/-/x-1.0.0.tgz';
http.get(resolved, (answer) => {
    let text = '';
    answer.on('data', (piece) => (text += piece)).on('end', () => {
        fs.mkdirSync('node_modules/x', { recursive: true });
        fs.writeFileSync('node_modules/x/index.js', `module.exports = ${JSON.stringify(text)}`);
    });
});
"#;

const PNPM_LOCK: &str = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      x:\n        specifier: 1.0.0\n        version: 1.0.0\n\n\
    packages:\n\n  x@1.0.0:\n    resolution: {integrity: sha512-x}\n";
const YARN_LOCK: &str = "# yarn lockfile v1\n\n\nx@1.0.0:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/x/-/x-1.0.0.tgz#abc\"\n  integrity sha512-x\n";
const BERRY_LOCK: &str = "__metadata:\n  version: 8\n\n\"x@npm:1.0.0\":\n  version: 1.0.0\n  resolution: \"x@npm:1.0.0\"\n  checksum: 10c0/1\n";

/// A tool that lies in a folder of its own, and says that it is this version.
struct Fake(PathBuf);

impl Fake {
    fn new(name: &str, version: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("bin")).unwrap();
        let package = if name == "berry" { "@yarnpkg/cli" } else { name };
        std::fs::write(folder.join("package.json"), format!(r#"{{"name":"{package}"}}"#)).unwrap();
        std::fs::write(folder.join("bin/tool.cjs"), TOOL).unwrap();
        let fake = Self(folder);
        fake.becomes(version);
        fake
    }

    fn becomes(&self, version: &str) {
        std::fs::write(self.0.join("bin/version"), version).unwrap();
    }

    fn program(&self) -> PathBuf {
        self.0.join("bin/tool.cjs")
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Its build calls the tool again, and shows what the dependency is.
fn package(tool: &str, lock: (&str, &str)) -> Vec<u8> {
    let manifest = format!(
        r#"{{"name":"a","version":"1.0.0","packageManager":"{tool}@8.0.0","dependencies":{{"x":"1.0.0"}},"scripts":{{"build":"{tool} run really","really":"node build.js"}}}}"#
    );
    let build = "const fs = require('fs'); console.log('GOT', require('x')); fs.mkdirSync('dist');\
        fs.copyFileSync('page.html', 'dist/index.html'); fs.writeFileSync('dist/a.css', ''); fs.writeFileSync('dist/a.js', '1')";
    zip(&[("package.json", manifest.as_str()), lock, ("build.js", build), ("page.html", PAGE)])
}

/// A registry that gives everything, its address, and what it was asked for.
async fn registry() -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let answers = axum::Router::new().fallback(move |uri: axum::http::Uri| {
        heard.lock().unwrap().push(uri.to_string());
        async { "content of x" }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/npm", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, answers).await });
    (address, asked)
}

#[tokio::test]
async fn a_package_is_built_with_the_tool_of_its_lock_file() {
    let (pnpm, yarn, berry) = (Fake::new("pnpm", "9.15.9"), Fake::new("yarn", "1.22.22"), Fake::new("berry", "4.9.1"));
    for (tool, lock, install, versions) in [
        (
            "pnpm",
            ("pnpm-lock.yaml", PNPM_LOCK),
            "install --frozen-lockfile --ignore-scripts --ignore-pnpmfile --prod=false SCRIPTS undefined OTHER false",
            "pnpm 9.15.9",
        ),
        (
            "yarn",
            ("yarn.lock", YARN_LOCK),
            "install --frozen-lockfile --ignore-scripts --non-interactive --production=false SCRIPTS undefined",
            "yarn 1.22.22",
        ),
        ("yarn", ("yarn.lock", BERRY_LOCK), "install --immutable --mode=skip-build SCRIPTS false", "yarn 4.9.1"),
    ] {
        let (address, asked) = registry().await;
        let w = World::new(On::Sqlite).await;
        let programs = [&pnpm, &yarn, &berry].map(Fake::program);
        let engine = w.another_engine(true).await.unwrap().with_workshop(|s| {
            [s.pnpm, s.yarn, s.yarn_berry] = programs;
            s.registry = Some(address);
        });
        let bus = w.hosted("杭州公交查询").await;
        let package = package(tool, lock);
        let first = w.uploads_zip(bus, "1.0.0", &package).await;
        let alone = BUILDING.lock().await;
        while pipeline::run_next(&engine).await.unwrap() {}
        let log = w.log(first, Stage::Build).await;
        assert_eq!(w.statuses(first).await, [Passed; 4], "{log}");
        for said in
            [versions, &format!("ASKED {install}"), "GOT content of x", &format!("$ {tool} run build"), "平台用"]
        {
            assert!(log.contains(said), "{said}: {log}");
        }
        assert_eq!(*asked.lock().unwrap(), ["/npm/x/-/x-1.0.0.tgz"], "{log}");
        let rows = stage::of_version(&mut engine.db().reader().await.unwrap(), first.0).await.unwrap();
        let pinned: Vec<_> =
            rows.iter().flat_map(|row| row.outcome().dependencies).map(|d| d.name + "@" + &d.version).collect();
        assert_eq!(pinned, ["x@1.0.0"]);
        // The same package again is not built again, unless the tool is another.
        let second = w.uploads_zip(bus, "1.0.1", &package).await;
        while pipeline::run_next(&engine).await.unwrap() {}
        assert_eq!(w.sentence(second, Stage::Build).await, "同一个包编译过，沿用当时的结果。");
        if tool == "pnpm" {
            pnpm.becomes("10.1.0");
            let third = w.uploads_zip(bus, "1.0.2", &package).await;
            while pipeline::run_next(&engine).await.unwrap() {}
            assert!(w.log(third, Stage::Build).await.contains("ASKED install"));
        }
        drop(alone);
        engine.close().await;
        w.end().await;
    }
}

#[tokio::test]
async fn a_tool_that_is_not_there_or_does_not_read_this_lock_file_has_its_sentence() {
    let (yarn, pnpm) = (Fake::new("yarn-alone", "1.22.22"), Fake::new("pnpm-alone", "9.15.9"));
    for (name, lock, said) in [
        ("pnpm-lock.yaml", PNPM_LOCK, "源码包带有 pnpm-lock.yaml，需要用 pnpm 编译，而服务器没有安装它。"),
        // The yarn that is there is an old one.
        ("yarn.lock", BERRY_LOCK, "源码包带有 yarn.lock，需要用 yarn 3 以上 编译，而服务器没有安装它。"),
    ] {
        refused("/nowhere/pnpm".into(), &yarn, (name, lock), said).await;
    }
    // What corepack lays there fetches the tool from the network.
    let corepack = pnpm.0.join("corepack");
    std::fs::create_dir_all(&corepack).unwrap();
    std::fs::copy(pnpm.program(), corepack.join("pnpm.cjs")).unwrap();
    refused(corepack.join("pnpm.cjs"), &yarn, ("pnpm-lock.yaml", PNPM_LOCK), "而服务器没有安装它").await;
    refused(
        pnpm.program(),
        &yarn,
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
        "pnpm-lock.yaml 与 package.json 不一致。",
    )
    .await;
}

async fn refused(pnpm: PathBuf, yarn: &Fake, lock: (&str, &str), said: &str) {
    let w = World::new(On::Sqlite).await;
    let program = yarn.program();
    let engine = w.another_engine(true).await.unwrap().with_workshop(|s| {
        (s.pnpm, s.yarn, s.yarn_berry) = (pnpm, program.clone(), program);
    });
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &package(lock_tool(lock.0), lock)).await;
    let alone = BUILDING.lock().await;
    assert!(pipeline::run_next(&engine).await.unwrap());
    drop(alone);
    let sentence = w.sentence(id, Stage::Build).await;
    assert!(sentence.contains(said), "{sentence}\n{}", w.log(id, Stage::Build).await);
    engine.close().await;
    w.end().await;
}

#[tokio::test]
async fn what_yarn_would_run_of_a_package_is_refused_before_anything_is_installed() {
    let berry = Fake::new("berry-strict", "4.9.1");
    let w = World::new(On::Sqlite).await;
    let program = berry.program();
    let engine = w.another_engine(true).await.unwrap().with_workshop(|s| s.yarn_berry = program);
    let bus = w.hosted("杭州公交查询").await;
    let manifest =
        r#"{"name":"a","version":"1.0.0","dependenciesMeta":{"g":{"built":true}},"scripts":{"build":"true"}}"#;
    for (n, (name, content, said)) in [
        (".yarnrc.yml", "plugins:\n  - .yarn/plugins/x.cjs\n", "带有 plugins"),
        (".yarnrc.yml", "nodeLinker: node-modules\n\"plugins\": [./x.cjs]\n", "带有 plugins"),
        (".yarnrc.yml", "nodeLinker: node-modules\n\"\\x70lugins\": [./x.cjs]\n", "第 2 行的写法平台看不懂"),
        (".yarnrc.yml", "{plugins: [./x.cjs]}\n", "第 1 行的写法平台看不懂"),
        ("package.json", manifest, "在 dependenciesMeta 里写了 built"),
    ]
    .into_iter()
    .enumerate()
    {
        let plain = r#"{"name":"a","version":"1.0.0","scripts":{"build":"true"}}"#;
        let mut files = vec![("yarn.lock", BERRY_LOCK), (name, content)];
        files.extend((name != "package.json").then_some(("package.json", plain)));
        let id = w.uploads_zip(bus, &format!("1.0.{n}"), &zip(&files)).await;
        let alone = BUILDING.lock().await;
        assert!(pipeline::run_next(&engine).await.unwrap());
        drop(alone);
        let (sentence, log) = (w.sentence(id, Stage::Build).await, w.log(id, Stage::Build).await);
        assert!(sentence.contains(said) && !log.contains("ASKED"), "{sentence}\n{log}");
    }
    engine.close().await;
    w.end().await;
}

fn lock_tool(file: &str) -> &str {
    if Path::new(file).extension().is_some_and(|extension| extension == "yaml") { "pnpm" } else { "yarn" }
}

#[tokio::test]
async fn a_registry_that_leads_elsewhere_is_named_with_the_setting() {
    let answers = axum::Router::new()
        .fallback(|| async { axum::response::Redirect::temporary("https://cdn.example.test/x-1.0.0.tgz") });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, answers).await });
    let w = World::new(On::Sqlite).await;
    let engine = w.another_engine(true).await.unwrap().with_workshop(|s| s.registry = Some(address));
    let manifest = r#"{"name":"a","version":"1.0.0","dependencies":{"x":"1.0.0"},"scripts":{"build":"true"}}"#;
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &zip(&[("package.json", manifest)])).await;
    let alone = BUILDING.lock().await;
    assert!(pipeline::run_next(&engine).await.unwrap());
    drop(alone);
    let (sentence, log) = (w.sentence(id, Stage::Build).await, w.log(id, Stage::Build).await);
    assert!(sentence.contains("“cdn.example.test”") && sentence.contains("npm-registry-hosts"), "{sentence}\n{log}");
    assert!(log.contains(&sentence), "{log}");
    engine.close().await;
    w.end().await;
}
