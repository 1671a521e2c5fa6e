//! A folder as a package, as the workbench packs one: what packages.md refuses is left out.

use crate::Failure;
use checks::{builds, left_out_of};
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::DateTime;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A package, and how it came to be.
pub(crate) struct Packed {
    /// The zip.
    pub(crate) zip: Vec<u8>,
    /// Its name.
    pub(crate) name: String,
    /// Folders that were left out, and what is neither file nor folder.
    pub(crate) left: Vec<String>,
}

/// The zip at this path, or the folder there as one.
pub(crate) fn package(path: &Path) -> Result<Packed, Failure> {
    let failed = |cause| Failure::File { path: path.display().to_string(), cause };
    let whole = path.canonicalize().map_err(failed)?;
    let stem = whole.file_name().map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned());
    if !whole.is_dir() {
        return Ok(Packed { zip: std::fs::read(&whole).map_err(failed)?, name: stem, left: Vec::new() });
    }
    let source = std::fs::read(whole.join("package.json")).is_ok_and(|manifest| builds(&manifest));
    let mut folder = Folder { zip: ZipWriter::new(Cursor::new(Vec::new())), left: BTreeSet::new(), source };
    folder.add(&whole, "")?;
    let zip = folder.zip.finish().map_err(|error| Failure::Said(format!("打包失败：{error}")))?.into_inner();
    Ok(Packed { zip, name: format!("{stem}.zip"), left: folder.left.into_iter().collect() })
}

struct Folder {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    left: BTreeSet<String>,
    /// It is built on the platform.
    source: bool,
}

impl Folder {
    /// By name, so that the same folder gives the same package. Links are not followed.
    fn add(&mut self, at: &Path, below: &str) -> Result<(), Failure> {
        let failed = |cause| Failure::File { path: at.display().to_string(), cause };
        let mut entries: Vec<_> = std::fs::read_dir(at).and_then(Iterator::collect).map_err(failed)?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let name = name
                .to_str()
                .ok_or_else(|| Failure::Said(format!("文件名不是 UTF-8，请改名后再试：{}", entry.path().display())))?;
            let path = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                match left_out_of(&format!("{path}/x"), self.source) {
                    Some(left) => {
                        self.left.insert(left.to_owned());
                    }
                    None => self.add(&entry.path(), &path)?,
                }
            } else if !kind.is_file() {
                // A link could lead out of the folder.
                self.left.insert(path);
            } else {
                let bytes = std::fs::read(entry.path()).map_err(failed)?;
                let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
                let begun = self.zip.start_file(&path, plain);
                begun.map_err(|error| Failure::Said(format!("{path} 不能打包：{error}")))?;
                self.zip.write_all(&bytes).map_err(failed)?;
            }
        }
        Ok(())
    }
}
