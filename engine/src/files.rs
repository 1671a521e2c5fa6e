//! Files: content-addressed and immutable, `blob/<sha256>`, on a local disk or in an object store (design.md, Data).
//!
//! Beside the blobs lie the parts of uploads (`part/<upload>/<n>`, gone when the upload is over) and the lists of what a version
//! is made of (`built/<bundle>`, `bundle/<bundle>`): each is written last, and is the commit of what it names; `bundle` once
//! more when it names smaller variants. What an object
//! store has taken is whole and safe; a local disk has to be told to sync.

mod bucket;
mod local;
mod parts;
#[cfg(test)]
pub(crate) mod peer;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tests;

pub use bucket::{Bucket, BucketError};

pub(crate) mod copy;

pub(crate) use parts::Parts;

use self::copy::Sum;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use thiserror::Error;
use uuid::Uuid;

/// Files that are read or written at once where there are many, of an object store: it is far away.
const AT_ONCE: usize = 8;

/// A failure of the file store, as the driver says it.
#[derive(Debug, Error)]
#[error("files: {0}")]
pub struct FilesError(String);

/// A file's bytes, piece by piece.
pub type ByteStream = BoxStream<'static, Result<Bytes, FilesError>>;

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
        let made = copy::KEPT.iter().try_for_each(|kind| std::fs::create_dir_all(folder.join(kind)));
        // A crash must not take a folder from below what was synced in it.
        let safe = made.and_then(|()| File::open(folder)?.sync_all());
        safe.map_err(|e| FilesError(format!("{}: {e}", folder.display())))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
        Ok(Self { store: Arc::new(store), local: Some(folder.to_owned()) })
    }

    /// A bucket of an object store.
    ///
    /// # Errors
    /// Its settings are no good.
    pub fn bucket(bucket: &Bucket) -> Result<Self, FilesError> {
        Ok(Self { store: Arc::new(bucket.open()?), local: None })
    }

    /// Writes and looks, before anything depends on it: a store that refuses is set wrongly. One that does not answer is no
    /// reason not to start: what needs no files works without it.
    ///
    /// # Errors
    /// The store refuses.
    pub async fn try_out(&self) -> Result<(), FilesError> {
        use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
        match self.store.put(&place(&hash_of(b"")), PutPayload::default()).await {
            Ok(_) => {}
            Err(NotFound { .. }) => return Err(FilesError("there is no such bucket".to_owned())),
            Err(error @ (PermissionDenied { .. } | Unauthenticated { .. })) => return Err(failed(error)),
            Err(error) => {
                tracing::warn!(error = %failed(error), "the object store does not answer as it should");
                return Ok(());
            }
        }
        let listed = self.store.list(Some(&ObjectPath::from("part"))).try_next().await;
        listed.map_err(|_| FilesError("it takes files, but does not list them to us".to_owned()))?;
        Ok(())
    }

    /// Files that are worth having in hand at once where there are many: each is held in memory.
    pub(crate) fn at_once(&self) -> usize {
        if self.local.is_some() { 1 } else { AT_ONCE }
    }

    /// Keeps a small file and returns its SHA-256, hexadecimal. It is on the disk when this returns.
    pub(crate) async fn put(&self, bytes: Vec<u8>) -> Result<String, FilesError> {
        let hash = hash_of(&bytes);
        self.store.put(&place(&hash), PutPayload::from(bytes)).await.map_err(failed)?;
        self.sync_one("blob", &hash).await?;
        Ok(hash)
    }

    /// Keeps the file that is opened, of at most so many bytes, one of many; its sum. On the disk as [`Self::put_unsynced`] says.
    pub(crate) async fn take_unsynced(
        &self,
        open: impl FnOnce() -> std::io::Result<File> + Send + 'static,
        most: u64,
    ) -> Result<Sum, FilesError> {
        if let Some(folder) = &self.local {
            let folder = folder.join("blob");
            return blocking(move || local::take(open()?, &folder, most)).await;
        }
        let read = move || {
            let mut bytes = Vec::new();
            open()?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = blocking(read).await?;
        let size = bytes.len() as u64;
        if size > most {
            return Err(FilesError("larger than it may be".to_owned()));
        }
        Ok(Sum { sha256: self.put_unsynced(bytes.into()).await?, size })
    }

    /// Keeps one file of many. It is on the disk only after [`Self::sync`].
    pub(crate) async fn put_unsynced(&self, bytes: Bytes) -> Result<String, FilesError> {
        let hash = hash_of(&bytes);
        if !self.is_whole(&hash, bytes.len() as u64).await? {
            self.store.put(&place(&hash), PutPayload::from(bytes)).await.map_err(failed)?;
        }
        Ok(hash)
    }

    /// All that was written before is on the disk when this returns: one call for many files.
    pub(crate) async fn sync(&self) -> Result<(), FilesError> {
        let Some(folder) = self.local.clone() else { return Ok(()) };
        blocking(move || {
            let folder = File::open(folder)?;
            nix::unistd::syncfs(folder).map_err(std::io::Error::from)
        })
        .await
    }

    /// The file of this hash, whole; `None` if it is not kept.
    pub(crate) async fn get(&self, hash: &str) -> Result<Option<Bytes>, FilesError> {
        let found = self.read(&place(hash)).await?;
        if found.as_ref().is_some_and(|bytes| hash_of(bytes) != hash) {
            return Err(not_whole(hash));
        }
        Ok(found)
    }

    /// The file of this hash, or a range of it, piece by piece; `None` if it is not kept.
    pub(crate) async fn stream(&self, hash: &str, range: Option<Range<u64>>) -> Result<Option<ByteStream>, FilesError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.store.get_opts(&place(hash), options).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(failed).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Copies the file of this hash to a place on the local disk; whether it is kept.
    pub(crate) async fn fetch(&self, hash: &str, to: &Path) -> Result<bool, FilesError> {
        match self.copy_out(place(hash).as_ref(), to).await? {
            Some(copied) if copied.sha256 != hash => Err(not_whole(hash)),
            copied => Ok(copied.is_some()),
        }
    }

    /// Whether the file of this hash is kept.
    pub(crate) async fn has(&self, hash: &str) -> Result<bool, FilesError> {
        Ok(self.size(hash).await?.is_some())
    }

    /// Whether it is kept with this size: what a crash cut short before its sync is to be written again.
    async fn is_whole(&self, hash: &str, size: u64) -> Result<bool, FilesError> {
        Ok(self.size(hash).await? == Some(size))
    }

    async fn size(&self, hash: &str) -> Result<Option<u64>, FilesError> {
        match self.store.head(&place(hash)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Writes a list under the hash that it is about, as the last write: all that it names is synced first.
    pub(crate) async fn put_list(&self, kind: &'static str, hash: &str, bytes: Vec<u8>) -> Result<(), FilesError> {
        self.sync().await?;
        self.store.put(&ObjectPath::from(format!("{kind}/{hash}")), PutPayload::from(bytes)).await.map_err(failed)?;
        self.sync_one(kind, hash).await
    }

    /// The list of this kind under a hash.
    pub(crate) async fn list(&self, kind: &'static str, hash: &str) -> Result<Option<Bytes>, FilesError> {
        self.read(&ObjectPath::from(format!("{kind}/{hash}"))).await
    }

    /// Keeps a part of an upload, of so many bytes, and returns its SHA-256; `None`: it has another size. The last one of a number
    /// counts. An object store wants it whole: then it is in memory.
    pub(crate) async fn put_part<E: From<FilesError>>(
        &self,
        upload: Uuid,
        number: i64,
        size: u64,
        pieces: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Option<String>, E> {
        let place = part(upload, number);
        if let Some(folder) = &self.local {
            return local::put(folder.join(place.as_ref()), size, pieces).await;
        }
        let mut pieces = pin!(pieces);
        let mut whole = BytesMut::with_capacity(usize::try_from(size).unwrap_or(0));
        while let Some(piece) = pieces.try_next().await? {
            if (whole.len() + piece.len()) as u64 > size {
                return Ok(None);
            }
            whole.extend_from_slice(&piece);
        }
        if whole.len() as u64 != size {
            return Ok(None);
        }
        let hash = hash_of(&whole);
        self.store.put(&place, PutPayload::from(whole.freeze())).await.map_err(failed)?;
        Ok(Some(hash))
    }

    /// Makes one blob of an upload's parts, which have these hashes. `None`: a part is not (or not any more) what it was when it
    /// came.
    pub(crate) async fn join_parts(&self, upload: Uuid, parts: &[String]) -> Result<Option<String>, FilesError> {
        let Some(folder) = self.local.clone() else { return self.join_remote(upload, parts).await };
        let parts = parts.to_vec();
        blocking(move || local::join(&folder, upload, &parts)).await
    }

    /// Reads them twice, first for the hash, then for the copy, never more than a part in memory.
    async fn join_remote(&self, upload: Uuid, parts: &[String]) -> Result<Option<String>, FilesError> {
        let (mut whole, mut size) = (Sha256::new(), 0);
        for (number, hash) in (0_i64..).zip(parts) {
            let Some(bytes) = self.read(&part(upload, number)).await? else { return Ok(None) };
            if hash_of(&bytes) != *hash {
                return Ok(None);
            }
            whole.update(&bytes);
            size += bytes.len() as u64;
        }
        let hash = hex(&whole.finalize());
        if !self.is_whole(&hash, size).await? {
            let mut copy = self.store.put_multipart(&place(&hash)).await.map_err(failed)?;
            let copied = self.copy_parts(upload, parts, copy.as_mut()).await;
            if !matches!(copied, Ok(true)) {
                // What the store has got of it would stay, unseen. If it does not answer, its own rule sweeps.
                let _ = copy.abort().await;
                return copied.map(|_| None);
            }
        }
        Ok(Some(hash))
    }

    /// Whether all were still what they were. An object store wants 5 MiB of each but the last, and so many
    /// [`crate::upload::PART`] has.
    async fn copy_parts(
        &self,
        upload: Uuid,
        parts: &[String],
        copy: &mut dyn MultipartUpload,
    ) -> Result<bool, FilesError> {
        for (number, hash) in (0_i64..).zip(parts) {
            // A part may have come once more since the first reading.
            let part = self.read(&part(upload, number)).await?;
            let Some(bytes) = part.filter(|bytes| hash_of(bytes) == *hash) else { return Ok(false) };
            copy.put_part(PutPayload::from(bytes)).await.map_err(failed)?;
        }
        copy.complete().await.map_err(failed)?;
        Ok(true)
    }

    /// Removes the parts of an upload.
    pub(crate) async fn delete_parts(&self, upload: Uuid) -> Result<(), FilesError> {
        let folder = ObjectPath::from(format!("part/{upload}"));
        if let Some(local) = &self.local {
            // With what came to no end.
            let folder = local.join(folder.as_ref());
            return blocking(move || local::remove(&folder)).await;
        }
        let found: Vec<_> = self.store.list(Some(&folder)).try_collect().await.map_err(failed)?;
        for object in found {
            self.store.delete(&object.location).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn read(&self, place: &ObjectPath) -> Result<Option<Bytes>, FilesError> {
        match self.store.get(place).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(failed)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn sync_one(&self, kind: &str, hash: &str) -> Result<(), FilesError> {
        let Some(folder) = self.local.clone() else { return Ok(()) };
        let file = folder.join(kind).join(hash);
        blocking(move || local::sync(&file)).await
    }
}

/// Whether the text is a hash as [`Files`] gives them; nothing else may become part of a path.
pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// SHA-256, hexadecimal.
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place(hash: &str) -> ObjectPath {
    ObjectPath::from(format!("blob/{hash}"))
}

fn part(upload: Uuid, number: i64) -> ObjectPath {
    ObjectPath::from(format!("part/{upload}/{number}"))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, FilesError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| FilesError(e.to_string()))?.map_err(io)
}

fn io(error: std::io::Error) -> FilesError {
    error.into()
}

impl From<std::io::Error> for FilesError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

fn failed(error: object_store::Error) -> FilesError {
    FilesError(match error {
        // What the store says of a refusal repeats the key and what was signed.
        object_store::Error::PermissionDenied { path, .. } | object_store::Error::Unauthenticated { path, .. } => {
            format!(
                "the object store refuses us ({path}): the keys, what they may do in the bucket, or the clock is wrong"
            )
        }
        error => error.to_string(),
    })
}

fn not_whole(hash: &str) -> FilesError {
    FilesError(format!("blob/{hash} is not what it was when it was kept"))
}
