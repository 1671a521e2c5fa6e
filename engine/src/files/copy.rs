//! Files on their way into a backup and back, piece by piece, with their hash taken on the way.
//!
//! Parts of uploads stay behind: they are not named by what is in them, are gone when their upload is over, and a part that was
//! written anew since the database was copied would not be what its row says.

use super::{Files, FilesError, blocking, failed, hex, io, local};
use futures_util::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use object_store::buffered::BufWriter;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What a backup holds: the lists of what versions are made of, and blobs. A list is written after what it names, so it is read before:
/// what it names is among the blobs.
pub(super) const KEPT: [&str; 3] = ["bundle", "built", "blob"];

/// Says, in a place that is being restored, that it is not whole.
pub(crate) const UNFINISHED: &str = "restore-unfinished";

/// Of a file at once. Bytes.
pub(super) const PIECE: usize = 256 * 1024;

/// One file: its hash, hexadecimal, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) sha256: String,
    pub(crate) size: u64,
}

/// Whether this is the place of a file that a backup holds: `blob/<hash>`, and nothing that leads elsewhere.
pub(crate) fn is_kept(place: &str) -> bool {
    place.split_once('/').is_some_and(|(kind, name)| KEPT.contains(&kind) && super::is_hash(name))
}

/// Reads all of it for its sum. Blocks.
pub(crate) fn sum(from: &mut impl std::io::Read) -> std::io::Result<Sum> {
    local::copy(from, &mut std::io::sink())
}

/// Reads a file on the local disk for its sum.
pub(crate) async fn sum_of(file: &Path) -> std::io::Result<Sum> {
    let file = file.to_owned();
    let read = tokio::task::spawn_blocking(move || local::copy(&mut std::fs::File::open(file)?, &mut std::io::sink()));
    read.await?
}

impl Files {
    /// The places of all files that a backup holds: lists first.
    pub(crate) fn kept(&self) -> BoxStream<'static, Result<String, FilesError>> {
        let store = Arc::clone(&self.store);
        let of = move |kind| store.list(Some(&ObjectPath::from(kind)));
        let found = stream::iter(KEPT.map(of)).flatten().map_ok(|object| object.location.to_string());
        // What somebody put there by hand is none of ours.
        found.try_filter(|place| std::future::ready(is_kept(place))).map_err(failed).boxed()
    }

    /// Copies the file of a place to the local disk; `None`: it is gone.
    pub(crate) async fn copy_out(&self, place: &str, to: &Path) -> Result<Option<Sum>, FilesError> {
        // From disk to disk on one thread: piece by piece through the store takes twice as long.
        if let Some(folder) = &self.local {
            let (from, to) = (folder.join(place), to.to_owned());
            let here = Arc::new(());
            let waits = Arc::downgrade(&here);
            return blocking(move || local::fetch(&from, &to, waits)).await;
        }
        let mut pieces = match self.store.get(&ObjectPath::from(place)).await {
            Ok(found) => found.into_stream(),
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let (mut whole, mut size) = (Sha256::new(), 0);
        let mut file = tokio::fs::File::create(to).await.map_err(io)?;
        while let Some(piece) = pieces.try_next().await.map_err(failed)? {
            whole.update(&piece);
            size += piece.len() as u64;
            file.write_all(&piece).await.map_err(io)?;
        }
        file.flush().await.map_err(io)?;
        Ok(Some(Sum { sha256: hex(&whole.finalize()), size }))
    }

    /// Keeps a file of the local disk at this place, if it has this sum; whether it has. On the disk only after [`Self::sync`].
    pub(crate) async fn copy_in(&self, from: &Path, place: &str, sum: &Sum) -> Result<bool, FilesError> {
        let named = |cause: std::io::Error| FilesError(format!("{}: {cause}", from.display()));
        let mut file = tokio::fs::File::open(from).await.map_err(named)?;
        // One part of a large file on its way at a time: several files are, and each part is in memory.
        let mut to = BufWriter::new(Arc::clone(&self.store), ObjectPath::from(place)).with_max_concurrency(1);
        let (mut whole, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
        loop {
            match file.read(&mut piece).await.map_err(named)? {
                0 => break,
                read => {
                    whole.update(&piece[..read]);
                    size += read as u64;
                    to.write_all(&piece[..read]).await.map_err(io)?;
                }
            }
        }
        let is_it = *sum == Sum { sha256: hex(&whole.finalize()), size };
        if is_it {
            to.shutdown().await.map_err(io)?;
        } else {
            // What was sent of a large one; a small one was not sent yet.
            let _ = to.abort().await;
        }
        Ok(is_it)
    }

    /// Whether a restore may begin here: nothing is kept, or what is there is of one that broke off.
    pub(crate) async fn may_be_restored(&self) -> Result<bool, FilesError> {
        if self.is_unfinished().await? {
            return Ok(true);
        }
        // An empty file says nothing: a bucket is tried with one.
        let empty = format!("blob/{}", super::hash_of(b""));
        let mut kept = self.kept().try_filter(|place| std::future::ready(*place != empty));
        Ok(kept.next().await.transpose()?.is_none())
    }

    /// Notes that a restore is under way, or (afterwards) that all is there.
    pub(crate) async fn set_unfinished(&self, unfinished: bool) -> Result<(), FilesError> {
        let place = ObjectPath::from(UNFINISHED);
        match unfinished {
            true => drop(self.store.put(&place, PutPayload::from_static(b"server restore")).await.map_err(failed)?),
            false => {
                self.sync().await?;
                self.store.delete(&place).await.map_err(failed)?;
            }
        }
        self.sync().await
    }

    /// Whether a restore into this place did not come to its end: nobody may serve from it.
    ///
    /// # Errors
    /// The files can't be read.
    pub async fn is_unfinished(&self) -> Result<bool, FilesError> {
        match self.store.head(&ObjectPath::from(UNFINISHED)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }
}
