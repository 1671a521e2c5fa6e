//! The smoke test: `index.html` and every asset that it names, through the same resolution as the host's, in this process
//! (`*.localhost` does not resolve here; design.md, Security).

use super::line::Step;
use crate::error::Result;
use crate::hosting::manifest::{Entry, Manifest};
use checks::{Asset, assets, assets_of_style};
use reqwest::Url;
use std::collections::{BTreeSet, VecDeque};

/// The root, for addresses that are put together; nobody is asked for it.
const ROOT: &str = "http://application.invalid/";

/// Style sheets that are read for what they name.
const SHEETS: usize = 100;

/// Tries; the addresses that do not open, but without which the page is shown. `Err`: what it needs does not open, in a sentence.
pub(super) async fn test(step: &Step, manifest: &Manifest) -> Result<std::result::Result<Vec<String>, String>> {
    let Some(page) = manifest.resolve("/") else {
        return Ok(Err("首页 index.html 打不开。请检查输出文件夹。".to_owned()));
    };
    let Some(html) = text(step, page.entry).await? else {
        return Ok(Err("首页 index.html 的内容不在。请重新运行。".to_owned()));
    };
    let Ok(root) = Url::parse(ROOT) else { return Ok(Ok(Vec::new())) };
    let named = assets(&html);
    let start = named.base.as_deref().and_then(|base| root.join(base).ok()).unwrap_or_else(|| root.clone());
    let (mut missed, mut seen, mut sheets) = (Vec::new(), BTreeSet::new(), 0_usize);
    let mut wanted: VecDeque<(Url, Asset)> = named.all.into_iter().map(|asset| (start.clone(), asset)).collect();
    while let Some((from, asset)) = wanted.pop_front() {
        let Some(place) = local(&root, &from, &asset.address).filter(|place| seen.insert(place.path().to_owned()))
        else {
            continue;
        };
        // A page instead of a script is what a wrong address gets.
        let found = manifest.resolve(place.path()).filter(|found| !found.fallback);
        let entry = found.map(|found| found.entry);
        // The host makes it.
        let there = match entry {
            Some(entry) => step.engine.files().has(&entry.sha256).await?,
            None => place.path() == "/app-env.js",
        };
        step.log.line(&format!("{} {}", if there { "200" } else { "404" }, asset.address));
        if !there && asset.needed {
            return Ok(Err(format!(
                "首页引用的“{}”不存在。请检查构建的资源路径（base），或把文件放进包里。",
                asset.address
            )));
        }
        match entry.filter(|_| there && asset.style && sheets < SHEETS) {
            Some(entry) => {
                sheets += 1;
                let css = text(step, entry).await?.unwrap_or_default();
                wanted.extend(assets_of_style(&css).into_iter().map(|asset| (place.clone(), asset)));
            }
            None if !there => missed.push(asset.address),
            None => {}
        }
    }
    Ok(Ok(missed))
}

async fn text(step: &Step, entry: &Entry) -> Result<Option<String>> {
    let bytes = step.engine.files().get(&entry.sha256).await?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Where an address leads that is our own; external ones are 外链检查's, and what is in the same page (`#here`) is there.
fn local(root: &Url, from: &Url, address: &str) -> Option<Url> {
    if address.starts_with('#') {
        return None;
    }
    let place = from.join(address).ok()?;
    (place.host() == root.host() && place.scheme() == root.scheme() && place.port() == root.port()).then_some(place)
}
