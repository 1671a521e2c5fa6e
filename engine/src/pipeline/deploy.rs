//! 部署测试环境: compressed variants, the manifest (`bundle/<bundle>`, written last), a smoke test, a preview's label.

use super::bundle::{self, Built, BuiltFile};
use super::line::Step;
use super::outcome::Verdict;
use super::{evidence, new_label, preview_until, smoke};
use crate::error::{Error, Result};
use crate::hosting::manifest::{self, Entry, Manifest, Variant};
use crate::store::{job, preview};
use bytes::Bytes;
use domain::view::version::StageOutcome;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::io::Write;
use tokio::sync::Semaphore;

/// Shorter texts are sent as they are. Bytes.
const WORTH: u64 = 1024;

/// Compression levels at deploy; brotli 11 comes later, in the background.
const GZIP: u32 = 6;
const BROTLI: i32 = 5;

/// Files compressed at once: each is in memory meanwhile, thrice.
const AT_ONCE: usize = 2;

/// Runs it.
pub(super) async fn run(step: &Step) -> Result<Verdict> {
    let missing = || Error::Work("the bundle is not kept".to_owned());
    let hash = step.version.bundle.clone().ok_or_else(missing)?;
    let manifest = match manifest::of(step.engine.files(), &hash).await? {
        // Made by an earlier version with the same content, or before the server died.
        Some(manifest) => manifest,
        None => make(step, &hash, bundle::of(step, &hash).await?.ok_or_else(missing)?).await?,
    };
    if let Err(sentence) = smoke::test(step, &manifest).await? {
        return Ok(Verdict::failed(sentence));
    }
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
    Ok(Verdict::passed(format!("已部署 {} 个文件，首页和引用的资源都能打开。", manifest.files.len())).with(outcome))
}

async fn make(step: &Step, hash: &str, built: Built) -> Result<Manifest> {
    // From far away many files come and go at once.
    let (turns, at_once) = (Semaphore::new(AT_ONCE), step.engine.files().at_once().max(AT_ONCE));
    let entries = stream::iter(built.files).map(|(path, file)| entry(step, path, file, &turns));
    let manifest = Manifest { files: entries.buffer_unordered(at_once).try_collect().await? };
    manifest::keep(step.engine.files(), hash, &manifest).await?;
    step.log.line(&format!("写入清单 {hash}"));
    Ok(manifest)
}

async fn entry(step: &Step, path: String, file: BuiltFile, turns: &Semaphore) -> Result<(String, Entry)> {
    let files = step.engine.files();
    let mime = manifest::mime(&path);
    let mut entry = Entry { sha256: file.sha256.clone(), size: file.size, mime: mime.to_owned(), gzip: None, br: None };
    if file.size >= WORTH && manifest::is_text(mime) {
        let missing = || Error::Work(format!("the blob {} is not kept", file.sha256));
        let bytes = files.get(&file.sha256).await?.ok_or_else(missing)?;
        let (gzip, br) = {
            let _turn = turns.acquire().await.map_err(|e| Error::Work(e.to_string()))?;
            compressed(bytes).await?
        };
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

async fn compressed(bytes: Bytes) -> Result<(Vec<u8>, Vec<u8>)> {
    let work = tokio::task::spawn_blocking(move || -> std::io::Result<_> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP));
        gzip.write_all(&bytes)?;
        let mut br = Vec::new();
        // With the default window each small file would take megabytes; below 18 the encoder takes tens of them.
        let lgwin = i32::try_from(usize::BITS - bytes.len().leading_zeros()).unwrap_or_default().clamp(18, 22);
        let parameters =
            brotli::enc::BrotliEncoderParams { quality: BROTLI, lgwin, size_hint: bytes.len(), ..Default::default() };
        brotli::BrotliCompress(&mut bytes.as_ref(), &mut br, &parameters)?;
        Ok((gzip.finish()?, br))
    });
    work.await.map_err(|e| Error::Work(e.to_string()))?.map_err(|e| Error::Work(format!("compressing: {e}")))
}
