//! SQLite: the copied file, under another name until all is done.

use super::super::db::sqlite;
use super::super::snapshot::{SQLITE_FILE, io};
use super::super::waiting::SqliteWriter;
use super::super::{Conn, StoreError, StoreResult};
use super::{Place, Restoring};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnection, SqliteJournalMode};
use std::path::{Path, PathBuf};

pub(super) fn in_the_way(file: &Path) -> Option<String> {
    let there = |file: &Path| file.exists().then(|| format!("{} is there", file.display()));
    there(file).or_else(|| there(&beside(file, "-wal")))
}

pub(super) async fn load(file: &Path, folder: &Path) -> StoreResult<Restoring> {
    if let Some(what) = in_the_way(file) {
        return Err(StoreError::Setting(what));
    }
    let (from, to) = (folder.join(SQLITE_FILE), beside(file, ".restoring"));
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent).map_err(|cause| io(parent, &cause))?;
    }
    for left in ["", "-wal", "-shm", "-journal"] {
        // Of a restore that broke off.
        let _ = std::fs::remove_file(beside(&to, left));
    }
    tokio::fs::copy(&from, &to).await.map_err(|cause| io(&from, &cause))?;
    let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&to, owner_only).map_err(|cause| io(&to, &cause))?;
    // The write-ahead log would be one file more to put in place; the server's first start sets it.
    let options = sqlite(&to).journal_mode(SqliteJournalMode::Delete);
    let connection = SqliteConnection::connect_with(&options).await?;
    let conn = Conn::SqliteWriter(Box::new(SqliteWriter::new(connection)));
    Ok(Restoring { conn, place: Place::Sqlite(file.to_owned()) })
}

/// After what waits.
pub(super) async fn commit(conn: Conn, file: &Path) -> StoreResult<()> {
    let Conn::SqliteWriter(mut writer) = conn else { return Err(StoreError::Closed) };
    writer.ready().await?;
    writer.into_connection().close().await?;
    if let Some(what) = in_the_way(file) {
        // Somebody started a server meanwhile.
        return Err(StoreError::Setting(what));
    }
    let made = beside(file, ".restoring");
    let put = || {
        std::fs::File::open(&made)?.sync_all()?;
        std::fs::rename(&made, file)?;
        file.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
    };
    put().map_err(|cause| io(file, &cause))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
