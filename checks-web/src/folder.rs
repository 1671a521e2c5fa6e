//! A chosen folder as a package: what packages.md refuses is left out.

use crate::Told;
use crate::chosen::Chosen;
use checks::{Progress, Watch, builds, enclosing_folder, left_out_of};
use js_sys::Function;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::io::{Cursor, Read};
use wasm_bindgen::prelude::*;
use web_sys::Blob;
use zip::DateTime;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A package, and what of the folder is not in it.
#[wasm_bindgen]
pub struct Packed {
    zip: Vec<u8>,
    left: Vec<String>,
}

#[wasm_bindgen]
impl Packed {
    /// The folders that were left out: `node_modules`, `.git`, of a source package `build` and `dist`.
    pub fn left(&self) -> Vec<String> {
        self.left.clone()
    }

    /// A number for the zip's content: the same folder has the same, so that an upload that was broken off can go on.
    pub fn print(&self) -> f64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.zip);
        // What a time of the browser holds exactly.
        (hasher.finish() >> 16) as f64
    }

    /// The zip's bytes; the rest is gone with them.
    pub fn into_zip(self) -> Vec<u8> {
        self.zip
    }
}

/// A zip of these files, each under its path, and the same zip of the same files: by name, without their times; `told` is called with the files that are done, and all.
///
/// # Errors
/// A file can't be read any more; it is too much for a zip.
#[wasm_bindgen]
pub fn pack(files: Vec<Blob>, paths: Vec<String>, told: Function) -> Result<Packed, JsError> {
    let paths: Vec<&str> = without_enclosing(&paths);
    let read = |file: &Blob, into: &mut dyn FnMut(&mut Chosen) -> std::io::Result<()>| {
        let mut file = Chosen::new(file.clone()).map_err(|_| JsError::new("files can't be read here"))?;
        into(&mut file).map_err(JsError::from)
    };
    let mut manifest = Vec::new();
    if let Some(at) = paths.iter().position(|path| *path == "package.json") {
        read(&files[at], &mut |file| file.read_to_end(&mut manifest).map(|_| ()))?;
    }
    let source = builds(&manifest);
    let mut told = Told { told, last: 0 };
    let mut left = BTreeSet::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let all = files.len() as u64;
    // Browsers give them in the order of the disk.
    let mut in_order: Vec<(&Blob, &&str)> = files.iter().zip(&paths).collect();
    in_order.sort_by_key(|(_, path)| **path);
    let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
    for (done, (file, path)) in in_order.into_iter().enumerate() {
        let _ = told.step(Progress { files: 0, of_files: 0, bytes: done as u64, of_bytes: all });
        if let Some(folder) = left_out_of(path, source) {
            left.insert(folder.to_owned());
            continue;
        }
        zip.start_file(*path, plain)?;
        read(file, &mut |file| std::io::copy(file, &mut zip).map(|_| ()))?;
    }
    Ok(Packed { zip: zip.finish()?.into_inner(), left: left.into_iter().collect() })
}

/// One enclosing folder is peeled off, as the checks do: what lies in it decides what it is.
fn without_enclosing(paths: &[String]) -> Vec<&str> {
    let skip = enclosing_folder(paths.iter().map(String::as_str)).map_or(0, |folder| folder.len() + 1);
    paths.iter().map(|path| &path[skip..]).collect()
}
