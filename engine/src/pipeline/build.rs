//! 代码编译: a static package passes through; a source package is built in the sandbox, or was built before.

use super::bundle;
use super::failure;
use super::line::Step;
use super::outcome::{Verdict, of_report};
use super::output_check;
use super::sandbox::{self, Ended, Sandbox, Walls};
use super::source_check::package;
use super::tool::{self, Tool};
use super::unpack::unpack;
use crate::error::{Error, Result};
use crate::store::{build_result, job, version};
use crate::workshop::{MB, Workshop};
use checks::{Shape, Source};
use domain::UtcMillis;
use domain::view::version::{Dependency, StageOutcome};
use serde_json::json;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Where npm goes that is configured with nothing.
const REGISTRY: &str = "https://registry.npmjs.org/";

/// Runs it.
pub(super) async fn run(step: &Step) -> Result<Verdict> {
    let zip = package(step).await?;
    let sources = step.folder.join("work");
    let _ = tokio::fs::remove_dir_all(&sources).await;
    match unpack(&zip, &sources, &step.limits.package).await? {
        Err(bad) => Ok(Verdict::failed(bad.to_string())),
        Ok(Shape::Static) => {
            step.log.line("静态包，无需编译");
            match bundle::take(step, &sources, step.limits.package.unpacked_bytes).await? {
                Ok(bundle) => kept(step, bundle, None, "静态包，无需编译", Vec::new()).await,
                Err(sentence) => Ok(Verdict::failed(sentence)),
            }
        }
        Ok(Shape::Source(source)) => from_source(step, sources, &source).await,
    }
}

async fn from_source(step: &Step, sources: PathBuf, source: &Source) -> Result<Verdict> {
    let walls = sandbox::walls(step.engine.workshop()).await;
    let tool = match Tool::of(step.engine.workshop(), source.lock).await {
        Ok(tool) => tool,
        Err(sentence) => return Ok(Verdict::failed(sentence)),
    };
    let mut tools = tool.key();
    if walls == Ok(Walls::None) {
        // Its settings name places of the sandbox.
        if tool.guest().is_some() {
            let sentence = "服务器上没有可用的编译沙箱，只能用 npm 编译。请改用 npm（带上 package-lock.json）后重新打包，或在本地编译后上传静态包。";
            return Ok(Verdict::failed(sentence));
        }
        // What came of it is nothing to builds in a sandbox.
        tools.push_str(" 无沙箱");
        step.log.line("服务器上没有可用的编译沙箱，按系统设置（--allow-unsandboxed-builds）不用沙箱编译");
    }
    step.log.line(&tools);
    if let Some(other) = tool.other_than(source.manager.as_deref()) {
        step.log.line(&other);
    }
    let before = build_result::of(&mut step.engine.db().reader().await?, &step.version.package, &tools).await?;
    if let Some((bundle, dependencies)) = before
        && bundle::of(step, &bundle).await?.is_some()
    {
        step.log.line("同一个包用同样的工具编译过，沿用当时的结果");
        let dependencies = serde_json::from_str(&dependencies).unwrap_or_default();
        return searched(step, bundle, None, "同一个包编译过，沿用当时的结果。", dependencies).await;
    }
    let walls = match walls {
        Ok(walls) => walls,
        Err(sentence) => return Ok(Verdict::failed(sentence)),
    };
    if let Some(sentence) = tool.objection(&sources).await {
        return Ok(Verdict::failed(sentence));
    }
    tool.prepare(&sources).await?;
    let sandbox = Sandbox::new(step, sources, walls).await?.with(tool.guest())?;
    let began = step.engine.now();
    let made = match made(step, &sandbox, &tool, source).await? {
        Ok(made) => made,
        Err(sentence) => return Ok(Verdict::failed(sentence)),
    };
    let built = step.engine.now();
    let output = match output_folder(&sandbox.work, source) {
        Ok(output) => output,
        Err(sentence) => return Ok(Verdict::failed(sentence)),
    };
    match bundle::take(step, &output, step.limits.build.output).await? {
        Ok(bundle) => {
            let times = [(began, made.installed), (made.installed, built), (built, step.engine.now())];
            let [install, build, take] = times.map(|(from, to)| seconds(to.0 - from.0));
            let sentence = format!("编译成功：安装依赖 {install}，构建 {build}，收取结果 {take}。");
            searched(step, bundle, Some(tools), &sentence, made.dependencies).await
        }
        Err(sentence) => Ok(Verdict::failed(sentence)),
    }
}

