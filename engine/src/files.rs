//! Files: content-addressed and immutable, `blob/<sha256>`, on a local disk or in an object store (design.md, Data).

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// A failure of the file store, as the driver says it.
#[derive(Debug, Error)]
#[error("files: {0}")]
pub struct FilesError(String);

/// Where files are kept. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Of a local disk: what has to be synced before a row may name a file.
    local: Option<PathBuf>,
}

impl Files {
    /// A folder on a local disk, made if it is not there.
    ///
    /// # Errors
    /// It can't be made.
    pub fn local(folder: &Path) -> Result<Self, FilesError> {
        std::fs::create_dir_all(folder.join("blob")).map_err(|e| FilesError(format!("{}: {e}", folder.display())))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
        Ok(Self { store: Arc::new(store), local: Some(folder.to_owned()) })
    }

    /// Keeps a small file and returns its SHA-256, hexadecimal. It is on the disk when this returns.
    pub(crate) async fn put(&self, bytes: Vec<u8>) -> Result<String, FilesError> {
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.store.put(&place(&hash), PutPayload::from(bytes)).await.map_err(failed)?;
        if let Some(folder) = self.local.clone() {
            let file = folder.join("blob").join(&hash);
            let synced =
                tokio::task::spawn_blocking(move || sync(&file)).await.map_err(|e| FilesError(e.to_string()))?;
            synced.map_err(|e| FilesError(e.to_string()))?;
        }
        Ok(hash)
    }

    /// The file of this hash, whole; `None` if it is not kept.
    pub(crate) async fn get(&self, hash: &str) -> Result<Option<Bytes>, FilesError> {
        match self.store.get(&place(hash)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(failed)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Whether the text is a hash as [`Files`] gives them; nothing else may become part of a path.
pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn place(hash: &str) -> ObjectPath {
    ObjectPath::from(format!("blob/{hash}"))
}

fn sync(file: &Path) -> std::io::Result<()> {
    std::fs::File::open(file)?.sync_all()?;
    file.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

fn failed(error: object_store::Error) -> FilesError {
    FilesError(error.to_string())
}
