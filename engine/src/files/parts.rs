//! The parts of an upload, read as the one file that they are, before they become one.

use super::{Files, FilesError, blocking, io, part};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::Path;
use uuid::Uuid;

/// One after the other. To be read where it may block.
pub(crate) struct Parts {
    /// Each with its size.
    files: Vec<(File, u64)>,
    at: u64,
}

impl Files {
    /// The parts of an upload, so many. Those of an object store are copied to `scratch`, a folder, where they have no name and are gone with
    /// this. `None`: one of them is not here.
    pub(crate) async fn parts(
        &self,
        upload: Uuid,
        many: usize,
        scratch: &Path,
    ) -> std::result::Result<Option<Parts>, FilesError> {
        let numbers = 0..i64::try_from(many).unwrap_or(i64::MAX);
        if let Some(folder) = &self.local {
            let places: Vec<_> = numbers.map(|number| folder.join(part(upload, number).as_ref())).collect();
            let opened = blocking(move || {
                places.iter().map(|place| sized(place)).collect::<Result<Vec<_>>>().map(Some).or_else(none)
            });
            return Ok(opened.await?.map(|files| Parts { files, at: 0 }));
        }
        let scratch = scratch.to_owned();
        let mut copy = blocking(move || nameless(&scratch, upload)).await?;
        for number in numbers {
            let Some(bytes) = self.read(&part(upload, number)).await? else { return Ok(None) };
            copy = blocking(move || copy.write_all(&bytes).map(|()| copy)).await?;
        }
        let size = copy.metadata().map_err(io)?.len();
        Ok(Some(Parts { files: vec![(copy, size)], at: 0 }))
    }
}

fn sized(place: &Path) -> Result<(File, u64)> {
    let file = File::open(place)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

fn none<T>(error: Error) -> Result<Option<T>> {
    if error.kind() == ErrorKind::NotFound { Ok(None) } else { Err(error) }
}

fn nameless(folder: &Path, upload: Uuid) -> Result<File> {
    std::fs::create_dir_all(folder)?;
    let place = folder.join(format!("parts-{upload}"));
    // Twice at once: each has its own.
    let _ = std::fs::remove_file(&place);
    let file = File::create_new(&place)?;
    std::fs::remove_file(place)?;
    Ok(file)
}

impl Parts {
    fn size(&self) -> u64 {
        self.files.iter().map(|(_, size)| size).sum()
    }
}

impl Read for Parts {
    fn read(&mut self, to: &mut [u8]) -> Result<usize> {
        let mut start = 0;
        for (file, size) in &mut self.files {
            let end = start + *size;
            if self.at < end {
                file.seek(SeekFrom::Start(self.at - start))?;
                let most = usize::try_from(end - self.at).unwrap_or(usize::MAX).min(to.len());
                let read = file.read(&mut to[..most])?;
                self.at += read as u64;
                return Ok(read);
            }
            start = end;
        }
        Ok(0)
    }
}

impl Seek for Parts {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size().checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;
    use std::io::{Read, Seek, SeekFrom};

    #[test]
    fn parts_are_read_as_one() {
        let folder = std::env::temp_dir().join(format!("irs-parts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let place = |n: usize| folder.join(n.to_string());
        let files = ["abc", "d", "", "efgh"].into_iter().enumerate();
        let files = files.map(|(n, text)| {
            std::fs::write(place(n), text).unwrap();
            (std::fs::File::open(place(n)).unwrap(), text.len() as u64)
        });
        let mut parts = Parts { files: files.collect(), at: 0 };
        let mut from = |at, many: usize| {
            let at = parts.seek(at).unwrap();
            let mut text = String::new();
            parts.by_ref().take(many as u64).read_to_string(&mut text).unwrap();
            (at, text)
        };
        assert_eq!(from(SeekFrom::Start(0), 100), (0, "abcdefgh".to_owned()));
        assert_eq!(from(SeekFrom::End(-6), 4), (2, "cdef".to_owned()));
        assert_eq!(from(SeekFrom::Current(-1), 9), (5, "fgh".to_owned()));
        assert_eq!(from(SeekFrom::Start(20), 9), (20, String::new()));
        assert!(parts.seek(SeekFrom::End(-9)).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
