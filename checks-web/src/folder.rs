//! A chosen folder as a package: what packages.md refuses is left out.

use crate::chosen::Chosen;
use checks::left_out_of;
use js_sys::Function;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use wasm_bindgen::prelude::*;
use web_sys::Blob;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The folders and files that [`pack`] leaves out of these paths: `node_modules`, `.git`, of a source package `build` and `dist`.
#[wasm_bindgen]
pub fn left_out(paths: Vec<String>) -> Vec<String> {
    let source = is_source(&paths);
    paths
        .iter()
        .filter_map(|path| left_out_of(path, source))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// A zip of these files, each under its path; `told` is called with the files that are done, and all.
///
/// # Errors
/// A file can't be read any more; it is too much for a zip.
#[wasm_bindgen]
pub fn pack(files: Vec<Blob>, paths: Vec<String>, told: &Function) -> Result<Vec<u8>, JsError> {
    let source = is_source(&paths);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let all = files.len() as f64;
    for (done, (file, path)) in files.into_iter().zip(&paths).enumerate() {
        // A page that is gone hears nothing.
        let _ = told.call2(&JsValue::NULL, &JsValue::from(done as f64), &JsValue::from(all));
        if left_out_of(path, source).is_some() {
            continue;
        }
        let mut file = Chosen::new(file).map_err(|_| JsError::new("files can't be read here"))?;
        // No times: the same folder is the same package.
        zip.start_file(path.as_str(), SimpleFileOptions::default())?;
        std::io::copy(&mut file, &mut zip)?;
        zip.flush()?;
    }
    Ok(zip.finish()?.into_inner())
}

/// It is built here, so what was built elsewhere stays behind.
fn is_source(paths: &[String]) -> bool {
    paths.iter().any(|path| path == "package.json")
}
