//! The smoke test: `index.html` and every asset that it names, through the same resolution as the host's, in this process
//! (`*.localhost` does not resolve here; design.md, Security).

use super::line::Step;
use crate::error::Result;
use crate::hosting::manifest::Manifest;

/// Tries; the addresses that do not open, but without which the page is shown. `Err`: what it needs does not open, in a sentence.
pub(super) async fn test(step: &Step, manifest: &Manifest) -> Result<std::result::Result<Vec<String>, String>> {
    let Some(page) = manifest.resolve("/") else {
        return Ok(Err("首页 index.html 打不开。请检查输出文件夹。".to_owned()));
    };
    let Some(bytes) = step.engine.files().get(&page.entry.sha256).await? else {
        return Ok(Err("首页 index.html 的内容不在。请重新运行。".to_owned()));
    };
    let html = String::from_utf8_lossy(&bytes);
    let mut missed = Vec::new();
    for asset in checks::assets(&html) {
        let found = match local_path(&asset.address) {
            None => continue,
            // The host makes it; a page in the root may name it relatively.
            Some(path) if path.trim_start_matches("./").trim_start_matches('/') == "app-env.js" => true,
            Some(path) => match manifest.resolve(path) {
                // A page instead of a script is what a wrong address gets.
                Some(found) if !found.fallback => step.engine.files().has(&found.entry.sha256).await?,
                _ => false,
            },
        };
        let word = if found { "200" } else { "404" };
        step.log.line(&format!("{word} {}", asset.address));
        if !found && asset.needed {
            return Ok(Err(format!(
                "首页引用的“{}”不存在。请检查构建的资源路径（base），或把文件放进包里。",
                asset.address
            )));
        }
        if !found {
            missed.push(asset.address);
        }
    }
    Ok(Ok(missed))
}

/// The path of an address of our own, from the root; external ones are 外链检查's.
fn local_path(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let external = path.starts_with("//") || path.split('/').next().is_some_and(|first| first.contains(':'));
    (!external && !path.is_empty()).then_some(path)
}
