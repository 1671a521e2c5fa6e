//! `server restore`: a backup into an empty place. Nothing that is there is ever overwritten, and what fails leaves no database.
//!
//! Files first, each checked by its hash; then the database with all that is known of it, migrated, and relieved of what must not
//! come back to life; its last step is what makes the place one. Start reading at [`restore`].

use super::{AT_ONCE, BackupError, DATABASE, FILES, FORMAT, MANIFEST, Manifest, Result, list};
use crate::audit::{self, Event};
use crate::clock::Clock;
use crate::ctx::Ctx;
use crate::files::Files;
use crate::files::copy::sum_of;
use crate::store::restore::{self as store, Restoring};
use crate::store::restored;
use crate::store::snapshot::Kind;
use domain::UtcMillis;
use futures_util::TryStreamExt;
use list::Line;
use serde_json::json;
use std::fs::TryLockError;
use std::path::Path;

/// What came back.
#[derive(Debug)]
pub struct Restored {
    /// The backup's.
    pub manifest: Manifest,
    /// What was not brought back to life: its name, and how many.
    pub ended: Vec<(&'static str, u64)>,
}

/// Puts a backup into the empty place of this address and these files.
///
/// # Errors
/// See [`BackupError`]. After files were copied they say of themselves that they are not whole: nobody serves from them, and
/// another restore may begin there.
pub async fn restore(folder: &Path, address: &str, files: &Files, clock: &Clock) -> Result<Restored> {
    let _held = hold(folder)?;
    let manifest = read(folder)?;
    fits(&manifest, address)?;
    list::check(folder, &manifest.list).await?;
    if let Some(what) = store::in_the_way(address).await? {
        return Err(BackupError::PlaceNotEmpty(what));
    }
    if !files.may_be_restored().await? {
        return Err(BackupError::PlaceNotEmpty("the folder of files has some".to_owned()));
    }
    files.set_unfinished(true).await?;
    each(folder, |line| copy_or_check(folder, files, line)).await?;
    let mut database = Box::pin(Restoring::load(address, &manifest.database, &folder.join(DATABASE))).await?;
    check(&mut database, &manifest).await?;
    Box::pin(database.migrate()).await?;
    let ended = lay_to_rest(&mut database, &manifest, clock).await?;
    files.sync().await?;
    files.set_unfinished(false).await?;
    if let Err(error) = database.commit().await {
        files.set_unfinished(true).await?;
        return Err(error.into());
    }
    Ok(Restored { manifest, ended })
}

/// No server removes the backup while what is returned is there. A disk that knows no locks is read all the same, and what is no
/// backup is refused by [`read`].
pub(super) fn hold(folder: &Path) -> Result<Option<std::fs::File>> {
    let Ok(manifest) = std::fs::File::open(folder.join(MANIFEST)) else { return Ok(None) };
    match manifest.try_lock_shared() {
        Ok(()) => Ok(Some(manifest)),
        Err(TryLockError::WouldBlock) => Err(BackupError::Busy(folder.to_owned())),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

pub(super) fn read(folder: &Path) -> Result<Manifest> {
    let damaged = |what: String| BackupError::Damaged { file: MANIFEST.to_owned(), what };
    let text = match std::fs::read(folder.join(MANIFEST)) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Err(BackupError::NotWhole(folder.to_owned()));
        }
        other => other.map_err(|cause| damaged(cause.to_string()))?,
    };
    // Its form may be one that is not known here: so that is asked first.
    let any: serde_json::Value = serde_json::from_slice(&text).map_err(|cause| damaged(cause.to_string()))?;
    if any["format"].as_u64().is_some_and(|format| format > FORMAT.into()) {
        return Err(BackupError::Newer(any["version"].as_str().unwrap_or("?").to_owned()));
    }
    serde_json::from_value(any).map_err(|cause| damaged(cause.to_string()))
}

fn fits(manifest: &Manifest, address: &str) -> Result<()> {
    let kind = manifest.database.kind;
    if store::kind_of(address)? != kind {
        return Err(match kind {
            Kind::Sqlite => BackupError::OtherDatabase("SQLite", "leave --database-url (DATABASE_URL) away"),
            Kind::Postgres => {
                BackupError::OtherDatabase("PostgreSQL", "set --database-url (DATABASE_URL) to an empty database")
            }
        });
    }
    if manifest.database.schema > store::newest_schema(kind) {
        return Err(BackupError::Newer(manifest.version.clone()));
    }
    Ok(())
}

/// Does it with every file of the backup, several at once.
pub(super) async fn each<F: Future<Output = Result<()>>>(folder: &Path, with: impl Fn(Line) -> F) -> Result<()> {
    list::lines(folder).await?.try_for_each_concurrent(AT_ONCE, with).await
}

/// Files go to their place; the database's are looked at, and loaded afterwards.
async fn copy_or_check(folder: &Path, files: &Files, line: Line) -> Result<()> {
    let from = folder.join(&line.name);
    let is_it = match line.name.strip_prefix(FILES).and_then(|rest| rest.strip_prefix('/')) {
        Some(place) => Box::pin(files.copy_in(&from, place, &line.sum)).await?,
        None => sum_of(&from).await.map_err(super::io(&from))? == line.sum,
    };
    let what = "it is not what was backed up: its hash is another";
    if is_it { Ok(()) } else { Err(BackupError::Damaged { file: line.name, what: what.to_owned() }) }
}

/// The rows are those that were counted, and the audit log is whole.
async fn check(database: &mut Restoring, manifest: &Manifest) -> Result<()> {
    let damaged = |what: String| BackupError::Damaged { file: DATABASE.to_owned(), what };
    if let Some(what) = database.differs(&manifest.database).await? {
        return Err(damaged(what));
    }
    audit::first_broken(database.conn()).await?.map_or(Ok(()), |row| Err(BackupError::AuditBroken(row)))
}

/// Ends what must not come back to life, and notes in the audit log that all of this came from a backup.
async fn lay_to_rest(database: &mut Restoring, manifest: &Manifest, clock: &Clock) -> Result<restored::Ended> {
    let ctx = Ctx::of_the_clock(clock.now(), "restore");
    database.begin();
    let conn = database.conn();
    let ended = restored::lay_to_rest(conn, ctx.now).await?;
    let named = |what: &str| what.to_lowercase().replace([' ', '-'], "_");
    let counts: serde_json::Map<_, _> = ended.iter().map(|(what, n)| (named(what), json!(n))).collect();
    let backed_up_at = UtcMillis(manifest.made_at).local_text();
    let detail = json!({ "backed_up_at": backed_up_at, "seq": manifest.audit_event(), "ended": counts });
    audit::append(conn, &ctx, &Event { detail, ..Event::done("installation.restore", "installation", "") }).await?;
    Ok(ended)
}
