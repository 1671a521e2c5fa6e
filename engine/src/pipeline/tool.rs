//! Which tool builds a package, and how it is called: npm, or the pnpm or yarn whose lock file the package has, if the server has
//! it (packages.md, What a package is). Start at [`Tool::of`].
//!
//! Inside, pnpm and yarn are small scripts at the front of PATH, so that what a package's own scripts call is the same tool with the
//! same settings: the registry is ours, nothing of its own accord, and no other version of itself is fetched.

use super::brought;
use super::sandbox::{Guest, REGISTRY};
use crate::error::{Error, Result};
use crate::workshop::Workshop;
use checks::Lock;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Raised when a build would give something else from the same package and tools.
const WAY: &str = "2";

/// Where a tool is looked for that is named without a path: where the sandbox looks.
const PLACES: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];

/// What is never shown to a build.
const SHUT: [&str; 3] = ["/etc", "/home", "/root"];

/// Of pnpm. It asks for settings under the one name until version 10, under the other afterwards.
const OF_PNPM: &[(&str, &str)] = &[
    ("npm_config_store_dir", "/work/.npm-cache/pnpm"),
    ("npm_config_cache_dir", "/work/.npm-cache/pnpm-answers"),
    ("npm_config_manage_package_manager_versions", "false"),
    ("npm_config_package_manager_strict", "false"),
    ("npm_config_package_manager_strict_version", "false"),
    // What pnpm-workspace.yaml says counts more than variables: but whoever came by corepack fetches no other version.
    ("COREPACK_ROOT", "/run/irs/bin"),
    ("pnpm_config_registry", REGISTRY),
    ("pnpm_config_store_dir", "/work/.npm-cache/pnpm"),
    ("pnpm_config_cache_dir", "/work/.npm-cache/pnpm-answers"),
    ("pnpm_config_pm_on_fail", "ignore"),
    ("pnpm_config_verify_deps_before_run", "false"),
    ("pnpm_config_update_notifier", "false"),
];

/// Of the old yarn.
const OF_YARN: &[(&str, &str)] = &[
    ("YARN_REGISTRY", REGISTRY),
    ("YARN_CACHE_FOLDER", "/work/.npm-cache/yarn"),
    ("YARN_DISABLE_SELF_UPDATE_CHECK", "true"),
    // Not the yarn that the package brings, nor the version that it names.
    ("YARN_IGNORE_PATH", "1"),
    ("SKIP_YARN_COREPACK_CHECK", "1"),
];

/// Of yarn 3 and later.
const OF_BERRY: &[(&str, &str)] = &[
    ("YARN_NPM_REGISTRY_SERVER", REGISTRY),
    ("YARN_UNSAFE_HTTP_WHITELIST", "127.0.0.1"),
    ("YARN_ENABLE_SCRIPTS", "false"),
    ("YARN_ENABLE_GLOBAL_CACHE", "false"),
    ("YARN_CACHE_FOLDER", "/work/.npm-cache/yarn"),
    ("YARN_GLOBAL_FOLDER", "/work/.npm-cache/yarn-global"),
    ("YARN_ENABLE_TELEMETRY", "false"),
    // They would stand in the log as text.
    ("YARN_ENABLE_HYPERLINKS", "false"),
    ("YARN_IGNORE_PATH", "1"),
];

/// Of yarn 4 and later: the third refuses to start with a setting that it does not know.
const OF_BERRY_4: &[(&str, &str)] = &[
    ("YARN_ENABLE_HARDENED_MODE", "false"),
    // A program of the package's, which would be run after the installation.
    ("YARN_ENABLE_CONSTRAINTS_CHECKS", "false"),
];

/// The oldest yarn that reads the new lock files and is asked as we ask.
const OLDEST_BERRY: u32 = 3;

/// A tool that is there.
pub(super) struct Tool {
    /// Whose lock file there is; without one, npm.
    lock: Option<Lock>,
    /// `node v22.1.0 pnpm 10.4.1`: what a result depends on beside the package.
    versions: String,
    /// Its own version.
    version: String,
    /// Its file, if it is not npm.
    program: Option<PathBuf>,
}

