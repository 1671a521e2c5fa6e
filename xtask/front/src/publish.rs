//! From a stage folder to the served one: compress, name by content, switch.

use crate::on_all_cores;
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Builds kept beside the current one, so that a tab opened before an update can still load its lazy parts.
const OLD_BUILDS_KEPT: usize = 2;

/// Files smaller than this gain nothing from compression (bytes).
const COMPRESS_FROM: usize = 1024;

/// Names the stage by its content, moves it to `pkg/<hash>`, and writes that path to `pkg-dir` as the last step.
pub fn switch_to(out: &Path, stage: &Path) -> Result<()> {
    let name = format!("pkg/{}", hash_of_dir(stage)?);
    let target = out.join(&name);
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::rename(stage, &target)?;
    fs::write(out.join("pkg-dir.new"), &name)?;
    fs::rename(out.join("pkg-dir.new"), out.join("pkg-dir"))?;
    drop_old_builds(&out.join("pkg"), &target)?;
    println!("front: {}", target.display());
    Ok(())
}

/// Makes `dir` exist and be empty.
pub fn empty_dir(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    Ok(())
}

/// Copies the files of `public/` to the root of the site.
pub fn copy_public(public: &Path, out: &Path) -> Result<()> {
    for file in files_in(public)? {
        if let Some(name) = file.file_name() {
            fs::copy(&file, out.join(name))?;
        }
    }
    Ok(())
}

/// Brotli and gzip beside every file of the folder that gains by it.
pub fn compress_dir(dir: &Path) -> Result<()> {
    on_all_cores(&files_in(dir)?, |file| compress(file))
}

fn compress(file: &Path) -> Result<()> {
    let worth = ["wasm", "js", "css", "json", "svg", "txt"];
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let bytes = fs::read(file)?;
    if !worth.contains(&extension) || bytes.len() < COMPRESS_FROM {
        return Ok(());
    }
    let mut packed = Vec::new();
    let options = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &options)?;
    fs::write(with_suffix(file, "br"), packed)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&bytes)?;
    fs::write(with_suffix(file, "gz"), gzip.finish()?)?;
    Ok(())
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn hash_of_dir(dir: &Path) -> Result<String> {
    let mut all = Sha256::new();
    for file in files_in(dir)? {
        all.update(file.file_name().map(|n| n.as_encoded_bytes().to_vec()).unwrap_or_default());
        all.update(Sha256::digest(fs::read(&file)?));
    }
    Ok(all.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect())
}

fn drop_old_builds(pkg: &Path, current: &Path) -> Result<()> {
    let mut old: Vec<PathBuf> = fs::read_dir(pkg)?.flatten().map(|e| e.path()).filter(|p| p != current).collect();
    old.sort_by_key(|p| fs::metadata(p).and_then(|m| m.modified()).ok());
    for dir in old.iter().rev().skip(OLD_BUILDS_KEPT) {
        fs::remove_dir_all(dir)?;
    }
    Ok(())
}

/// The plain files directly in `dir`, sorted by name.
fn files_in(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)?.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect();
    files.sort();
    Ok(files)
}
