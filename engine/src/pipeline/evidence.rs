//! Evidence: what Chromium sees of a preview, at a phone's size — a picture, the console's errors, what the policy refused
//! (packages.md, 部署测试环境).
//!
//! The page is hostile: the browser runs in the sandbox, and behind its one way out is the preview alone. Whatever goes wrong
//! here is no failure of the stage. Start at [`take`].

mod browser;
mod host;
mod seen;
#[cfg(test)]
mod tests;

use super::line::Step;
use super::sandbox::{self, Sandbox, Walls, Way};
use crate::error::{Error, Result};
use crate::hosting::{self, Found};
use crate::icon::anew;
use domain::fields::files::FileKind;
use domain::view::version::Evidence;
use std::path::{Path, PathBuf};

/// What Debian's starter of Chromium and the fonts are configured with.
const SEES: [&str; 2] = ["/etc/fonts", "/etc/chromium.d"];

/// The evidence of the preview under this label; `None`: no browser is configured, or it did not come to an end, which the log says.
pub(super) async fn take(step: &Step, label: &str) -> Option<Evidence> {
    let chromium = step.engine.workshop().chromium.clone()?;
    if let Some(sentence) = sandbox::missing(step.engine.workshop()).await {
        step.log.line(&format!("没有截图：{sentence}"));
        return None;
    }
    match looked(step, label, &chromium).await {
        Ok(evidence) => {
            let (errors, blocked) = (evidence.errors.len(), evidence.blocked.len());
            step.log.line(&format!("截图已保存；控制台错误 {errors} 条，被拦截的外部地址 {blocked} 个"));
            Some(evidence)
        }
        Err(error) => {
            tracing::warn!(error = %error, version.id = %step.version.id, "no picture of version {}", step.version.id);
            step.log.line("没有截图：浏览器没有正常结束。这不影响部署；需要时请重新运行或联系系统管理员。");
            None
        }
    }
}

async fn looked(step: &Step, label: &str, chromium: &Path) -> Result<Evidence> {
    let Found::Site(site) = hosting::find(&step.engine, label, None).await? else { return Err(Error::NotFound) };
    let folder = step.folder.join("browser");
    tokio::fs::create_dir_all(&folder).await.map_err(|e| Error::Work(format!("the browser's folder: {e}")))?;
    let sandbox = Sandbox::new(step, folder, Walls::Bubblewrap).await?;
    let way = Way::open(&step.folder, host::router(step.engine.clone(), site))?;
    let (sees, program) = (sees(chromium), chromium.to_string_lossy());
    let tool: Vec<&str> = browser::START.into_iter().chain([program.as_ref()]).chain(browser::FLAGS).collect();
    let seen = sandbox.talk(&way, &sees, &tool, browser::look).await??;
    let mut evidence = seen.evidence;
    let picture = seen.picture;
    let anew = tokio::task::spawn_blocking(move || anew::encoded(&picture, FileKind::Png)).await;
    let picture = anew.ok().flatten().ok_or_else(|| Error::Work("the browser's picture is none".to_owned()))?;
    evidence.picture = step.engine.files().put(picture).await?;
    Ok(evidence)
}

/// What the browser reads: its configuration, and its own folder, wherever it is.
fn sees(chromium: &Path) -> Vec<PathBuf> {
    let own = std::fs::canonicalize(chromium).ok().and_then(|path| path.parent().map(Path::to_owned));
    let own = own.filter(|folder| !folder.starts_with("/usr") && folder.parent().is_some());
    SEES.map(PathBuf::from).into_iter().chain(own).collect()
}
