//! Files that don't compress, as packages mostly are: what a backup has to copy.

use super::names::chance;
use crate::Engine;
use crate::error::Result;

/// Keeps so many files of so many bytes each; calls `written` after each with how many there are. They are on the disk when this returns.
///
/// # Errors
/// The file store fails.
pub async fn seed_blobs(engine: &Engine, files: u32, bytes: u32, written: impl Fn(u32)) -> Result<()> {
    for n in 0..files {
        engine.files().put_unsynced(content(n, bytes).into()).await?;
        written(n + 1);
    }
    Ok(engine.files().sync().await?)
}

/// The `n`th file: every time the same, and unlike any other.
fn content(n: u32, bytes: u32) -> Vec<u8> {
    let mut content = Vec::with_capacity(bytes as usize + 8);
    for word in 0..bytes.div_ceil(8) {
        content.extend_from_slice(&chance(n, word).to_le_bytes());
    }
    content.truncate(bytes as usize);
    content
}
