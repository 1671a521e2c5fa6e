//! What a package brings to be run while dependencies are installed, with the real tools: each comes out of npm's registry, as people
//! install it, once for all runs, and a test says 未检查 where that can't be had, or no sandbox. Each way was seen to run the file
//! without what keeps it from that here.

use crate::pipeline;
use crate::world::bench::{BUILDING, PAGE, zip};
use crate::world::{On, World};
use domain::{Stage, StageStatus};
use std::path::PathBuf;
use std::time::Duration;
use tokio::process::Command;

/// A registry that gives a tool more slowly is as good as none.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether a build can be kept in here; else it says 未检查.
async fn can_be_kept_in(what: &str) -> bool {
    let trouble = super::trouble(&crate::Workshop::default()).await;
    if let Some(trouble) = &trouble {
        eprintln!("未检查: what {what} runs: there is no sandbox: {trouble:?}");
    }
    trouble.is_none()
}

/// Where the tools that xtask brings are, too: npm takes from here what it has fetched once.
fn cache() -> PathBuf {
    let home = || std::env::var_os("HOME").map_or_else(std::env::temp_dir, PathBuf::from).join(".cache");
    let user = || std::env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from);
    std::env::var_os("IRS_TOOLS").map_or_else(|| user().join("irs-tools"), PathBuf::from).join("npm")
}

/// A tool of this name and version, in a folder that goes with it: no build sees what lies in a home, as the cache may.
struct Real {
    folder: PathBuf,
    package: &'static str,
}

impl Real {
    /// `None`, and it says 未检查: there is no sandbox to try it in, or the registry is not there.
    async fn fetched(package: &'static str, version: &str) -> Option<Self> {
        if !can_be_kept_in(package).await {
            return None;
        }
        let name = package.replace('/', "-");
        let folder = std::env::temp_dir().join(format!("irs-real-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let real = Self { folder, package };
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]);
        npm.args(["--prefer-offline", "--fetch-retries", "0", "--cache"])
            .arg(cache())
            .arg("--prefix")
            .arg(&real.folder);
        npm.arg(format!("{package}@{version}")).current_dir(&real.folder).kill_on_drop(true);
        let fetched = tokio::time::timeout(PATIENCE, npm.output()).await;
        if matches!(fetched, Ok(Ok(output)) if output.status.success()) {
            return Some(real);
        }
        eprintln!("未检查: {package} {version} could not be fetched");
        None
    }

