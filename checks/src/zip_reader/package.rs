//! A zip whose directory was found good: its files, and their content one at a time.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config};

use super::directory;
use crate::bad_package::{BadPackage, shown};
use crate::limits::Limits;
use crate::progress::Watch;
use crate::shape::{self, Shape};

/// An upload whose directory, names and sizes are good and whose shape is known. Its contents are
/// read one at a time and counted while they are read.
pub struct Package<R> {
    archive: ZipArchive<R>,
    files: Vec<PackageFile>,
    enclosing: Option<String>,
    shape: Shape,
    limits: Limits,
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// The path below the enclosing folder, with `/`.
    pub path: String,
    /// Unpacked size.
    pub bytes: u64,
    /// Its number in the zip.
    index: usize,
    header: u64,
}

/// Reads the directory, checks it (packages.md: Bad input), peels off one enclosing folder and finds
/// out the shape. Contents are not unpacked here, apart from the two manifests: sizes that lie inside
/// the compressed data come out when a file is read.
///
/// # Errors
/// The zip is refused; the sentence says why.
pub fn read_package<R: Read + Seek>(
    mut reader: R,
    limits: &Limits,
    watch: &mut impl Watch,
) -> Result<Package<R>, BadPackage> {
    let entries = directory::read(&mut reader, limits, watch)?;
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let archive = ZipArchive::with_config(config, reader).map_err(|_| confusing())?;
    if archive.len() != entries.len() {
        return Err(confusing());
    }
    let mut files: Vec<PackageFile> = entries
        .into_iter()
        .enumerate()
        .filter(|(_, entry)| !entry.name.ends_with('/'))
        .map(|(index, entry)| PackageFile { path: entry.name, bytes: entry.bytes, index, header: entry.header })
        .filter(|file| !is_clutter(&file.path))
        .collect();
    if files.is_empty() {
        return Err(BadPackage::Empty);
    }
    if let Some(file) = files.iter().find(|file| is_archive_name(&file.path)) {
        return Err(BadPackage::Nested { entry: shown(&file.path) });
    }
    let enclosing = peel(&mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut package = Package { archive, files, enclosing, shape: Shape::Static, limits: limits.clone() };
    package.shape = shape::find(&mut package)?;
    Ok(package)
}

impl<R> Package<R> {
    /// The files, sorted by path. Folders are not listed, nor what Finder and Explorer leave behind.
    pub fn files(&self) -> &[PackageFile] {
        &self.files
    }

    /// Source or static.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The one enclosing folder that was peeled off.
    pub fn enclosing(&self) -> Option<&str> {
        self.enclosing.as_deref()
    }

    /// The file at this path.
    pub fn find(&self, path: &str) -> Option<PackageFile> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at).cloned()
    }
}

impl<R: Read + Seek> Package<R> {
    /// Gives the reader back.
    pub fn into_inner(self) -> R {
        self.archive.into_inner()
    }

    /// The content of one file, whole (at most `file_bytes`).
    ///
    /// # Errors
    /// Its size or checksum is not what the zip says, or it is an archive.
    pub fn read(&mut self, file: &PackageFile) -> Result<Vec<u8>, BadPackage> {
        let mut out = Vec::with_capacity(usize::try_from(file.bytes.min(1 << 20)).unwrap_or_default());
        self.copy(file, |chunk| {
            out.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(out)
    }

    /// Hands the content of one file on in pieces of at most 64 KB. What was handed on is worth nothing
    /// unless this answers `Ok`: the size and the checksum are known only at the end.
    ///
    /// # Errors
    /// Its size or checksum is not what the zip says, it is an archive, or `sink` failed.
    pub fn copy(
        &mut self,
        file: &PackageFile,
        mut sink: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<(), BadPackage> {
        let lies = || BadPackage::Lies { entry: shown(&file.path) };
        let mut content = self.archive.by_index(file.index).map_err(|_| lies())?;
        if content.header_start() != file.header || content.size() != file.bytes || file.bytes > self.limits.file_bytes
        {
            return Err(confusing());
        }
        let mut buffer = vec![0; 64 * 1024];
        let mut left = file.bytes;
        let mut first = true;
        loop {
            let read = content.read(&mut buffer).map_err(|_| lies())?;
            let chunk = buffer.get(..read).unwrap_or_default();
            if chunk.is_empty() {
                return if left == 0 { Ok(()) } else { Err(lies()) };
            }
            if std::mem::take(&mut first) && is_archive(&file.path, chunk) {
                return Err(BadPackage::Nested { entry: shown(&file.path) });
            }
            left = left.checked_sub(read as u64).ok_or_else(lies)?;
            sink(chunk).map_err(|_| BadPackage::Unreadable)?;
        }
    }
}

/// The two readers disagree: somebody built the zip so that they would.
fn confusing() -> BadPackage {
    BadPackage::Damaged { what: "目录与内容不一致".to_owned() }
}

/// What Finder and Explorer leave in folders; not part of the application.
fn is_clutter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "__MACOSX") || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// The one folder that all of these paths lie in.
pub fn enclosing_folder<'p>(mut paths: impl Iterator<Item = &'p str>) -> Option<&'p str> {
    let (folder, _) = paths.next()?.split_once('/')?;
    paths.all(|path| path.split_once('/').is_some_and(|(first, _)| first == folder)).then_some(folder)
}

/// Takes off the one folder that everything lies in.
fn peel(files: &mut [PackageFile]) -> Option<String> {
    let folder = enclosing_folder(files.iter().map(|file| file.path.as_str()))?.to_owned();
    for file in files {
        if let Some((_, rest)) = file.path.split_once('/') {
            file.path = rest.to_owned();
        }
    }
    Some(folder)
}

const ARCHIVES: &[&str] =
    &["zip", "jar", "war", "apk", "ipa", "hap", "rar", "7z", "tar", "tgz", "gz", "bz2", "xz", "zst", "cab", "iso"];
/// Zips by their content that an application may offer for download: forms of offices.
const DOCUMENTS: &[&str] = &["docx", "xlsx", "pptx", "odt", "ods", "odp", "ofd"];

fn is_archive_name(path: &str) -> bool {
    ARCHIVES.contains(&crate::file_kind::extension(path).as_str())
}

fn is_archive(path: &str, start: &[u8]) -> bool {
    let zip = start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06");
    let others: [&[u8]; 6] =
        [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];
    (zip && !DOCUMENTS.contains(&crate::file_kind::extension(path).as_str()))
        || others.iter().any(|magic| start.starts_with(magic))
        || start.get(257..262) == Some(b"ustar")
}