/// What a build was made with, and when that was there.
struct Made {
    dependencies: Vec<Dependency>,
    installed: UtcMillis,
}

fn seconds(ms: i64) -> String {
    format!("{}.{} 秒", ms.max(0) / 1000, ms.max(0) % 1000 / 100)
}

/// Dependencies, with the registry and nothing else in reach; then the build, with nothing in reach.
async fn made(
    step: &Step,
    sandbox: &Sandbox,
    tool: &Tool,
    source: &Source,
) -> Result<std::result::Result<Made, String>> {
    // A lock file is what it was when it came: what is run meanwhile may write into it.
    let pinned = match source.lock {
        Some(_) => Some(lock(step, tool, &sandbox.work).await?),
        None => None,
    };
    let (registry, name) = (sandbox.registry(step).await?, tool.name());
    let ended = sandbox.run(step, Some(registry.way()), tool.install()).await?;
    if ended != Ended::Done {
        let how = tool.install().get(..2).unwrap_or_default().join(" ");
        let cause = |code| {
            format!(
                "安装依赖没有成功（{how}，{code}）。请查看日志：若是锁文件与 package.json 不一致，请在本地运行 {name} install 后重新打包；若是仓库暂时无法访问，请稍后重新运行。"
            )
        };
        let elsewhere = registry.led_elsewhere().filter(|_| matches!(ended, Ended::Failed(_)));
        return Ok(Err(elsewhere
            .inspect(|sentence| step.log.line(sentence))
            .unwrap_or_else(|| said(step, &ended, cause))));
    }
    drop(registry);
    let installed = step.engine.now();
    // Before the package's own programs run.
    let (lock, dependencies) = match pinned {
        Some(pinned) => pinned,
        None => lock(step, tool, &sandbox.work).await?,
    };
    if source.lock.is_none() && !lock.is_empty() {
        let hash = step.engine.files().put(lock).await?;
        step.log.line(&format!("没有锁文件：npm 选定了 {}，已保存，摘要 {hash}", chosen(&dependencies)));
    }
    let ended = sandbox.run(step, None, &[name, "run", "build"]).await?;
    if ended != Ended::Done {
        let cause = |code| {
            format!(
                "{name} run build 没有成功（{code}）。请查看日志末尾的错误，在本地改好并确认能编译后重新上传；编译时不能访问网络。"
            )
        };
        return Ok(Err(said(step, &ended, cause)));
    }
    Ok(Ok(Made { dependencies, installed }))
}

/// What `package.json` names, with the versions that were chosen: the first ones.
fn chosen(dependencies: &[Dependency]) -> String {
    const NAMED: usize = 50;
    let direct: Vec<String> =
        dependencies.iter().filter(|one| one.direct).map(|one| format!("{} {}", one.name, one.version)).collect();
    match direct.len() {
        0 => format!("{} 个依赖的版本", dependencies.len()),
        n if n > NAMED => format!("{}等 {} 个依赖的版本", direct[..NAMED].join("、"), dependencies.len()),
        _ => direct.join("、"),
    }
}

fn said(step: &Step, ended: &Ended, cause: impl Fn(String) -> String) -> String {
    let limits = &step.limits.build;
    match ended {
        Ended::Late => {
            let time = match limits.time.as_secs() {
                seconds if seconds < 60 => format!("{seconds} 秒"),
                seconds => format!("{} 分钟", seconds / 60),
            };
            format!("编译超过 {time}，已经停止。请检查构建脚本是否在等待输入或不会结束（如开发服务器、监视模式）。")
        }
        Ended::Memory => format!(
            "编译用的内存超过 {} MB，已经停止。请减少一次构建的内容，或在本地编译后上传静态包。",
            limits.memory / MB
        ),
        Ended::Disk => format!("编译写入的文件超过 {} MB，已经停止。请检查构建脚本和依赖。", limits.disk / MB),
        // Whatever the tool makes of it.
        Ended::Failed(_) if is_full(&step.folder) => {
            "服务器的磁盘已满，编译没有完成。请联系系统管理员清理磁盘，然后重新运行。".to_owned()
        }
        Ended::Failed(code) => failure::explain(&step.log.recent())
            .unwrap_or_else(|| cause(code.map_or_else(|| "被系统终止".to_owned(), |code| format!("退出码 {code}")))),
        Ended::Done => String::new(),
    }
}

