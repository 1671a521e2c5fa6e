//! Files on the local disk, in pieces: what is large is never in memory as a whole.

use super::copy::{PIECE, Sum};
use super::{FilesError, blocking, hex};
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, Write, sink};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Weak;
use uuid::Uuid;

/// Copies all of it; the sum of what was copied.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<Sum> {
    let (mut whole, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(Sum { sha256: hex(&whole.finalize()), size }),
            Ok(read) => {
                whole.update(&piece[..read]);
                to.write_all(&piece[..read])?;
                size += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Copies a file, as long as somebody waits for it; the sum of what was copied, `None` if there is no such file. Errors name both.
pub(super) fn fetch(from: &Path, to: &Path, waits: Weak<()>) -> Result<Option<Sum>> {
    let named = |cause: Error| Error::new(cause.kind(), format!("{} to {}: {cause}", from.display(), to.display()));
    match File::open(from) {
        Ok(file) => {
            let mut to = File::create(to).map_err(named)?;
            copy(&mut Awaited { file, waits }, &mut to).map(Some).map_err(named)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(named(error)),
    }
}

/// A file that is read no further when nobody waits for it: a thread can't be called off, and what it writes to may have gone to others.
struct Awaited {
    file: File,
    waits: Weak<()>,
}

impl Read for Awaited {
    fn read(&mut self, piece: &mut [u8]) -> Result<usize> {
        if self.waits.strong_count() == 0 {
            return Err(Error::other("nobody waits for it any more"));
        }
        self.file.read(piece)
    }
}

/// Keeps a file of at most so many bytes in a folder under its SHA-256, unless it is there; its sum.
pub(super) fn take(mut from: File, folder: &Path, most: u64) -> Result<Sum> {
    let taken = copy(&mut (&mut from).take(most.saturating_add(1)), &mut sink())?;
    if taken.size > most {
        return Err(Error::other("larger than it may be"));
    }
    let place = folder.join(&taken.sha256);
    if std::fs::metadata(&place).is_ok_and(|there| there.len() == taken.size) {
        return Ok(taken);
    }
    from.rewind()?;
    let mut to = Unfinished::beside(&place)?;
    let copied = copy(&mut (&mut from).take(taken.size), &mut to.file)?;
    if copied != taken {
        return Err(Error::other("it changed while it was read"));
    }
    to.becomes(&place)?;
    Ok(taken)
}

/// Keeps a part of so many bytes at this place, as it comes; its SHA-256, `None` if it has another size.
pub(super) async fn put<E: From<FilesError>>(
    place: PathBuf,
    size: u64,
    pieces: impl Stream<Item = std::result::Result<Bytes, E>>,
) -> std::result::Result<Option<String>, E> {
    let beside = place.clone();
    let begun = move || {
        beside.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        Unfinished::beside(&beside)
    };
    let mut to = blocking(begun).await?;
    let (mut whole, mut came, mut pieces) = (Sha256::new(), 0, pin!(pieces));
    while let Some(piece) = pieces.try_next().await? {
        came += piece.len() as u64;
        if came > size {
            return Ok(None);
        }
        (to, whole) = blocking(move || {
            whole.update(&piece);
            to.file.write_all(&piece)?;
            Ok((to, whole))
        })
        .await?;
    }
    if came != size {
        return Ok(None);
    }
    blocking(move || to.becomes(&place)).await?;
    Ok(Some(hex(&whole.finalize())))
}

/// Makes one blob, on the disk, of an upload's parts, which have these hashes; its SHA-256. `None`: a part is not what it was.
pub(super) fn join(folder: &Path, upload: Uuid, parts: &[String]) -> Result<Option<String>> {
    let blobs = folder.join("blob");
    let mut to = Summing { whole: Sha256::new(), to: Unfinished::beside(&blobs.join(upload.to_string()))? };
    for (number, hash) in (0_i64..).zip(parts) {
        let mut part = match File::open(folder.join(super::part(upload, number).as_ref())) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        if copy(&mut part, &mut to)?.sha256 != *hash {
            return Ok(None);
        }
    }
    let hash = hex(&to.whole.finalize());
    // Where it is there already, it is replaced by the same.
    to.to.file.sync_all()?;
    to.to.becomes(&blobs.join(&hash))?;
    File::open(blobs)?.sync_all()?;
    Ok(Some(hash))
}

/// What is written, with its hash.
struct Summing {
    whole: Sha256,
    to: Unfinished,
}

impl Write for Summing {
    fn write(&mut self, piece: &[u8]) -> Result<usize> {
        let written = self.to.file.write(piece)?;
        self.whole.update(&piece[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.to.file.flush()
    }
}

/// A file that has not its name yet, and nobody else writes: others may take the same, in this process and in others. It is gone
/// when this is, unless it got its name; what a crash leaves of it is nothing by its name, which is that of the object store's own
/// unfinished files.
struct Unfinished {
    file: File,
    /// Until it has its name.
    place: Option<PathBuf>,
}

impl Unfinished {
    fn beside(place: &Path) -> Result<Self> {
        let mut number = 1_u32;
        loop {
            let name = format!("{}#{number}", place.file_name().unwrap_or_default().display());
            let unfinished = place.with_file_name(name);
            match File::create_new(&unfinished) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                made => return made.map(|file| Self { file, place: Some(unfinished) }),
            }
        }
    }

    fn becomes(mut self, place: &Path) -> Result<()> {
        if let Some(unfinished) = &self.place {
            std::fs::rename(unfinished, place)?;
        }
        self.place = None;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(unfinished) = &self.place {
            // What can't be removed is nothing by its name.
            let _ = std::fs::remove_file(unfinished);
        }
    }
}

/// Removes a folder, which others may write into meanwhile; also if there is none.
pub(super) fn remove(folder: &Path) -> Result<()> {
    const TRIES: usize = 3;
    let mut removed = Ok(());
    for _ in 0..TRIES {
        removed = std::fs::remove_dir_all(folder);
        match &removed {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
            _ => break,
        }
    }
    removed
}

/// Until a file, and its name, are on the disk.
pub(super) fn sync(file: &Path) -> Result<()> {
    File::open(file)?.sync_all()?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
