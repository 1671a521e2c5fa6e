//! Whether what arrived is a package at all, before it is kept (packages.md, Bad input: one sentence, nothing is kept). It reads the zip
//! whole, as unpacking it will; no script is parsed here.

use crate::Engine;
use crate::error::{Error, Result};
use crate::files::copy::sum;
use crate::files::{FilesError, Parts};
use crate::limit;
use checks::{BadPackage, Limits, Unwatched, read_package};
use std::io::{BufReader, Seek};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// So many are looked through at once: each takes a core and a part of the disk's time.
static LOOKS: Semaphore = Semaphore::const_new(2);

/// What is no package.
pub(super) struct Refused {
    /// SHA-256 of it.
    pub(super) package: String,
    /// Why.
    pub(super) sentence: String,
}

/// Looks at an upload of so many parts. Outer `None`: a part is not here; inner: it is a package.
pub(super) async fn look(engine: &Engine, upload: Uuid, many: usize) -> Result<Option<Option<Refused>>> {
    let _turn = LOOKS.acquire().await;
    let workshop = engine.workshop();
    let Some(mut parts) = engine.files().parts(upload, many, &workshop.work).await? else { return Ok(None) };
    let limits = limit::present(engine, &mut engine.db().reader().await?).await?.package;
    let look = tokio::task::spawn_blocking(move || match read(&mut parts, &limits) {
        // It could not be read from the disk: it may be good.
        Ok(()) | Err(BadPackage::Unreadable) => Ok(None),
        Err(bad) => {
            parts.rewind()?;
            Ok(Some(Refused { package: sum(&mut parts)?.sha256, sentence: bad.to_string() }))
        }
    });
    let looked: std::io::Result<_> = look.await.map_err(|e| Error::Work(e.to_string()))?;
    Ok(Some(looked.map_err(FilesError::from)?))
}

fn read(parts: &mut Parts, limits: &Limits) -> Result<(), BadPackage> {
    let mut package = read_package(BufReader::new(parts), limits, &mut Unwatched)?;
    for file in package.files().to_vec() {
        package.copy(&file, |_| Ok(()))?;
    }
    Ok(())
}