    fn program(&self, file: &str) -> PathBuf {
        self.folder.join("node_modules").join(self.package).join(file)
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whatever runs this has left a file, which the build then names; not what runs the build, which may do what it wants.
const EVIL: &str = "if (!process.argv.includes('run')) require('fs').writeFileSync('/work/ran', '');
    module.exports = { name: 'x', factory: () => ({}) }";

const BUILD: &str = "const fs = require('fs'); if (fs.existsSync('ran')) console.log('IT RAN'); fs.mkdirSync('build');
    fs.copyFileSync('page.html', 'build/index.html'); fs.writeFileSync('build/a.css', ''); fs.writeFileSync('build/a.js', '1')";

/// With this lock file, and these files beside it; its manifest says this, too.
fn package(lock: (&str, &str), more: &str, files: &[(&str, &str)]) -> Vec<u8> {
    let scripts =
        r#""build":"node build.js","preinstall":"node x.cjs","postinstall":"node x.cjs","prepare":"node x.cjs""#;
    let manifest = format!(r#"{{"name":"a","version":"1.0.0",{more}"scripts":{{{scripts}}}}}"#);
    let mut all =
        vec![("package.json", manifest.as_str()), lock, ("build.js", BUILD), ("page.html", PAGE), ("x.cjs", EVIL)];
    all.retain(|(name, _)| files.iter().all(|(other, _)| other != name));
    all.extend_from_slice(files);
    zip(&all)
}

/// Builds each with this tool; what the stage says, and the log.
async fn built(set: impl Fn(&mut crate::Workshop), packages: &[Vec<u8>]) -> Vec<(StageStatus, String, String)> {
    let w = World::new(On::Sqlite).await;
    let engine = w.another_engine(true).await.unwrap().with_workshop(set);
    let bus = w.hosted("杭州公交查询").await;
    let mut all = Vec::new();
    for (n, package) in packages.iter().enumerate() {
        let id = w.uploads_zip(bus, &format!("1.0.{n}"), package).await;
        let alone = BUILDING.lock().await;
        while pipeline::run_next(&engine).await.unwrap() {}
        drop(alone);
        all.push((w.statuses(id).await[1], w.sentence(id, Stage::Build).await, w.log(id, Stage::Build).await));
    }
    engine.close().await;
    w.end().await;
    all
}

fn all_pass_and_nothing_ran(built: Vec<(StageStatus, String, String)>) {
    for (status, sentence, log) in built {
        assert_eq!(status, StageStatus::Passed, "{sentence}\n{log}");
        assert!(!log.contains("IT RAN"), "{log}");
    }
}

const PNPM: &str = "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n";

#[tokio::test]
async fn pnpm_runs_nothing_of_the_package_while_it_installs() {
    let Some(pnpm) = Real::fetched("pnpm", "10.34.9").await else { return };
    let lock = format!("{PNPM}\nimporters:\n\n  .: {{}}\n");
    // As pnpm writes it where there are hooks.
    let hooked = format!(
        "{PNPM}\npnpmfileChecksum: sha256-serXuE8SlsjWslW68TyBv0qJb4m+/Cdu96TWy6fssSY=\n\nimporters:\n\n  .: {{}}\n"
    );
    let (lock, hooked) = (("pnpm-lock.yaml", lock.as_str()), ("pnpm-lock.yaml", hooked.as_str()));
    let npmrc = "pnpmfile=x.cjs\nglobal-pnpmfile=x.cjs\nignore-pnpmfile=false\nignore-scripts=false\n";
    let workspace = "packages: ['.']\npnpmfile: x.cjs\nglobalPnpmfile: x.cjs\nignorePnpmfile: false\nignoreScripts: false\ndangerouslyAllowAllBuilds: true\n";
    let packages = [
        package(lock, "", &[(".pnpmfile.cjs", EVIL)]),
        package(hooked, "", &[(".pnpmfile.cjs", EVIL)]),
        package(lock, "", &[(".npmrc", npmrc)]),
        package(lock, "", &[("pnpm-workspace.yaml", workspace)]),
        package(
            lock,
            r#""packageManager":"pnpm@9.15.0","#,
            &[(
                "pnpm-workspace.yaml",
                "packages: ['.']\nmanagePackageManagerVersions: true\npackageManagerStrictVersion: true\n",
            )],
        ),
        package(lock, r#""packageManager":"pnpm@https://registry.npmjs.org/pnpm/-/pnpm-9.0.0.tgz","#, &[]),
    ];
    all_pass_and_nothing_ran(built(|s| s.pnpm = pnpm.program("bin/pnpm.cjs"), &packages).await);
}

#[tokio::test]
async fn yarn_1_runs_nothing_of_the_package_while_it_installs() {
    let Some(yarn) = Real::fetched("yarn", "1.22.22").await else { return };
    let lock = ("yarn.lock", "# yarn lockfile v1\n\n\n");
    let packages = [
        package(lock, "", &[(".yarnrc", "yarn-path \"./x.cjs\"\n--install.ignore-scripts false\n")]),
        package(lock, "", &[(".yarnrc.yml", "yarnPath: ./x.cjs\nplugins: [./x.cjs]\n")]),
        package(lock, r#""packageManager":"yarn@https://registry.npmjs.org/yarn/-/yarn-1.0.0.tgz","#, &[]),
    ];
    all_pass_and_nothing_ran(built(|s| s.yarn = yarn.program("bin/yarn.js"), &packages).await);
    // It would run what prepares a dependency out of git, wherever that is.
    let git = package(lock, r#""dependencies":{"x":"git+ssh://git@127.0.0.1/x.git#main"},"#, &[]);
    let said = built(|s| s.yarn = yarn.program("bin/yarn.js"), &[git]).await;
    is_refused_by_git(&said[0]);
}

const BERRY: &str = "# This file is generated by running \"yarn install\" inside your project.\n# Manual changes might be lost - proceed with caution!\n\n\
    __metadata:\n  version: 10\n  cacheKey: 10c0\n\n\"a@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"a@workspace:.\"\n  \
    languageName: unknown\n  linkType: soft\n";

#[tokio::test]
async fn yarn_4_runs_nothing_of_the_package_while_it_installs() {
    let Some(yarn) = Real::fetched("@yarnpkg/cli-dist", "4.18.1").await else { return };
    let set = |s: &mut crate::Workshop| s.yarn_berry = yarn.program("bin/yarn.js");
    let lock = ("yarn.lock", BERRY);
    let variables = "YARN_PLUGINS=./x.cjs\nYARN_IGNORE_PATH=0\nYARN_ENABLE_CONSTRAINTS_CHECKS=true\n";
    let packages = [
        package(lock, "", &[(".yarnrc.yml", "yarnPath: ./x.cjs\nenableScripts: true\n")]),
        // Constraints are a program.
        package(lock, "", &[(".yarnrc.yml", "enableConstraintsChecks: true\n"), ("yarn.config.cjs", EVIL)]),
        package(lock, "", &[(".env.yarn", variables), ("yarn.config.cjs", EVIL)]),
        package(lock, "", &[(".pnp.cjs", EVIL), (".pnp.loader.mjs", "")]),
        package(lock, r#""packageManager":"yarn@https://registry.npmjs.org/yarn/-/yarn-1.0.0.tgz","#, &[]),
    ];
    all_pass_and_nothing_ran(built(set, &packages).await);
    let exec = package(lock, r#""dependencies":{"g":"exec:./x.cjs"},"dependenciesMeta":{"g":{"built":true}},"#, &[]);
    let plugin =
        package(lock, "", &[(".yarnrc.yml", "plugins:\n  - .yarn/plugins/x.cjs\n"), (".yarn/plugins/x.cjs", EVIL)]);
    for (status, sentence, log) in built(set, &[exec, plugin]).await {
        assert_eq!(status, StageStatus::Failed, "{log}");
        assert!(sentence.contains("安装依赖时会运行包里的程序，平台不允许"), "{sentence}");
        assert!(!log.contains("$ yarn"), "{log}");
    }
}

#[tokio::test]
async fn npm_runs_no_git_of_the_package() {
    if !can_be_kept_in("npm").await {
        return;
    }
    let on = r#""dependencies":{"x":"git+ssh://git@127.0.0.1/x.git#main"},"#;
    let git = package(("notes.txt", ""), on, &[(".npmrc", "git=./x.cjs\nignore-scripts=false\n")]);
    is_refused_by_git(&built(|_| (), &[git]).await[0]);
}

fn is_refused_by_git((status, sentence, log): &(StageStatus, String, String)) {
    assert_eq!(*status, StageStatus::Failed, "{log}");
    assert!(sentence.starts_with("有依赖直接取自 git 仓库"), "{sentence}\n{log}");
    assert!(!log.contains("x.cjs"), "{log}");
    if log.contains("ENOENT") || log.contains("Couldn't find the binary git") {
        eprintln!("未检查: git is not installed");
    } else {
        assert!(log.contains("transport 'ssh' not allowed"), "{log}");
    }
}
