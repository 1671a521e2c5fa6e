//! Files on the local disk, in pieces: what is large is never in memory as a whole.

use super::copy::{PIECE, Sum};
use super::hex;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, Write, sink};
use std::path::{Path, PathBuf};

/// Copies all of it; the sum of what was copied.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<Sum> {
    let (mut whole, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(Sum { sha256: hex(&whole.finalize()), size }),
            read => {
                whole.update(&piece[..read]);
                to.write_all(&piece[..read])?;
                size += read as u64;
            }
        }
    }
}

/// Copies a file; the SHA-256 of what was copied, `None` if there is no such file.
pub(super) fn fetch(from: &Path, to: &Path) -> Result<Option<String>> {
    match File::open(from) {
        Ok(mut from) => Ok(Some(copy(&mut from, &mut File::create(to)?)?.sha256)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
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
    let (unfinished, mut to) = begun(&place)?;
    let copied = copy(&mut (&mut from).take(taken.size), &mut to);
    let kept = copied.and_then(|copied| match copied == taken {
        true => std::fs::rename(&unfinished, &place),
        false => Err(Error::other("it changed while it was read")),
    });
    if kept.is_err() {
        // What can't be removed is no blob by its name.
        let _ = std::fs::remove_file(&unfinished);
    }
    kept.map(|()| taken)
}

/// A file beside this place that nobody else writes: others may take the same, in this process and in others. What a crash
/// leaves of it is no blob by its name, which is that of the object store's own unfinished files.
fn begun(place: &Path) -> Result<(PathBuf, File)> {
    let mut number = 1_u32;
    loop {
        let unfinished = place.with_file_name(format!("{}#{number}", place.file_name().unwrap_or_default().display()));
        match File::create_new(&unfinished) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            made => return made.map(|file| (unfinished, file)),
        }
    }
}

/// Until a file, and its name, are on the disk.
pub(super) fn sync(file: &Path) -> Result<()> {
    File::open(file)?.sync_all()?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
