//! A package onto the local disk. Names, sizes and kinds were checked by `checks`; contents are counted while they are written.

use crate::error::{Error, Result};
use checks::{BadPackage, Limits, Shape, Unwatched, read_package};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write};
use std::path::Path;

/// Unpacks to a folder that is not there yet, without the enclosing folder. `Err` inside: the package is bad.
pub(super) async fn unpack(zip: &Path, to: &Path, limits: &Limits) -> Result<Result<Shape, BadPackage>> {
    let (zip, to, limits) = (zip.to_owned(), to.to_owned(), limits.clone());
    let work = tokio::task::spawn_blocking(move || unpacked(&zip, &to, &limits));
    work.await.map_err(|e| Error::Work(e.to_string()))?.map_err(|e| Error::Work(format!("unpacking: {e}")))
}

fn unpacked(zip: &Path, to: &Path, limits: &Limits) -> std::io::Result<Result<Shape, BadPackage>> {
    std::fs::create_dir_all(to)?;
    let mut package = match read_package(BufReader::new(File::open(zip)?), limits, &mut Unwatched) {
        Ok(package) => package,
        Err(bad) => return Ok(Err(bad)),
    };
    for file in package.files().to_vec() {
        let place = to.join(&file.path);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // Nothing is ever written through what is there already.
        let mut out = OpenOptions::new().write(true).create_new(true).open(&place)?;
        let mut failed = None;
        let copied = package.copy(&file, |piece| {
            out.write_all(piece).inspect_err(|e| failed = Some(std::io::Error::new(e.kind(), e.to_string())))
        });
        match (copied, failed) {
            (_, Some(error)) => return Err(error),
            (Err(bad), None) => return Ok(Err(bad)),
            (Ok(()), None) => {}
        }
    }
    Ok(Ok(package.shape().clone()))
}
