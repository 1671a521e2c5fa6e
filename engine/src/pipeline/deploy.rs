//! 部署测试环境: compressed variants, the manifest (`bundle/<bundle>`, written last), a smoke test, a preview's label.

use super::bundle::{self, Built, BuiltFile};
use super::line::Step;
use super::outcome::Verdict;
use super::{evidence, new_label, preview_until, smoke};
use crate::Engine;
use crate::child::Compressor;
use crate::error::{Error, Result};
use crate::hosting::manifest::{self, Entry, Manifest, Variant};
use crate::store::{job, preview};
use domain::view::version::StageOutcome;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// Shorter texts are sent as they are. Bytes.
const WORTH: u64 = 1024;

/// Brotli's level at deploy; what goes live is compressed once more, later ([`super::recompress`]).
const BROTLI: u8 = 5;

/// Files compressed at once.
const AT_ONCE: usize = 2;

/// Runs it.
pub(super) async fn run(step: &Step) -> Result<Verdict> {
    let missing = || Error::Work("the bundle is not kept".to_owned());
    let hash = step.version.bundle.clone().ok_or_else(missing)?;
    let manifest = match manifest::of(step.engine.files(), &hash).await? {
        // Made by an earlier version with the same content, or before the server died.
        Some(manifest) => {
            step.log.line(&format!("沿用清单 {hash}"));
            manifest
        }
        None => make(step, &hash, bundle::of(step, &hash).await?.ok_or_else(missing)?).await?,
    };
    let missed = match smoke::test(step, &manifest).await? {
        Ok(missed) => missed,
        Err(sentence) => return Ok(Verdict::failed(sentence)),
    };
    let (label, until) = (new_label(&step.engine), preview_until(&step.engine, step.engine.now()));
    step.log.line(&format!("预览地址 {}", step.engine.workshop().apps.address(&label)));
    let write = step.engine.db().write((step.version.id, label.clone(), until, step.renewed()), |conn, s| {
        Box::pin(async move {
            let (key, holder, until) = s.3;
            job::hold(conn, key, holder, until).await?;
            preview::replace(conn, s.0, &s.1, s.2).await
        })
    });
    write.await?;
    let outcome = StageOutcome { evidence: evidence::take(step, &label).await, ..StageOutcome::default() };
    Ok(Verdict::passed(deployed(manifest.files.len(), &missed)).with(outcome))
}

/// What the stage says: with the first pictures and the like that the page names and that are not there.
fn deployed(files: usize, missed: &[String]) -> String {
    /// So many are named.
    const NAMED: usize = 3;
    if missed.is_empty() {
        return format!("已部署 {files} 个文件，首页和引用的资源都能打开。");
    }
    let names = missed.iter().take(NAMED).map(|address| format!("“{address}”")).collect::<Vec<_>>().join("、");
    let more = if missed.len() > NAMED { "等" } else { "" };
    format!(
        "已部署 {files} 个文件，首页能打开；引用的 {} 个图片或其他资源不存在：{names}{more}。请检查路径。",
        missed.len()
    )
}

async fn make(step: &Step, hash: &str, built: Built) -> Result<Manifest> {
    // From far away many files come and go at once.
    let (compressors, at_once) = (Compressors::new(), step.engine.files().at_once().max(AT_ONCE));
    let entries = stream::iter(built.files).map(|(path, file)| entry(step, path, file, &compressors));
    let manifest = Manifest { files: entries.buffer_unordered(at_once).try_collect().await?, ..Manifest::default() };
    manifest::keep(step.engine.files(), hash, &manifest).await?;
    step.log.line(&format!("写入清单 {hash}"));
    Ok(manifest)
}

async fn entry(step: &Step, path: String, file: BuiltFile, compressors: &Compressors) -> Result<(String, Entry)> {
    let files = step.engine.files();
    let mime = manifest::mime(&path);
    let mut entry = Entry { sha256: file.sha256.clone(), size: file.size, mime: mime.to_owned(), gzip: None, br: None };
    if file.size >= WORTH && manifest::is_text(mime) {
        let missing = || Error::Work(format!("the blob {} is not kept", file.sha256));
        let bytes = files.get(&file.sha256).await?.ok_or_else(missing)?;
        let (gzip, br) = compressors.compress(&step.engine, &bytes).await?;
        drop(bytes);
        for (variant, place) in [(gzip, &mut entry.gzip), (br, &mut entry.br)] {
            let size = variant.len() as u64;
            if size < file.size {
                let sha256 = files.put_unsynced(variant.into()).await?;
                *place = Some(Variant { sha256, size });
            }
        }
    }
    Ok((path, entry))
}

/// The children that compress, started when they are needed.
struct Compressors {
    turns: Semaphore,
    idle: Mutex<Vec<Compressor>>,
}

impl Compressors {
    fn new() -> Self {
        Self { turns: Semaphore::new(AT_ONCE), idle: Mutex::default() }
    }

    async fn compress(&self, engine: &Engine, content: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        let _turn = self.turns.acquire().await.map_err(|e| Error::Work(e.to_string()))?;
        let idle = self.idle().pop();
        let mut compressor = idle.map_or_else(|| Compressor::start(engine, BROTLI), Ok)?;
        let compressed = compressor.compress(content).await?;
        self.idle().push(compressor);
        Ok(compressed)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Compressor>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