impl Tool {
    /// The tool for a package with this lock file; else why it can't be built, in a sentence.
    pub(super) async fn of(workshop: &Workshop, lock: Option<Lock>) -> std::result::Result<Self, String> {
        let missing =
            |tool: &str| format!("服务器没有安装 {tool}，无法编译源码包。请联系系统管理员，或在本地编译后上传静态包。");
        let node = asked(Path::new("node"), &[]).await.ok_or_else(|| missing("Node.js"))?;
        let kind = lock.unwrap_or(Lock::Npm);
        if kind == Lock::Npm {
            let version = asked(Path::new("npm"), &[]).await.ok_or_else(|| missing("Node.js"))?;
            return Ok(Self { lock, versions: format!("node {node} npm {version}"), version, program: None });
        }
        let Some((program, version)) = there(workshop, kind).await else {
            return Err(format!(
                "源码包带有 {}，需要用 {} 编译，而服务器没有安装它。请联系系统管理员安装，或改用 npm（带上 package-lock.json）后重新打包，或在本地编译后上传静态包。",
                kind.file(),
                words(kind)
            ));
        };
        let versions = format!("node {node} {} {version}", kind.tool());
        Ok(Self { lock, versions, version, program: Some(program) })
    }

    /// What a result is found again under.
    pub(super) fn key(&self) -> String {
        format!("{} 编译方式 {WAY}", self.versions)
    }

    /// Its name, as commands have it.
    pub(super) fn name(&self) -> &'static str {
        self.lock.unwrap_or(Lock::Npm).tool()
    }

    /// How dependencies are installed: by the lock file and nothing else, if there is one; their scripts never run.
    pub(super) fn install(&self) -> &'static [&'static str] {
        match self.lock {
            None => &["npm", "install", "--ignore-scripts"],
            Some(Lock::Npm) => &["npm", "ci", "--ignore-scripts"],
            Some(Lock::Pnpm) => {
                &["pnpm", "install", "--frozen-lockfile", "--ignore-scripts", "--ignore-pnpmfile", "--prod=false"]
            }
            Some(Lock::Yarn) => {
                &["yarn", "install", "--frozen-lockfile", "--ignore-scripts", "--non-interactive", "--production=false"]
            }
            Some(Lock::YarnBerry) => &["yarn", "install", "--immutable", "--mode=skip-build"],
        }
    }

    /// What the package asks for, if that is another version of this tool than there is.
    pub(super) fn other_than(&self, asked: Option<&str>) -> Option<String> {
        let (tool, version) = asked?.split_once('@')?;
        let other = tool == self.name() && major(version) != major(&self.version);
        other.then(|| format!("package.json 指定了 {tool}@{version}，平台用 {tool} {} 编译", self.version))
    }

    /// How it comes into the sandbox; npm is there already.
    pub(super) fn guest(&self) -> Option<Guest> {
        let program = self.program.as_deref()?;
        let (settings, more): (_, &[_]) = match self.lock? {
            Lock::Npm => return None,
            Lock::Pnpm => (OF_PNPM, &[]),
            Lock::Yarn => (OF_YARN, &[]),
            Lock::YarnBerry if major(&self.version) > OLDEST_BERRY => (OF_BERRY, OF_BERRY_4),
            Lock::YarnBerry => (OF_BERRY, &[]),
        };
        let exports: String =
            settings.iter().chain(more).map(|(name, value)| format!("export {name}='{value}'\n")).collect();
        let (node, path) = (if is_script(program) { "node " } else { "" }, program.to_string_lossy());
        let script = format!("#!/bin/sh\n{exports}exec {node}'{}' \"$@\"\n", path.replace('\'', "'\\''"));
        let sees = (!program.starts_with("/usr")).then(|| whole(program));
        Some(Guest { name: self.name(), script, sees })
    }

    /// Why it can't install this package without running what it brings, in a sentence.
    pub(super) async fn objection(&self, work: &Path) -> Option<String> {
        if self.lock == Some(Lock::YarnBerry) { brought::objection(work).await } else { None }
    }

    /// Before the dependencies: the old yarn goes to the very addresses of its lock file, and pnpm wants the hooks by which its lock
    /// file was made, which are not run here; what they changed stands in it.
    pub(super) async fn prepare(&self, work: &Path) -> Result<()> {
        let Some(kind @ (Lock::Yarn | Lock::Pnpm)) = self.lock else { return Ok(()) };
        let file = work.join(kind.file());
        let failed = |e: std::io::Error| Error::Work(format!("{}: {e}", kind.file()));
        let lock = tokio::fs::read(&file).await.map_err(failed)?;
        let lock = String::from_utf8_lossy(&lock);
        let lock = match kind {
            Lock::Yarn => checks::from_one_registry(&lock, REGISTRY),
            _ => lock.split_inclusive('\n').filter(|line| !line.starts_with("pnpmfileChecksum:")).collect(),
        };
        tokio::fs::write(&file, lock).await.map_err(failed)
    }

    /// Where it says what it chose.
    pub(super) fn locks(&self) -> (Lock, &'static [&'static str]) {
        match self.lock.unwrap_or(Lock::Npm) {
            Lock::Npm => (Lock::Npm, &["npm-shrinkwrap.json", "package-lock.json"]),
            Lock::Pnpm => (Lock::Pnpm, &["pnpm-lock.yaml"]),
            yarn @ (Lock::Yarn | Lock::YarnBerry) => (yarn, &["yarn.lock"]),
        }
    }
}

