//! The tarballs of the npm registry, kept on this machine: another build of the same dependencies asks the registry for none of
//! them. Only this process writes here, and only what the registry said; npm compares each with its lock file besides.

use crate::error::{Error, Result};
use crate::files::hash_of;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStoreExt, WriteMultipart};
use reqwest::Response;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// All of them together, after [`sweep`]. Bytes.
const MOST: u64 = 2 * 1024 * 1024 * 1024;

/// A tarball, piece by piece.
pub(super) type Pieces = BoxStream<'static, object_store::Result<bytes::Bytes>>;

/// The folder. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tarballs(std::sync::Arc<LocalFileSystem>);

impl Tarballs {
    /// Made if it is not there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
        Ok(Self(std::sync::Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(|e| failed(&e))?)))
    }

    /// The tarball of this address, if it is here.
    pub(super) async fn get(&self, address: &str) -> Option<Pieces> {
        Some(self.0.get(&place(address)).await.ok()?.into_stream())
    }

    /// Keeps what the registry answers, whole or not at all, and gives it from here.
    pub(super) async fn keep(&self, address: &str, answer: Response) -> Result<Pieces> {
        let (place, mut pieces) = (place(address), answer.bytes_stream());
        let mut file = WriteMultipart::new(self.0.put_multipart(&place).await.map_err(|e| failed(&e))?);
        loop {
            match pieces.try_next().await {
                Ok(Some(piece)) => file.put(piece),
                Ok(None) => break,
                Err(error) => {
                    let _ = file.abort().await;
                    return Err(failed(&error));
                }
            }
        }
        file.finish().await.map_err(|e| failed(&e))?;
        Ok(self.0.get(&place).await.map_err(|e| failed(&e))?.into_stream())
    }
}

/// Removes the oldest until the rest is small enough. Blocks.
pub(in crate::pipeline) fn sweep(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<(SystemTime, u64, PathBuf)> = entries
        .filter_map(|entry| {
            let known = entry.metadata().ok()?;
            Some((known.modified().ok()?, known.len(), entry.path()))
        })
        .collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    let mut bytes = 0_u64;
    for (_, size, path) in all {
        bytes = bytes.saturating_add(size);
        if bytes > MOST {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// By the whole address: a registry's tarball never changes.
fn place(address: &str) -> ObjectPath {
    ObjectPath::from(hash_of(address.as_bytes()))
}

fn failed(error: &dyn std::error::Error) -> Error {
    Error::Work(format!("a tarball of npm's could not be kept: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{MOST, sweep};
    use std::fs::{File, create_dir_all, remove_dir_all};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn the_oldest_go_when_there_is_too_much() {
        let folder = std::env::temp_dir().join(format!("irs-tarballs-{}", std::process::id()));
        create_dir_all(&folder).unwrap();
        for (name, size, age) in [("new", MOST / 2, 1), ("middle", MOST / 2, 2), ("old", 1, 3)] {
            let file = File::create(folder.join(name)).unwrap();
            // Sparse: it takes no place on the disk.
            file.set_len(size).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(1_000_000 - age)).unwrap();
        }
        sweep(&folder);
        assert_eq!(["new", "middle", "old"].map(|name| folder.join(name).exists()), [true, true, false]);
        remove_dir_all(folder).unwrap();
    }
}