/// Whether the disk of this folder has no room left.
fn is_full(folder: &Path) -> bool {
    nix::sys::statvfs::statvfs(folder).is_ok_and(|space| {
        let free = space.blocks_available().saturating_mul(space.fragment_size());
        free < MB || (space.files() > 0 && space.files_available() == 0)
    })
}

/// The registry that is set, else the one that npm is configured with.
pub(crate) async fn registry_of(workshop: &Workshop) -> String {
    match &workshop.registry {
        Some(registry) => registry.clone(),
        None => tool::said(Command::new("npm").args(["config", "get", "registry"]).current_dir("/").kill_on_drop(true))
            .await
            .filter(|address| address.starts_with("http"))
            .unwrap_or_else(|| REGISTRY.to_owned()),
    }
}

/// What a program of the machine says, outside the sandbox and away from the package.
pub(crate) async fn asked(program: &Path, arguments: &[&str]) -> Option<String> {
    tool::said(Command::new(program).args(arguments).current_dir("/").kill_on_drop(true)).await
}

/// The lock file that the tool went by, or wrote, and what it pins; empty if it can't be read.
async fn lock(step: &Step, tool: &Tool, work: &Path) -> Result<(Vec<u8>, Vec<Dependency>)> {
    let (kind, names) = tool.locks();
    let places: Vec<PathBuf> = names.iter().map(|name| work.join(name)).collect();
    let most = step.limits.package.file_bytes;
    let read = move || {
        let lock = places.iter().find_map(|file| bundle::read(file, most).ok()).unwrap_or_default();
        let pinned = checks::dependencies_of(kind, std::str::from_utf8(&lock).unwrap_or_default()).into_iter();
        let pinned = pinned.map(|d| Dependency { name: d.name, version: d.version, direct: d.direct }).collect();
        (lock, pinned)
    };
    tokio::task::spawn_blocking(read).await.map_err(|e| Error::Work(e.to_string()))
}

/// Where the result is: a real folder, not a link to somewhere else.
fn output_folder(work: &Path, source: &Source) -> std::result::Result<PathBuf, String> {
    let looked_for = source.looked_for();
    for path in &looked_for {
        let mut place = work.to_owned();
        let mut real = true;
        for part in path.split('/') {
            place.push(part);
            match std::fs::symlink_metadata(&place) {
                Ok(meta) if meta.is_dir() => {}
                Ok(_) => return Err(format!("输出位置“{path}”不是真实的文件夹（是文件或符号链接）。请检查构建脚本。")),
                Err(_) => real = false,
            }
        }
        if real {
            return Ok(place);
        }
    }
    Err(format!(
        "编译结束了，但没有找到输出文件夹（找过 {}）。请让构建输出到其中之一，或在 gbc.json 中用 outputPath 写明。",
        looked_for.join("、")
    ))
}

/// What a build put out is searched as a static package would be, before the version has it.
async fn searched(
    step: &Step,
    bundle: String,
    tools: Option<String>,
    sentence: &str,
    dependencies: Vec<Dependency>,
) -> Result<Verdict> {
    let report = output_check::run(step, &bundle).await?;
    if let Some(refused) = output_check::refusal(&report) {
        return Ok(refused);
    }
    let sentence = format!("{sentence}{}", output_check::remark(&report));
    let mut passed = kept(step, bundle, tools, &sentence, dependencies).await?;
    let dependencies = std::mem::take(&mut passed.outcome.dependencies);
    Ok(passed.with(StageOutcome { dependencies, ..of_report(&report) }))
}

/// The version has its bundle; what was built with tools is found again under them.
async fn kept(
    step: &Step,
    bundle: String,
    tools: Option<String>,
    sentence: &str,
    dependencies: Vec<Dependency>,
) -> Result<Verdict> {
    let made = tools.map(|tools| (tools, json!(dependencies).to_string()));
    let what = (step.version.id, step.version.package.clone(), bundle, made, step.engine.now(), step.renewed());
    let write = step.engine.db().write(what, |conn, s| {
        Box::pin(async move {
            let (version, package, bundle, made, now, (key, holder, until)) = &*s;
            // What a version is must not change under whoever took the job over.
            job::hold(conn, *key, *holder, *until).await?;
            if let Some((tools, dependencies)) = made {
                build_result::insert(conn, package, tools, bundle, dependencies, *now).await?;
            }
            version::set_bundle(conn, *version, bundle).await
        })
    });
    write.await?;
    Ok(Verdict::passed(sentence).with(StageOutcome { dependencies, ..StageOutcome::default() }))
}
