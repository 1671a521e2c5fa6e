//! A file of the browser, read a piece at a time.

use js_sys::Uint8Array;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

/// Bytes that are read at once.
const PIECE: u64 = 1024 * 1024;

/// The file, and the piece of it that was read last.
pub(crate) struct Chosen {
    file: Blob,
    reader: FileReaderSync,
    size: u64,
    at: u64,
    piece: Vec<u8>,
    piece_at: u64,
}

impl Chosen {
    /// # Errors
    /// This is no worker.
    pub(crate) fn new(file: Blob) -> std::result::Result<Self, JsValue> {
        let size = file.size() as u64;
        Ok(Self { file, reader: FileReaderSync::new()?, size, at: 0, piece: Vec::new(), piece_at: 0 })
    }

    /// What is left of the piece in which the place is.
    fn here(&self) -> &[u8] {
        let from = self.at.checked_sub(self.piece_at).and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.piece.get(from..)).unwrap_or_default()
    }

    fn fill(&mut self) -> Result<()> {
        // The file was changed or taken away meanwhile.
        let gone = |_| Error::new(ErrorKind::UnexpectedEof, "the file can't be read any more");
        let end = (self.at + PIECE).min(self.size);
        let slice = self.file.slice_with_f64_and_f64(self.at as f64, end as f64).map_err(gone)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(gone)?;
        self.piece = Uint8Array::new(&buffer).to_vec();
        self.piece_at = self.at;
        Ok(())
    }
}

impl Read for Chosen {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.at >= self.size {
            return Ok(0);
        }
        if self.here().is_empty() {
            self.fill()?;
        }
        let n = self.here().read(into)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Chosen {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.size, by),
            SeekFrom::Current(by) => (self.at, by),
        };
        self.at = from.checked_add_signed(by).ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