/// The first number of a version; 0: it has none.
fn major(version: &str) -> u32 {
    version.split('.').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// What people call it.
fn words(lock: Lock) -> &'static str {
    match lock {
        Lock::Npm => "npm",
        Lock::Pnpm => "pnpm",
        Lock::Yarn => "yarn 1",
        Lock::YarnBerry => "yarn 3 以上",
    }
}

/// The versions of all tools of this machine, for operators; `None`: packages can't be built at all.
pub(crate) async fn tools(workshop: &Workshop) -> Option<String> {
    let mut said = Tool::of(workshop, None).await.ok()?.versions;
    for (lock, name) in [(Lock::Pnpm, "pnpm"), (Lock::Yarn, "yarn 1"), (Lock::YarnBerry, "yarn 3 or later")] {
        match there(workshop, lock).await {
            Some((_, version)) => said.push_str(&format!(", {} {version}", lock.tool())),
            None => said.push_str(&format!(", no {name}")),
        }
    }
    Some(said)
}

/// The tool's own file and its version, if it is here and of the kind that reads this lock file.
async fn there(workshop: &Workshop, lock: Lock) -> Option<(PathBuf, String)> {
    let named = match lock {
        Lock::Npm => return None,
        Lock::Pnpm => &workshop.pnpm,
        Lock::Yarn => &workshop.yarn,
        Lock::YarnBerry => &workshop.yarn_berry,
    };
    let program = found(named)?;
    let version = asked(&program, &[("COREPACK_ENABLE_NETWORK", "0"), ("YARN_IGNORE_PATH", "1")]).await?;
    let fits = match lock {
        Lock::Yarn => major(&version) < 2,
        Lock::YarnBerry => major(&version) >= OLDEST_BERRY,
        _ => true,
    };
    fits.then_some((program, version))
}

/// The real file behind a name or a path. What corepack lays in its place is none: it fetches the tool from the network.
fn found(named: &Path) -> Option<PathBuf> {
    let places: Vec<PathBuf> = match named.components().count() {
        1 => PLACES.iter().map(|place| Path::new(place).join(named)).collect(),
        _ => vec![named.to_owned()],
    };
    let real = places.iter().find_map(|place| std::fs::canonicalize(place).ok().filter(|real| real.is_file()))?;
    let is_shut = SHUT.iter().any(|place| real.starts_with(place));
    (!is_shut && !real.components().any(|part| part.as_os_str() == "corepack")).then_some(real)
}

fn is_script(program: &Path) -> bool {
    program.extension().is_some_and(|extension| ["js", "cjs", "mjs"].iter().any(|script| extension == *script))
}

/// The folder of the npm package that a program lies in, which it reads; else the program alone. Only a package of the tool itself:
/// what else has a `package.json` may hold what builds must not see.
fn whole(program: &Path) -> PathBuf {
    let is_tool = |folder: &&Path| {
        let manifest = std::fs::read(folder.join("package.json")).ok();
        let manifest = manifest.and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok());
        let name = manifest.as_ref().and_then(|manifest| manifest["name"].as_str()).unwrap_or_default();
        matches!(name, "pnpm" | "@pnpm/exe" | "yarn") || name.starts_with("@yarnpkg/")
    };
    program.ancestors().skip(1).find(is_tool).unwrap_or(program).to_owned()
}

/// The version that a tool of the machine says, outside the sandbox and away from the package.
async fn asked(program: &Path, settings: &[(&str, &str)]) -> Option<String> {
    let mut command = match is_script(program) {
        true => Command::new("node"),
        false => Command::new(program),
    };
    if is_script(program) {
        command.arg(program);
    }
    command.arg("--version").current_dir("/").envs(settings.iter().copied()).kill_on_drop(true);
    said(&mut command).await
}

/// What a command prints, if it ends well.
pub(super) async fn said(command: &mut Command) -> Option<String> {
    let output = command.output().await.ok()?;
    let said = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(said.trim().to_owned())
}
