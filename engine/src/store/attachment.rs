//! Files that people stored with a form's draft.

use super::{Conn, StoreResult, on};
use domain::fields::files::FileKind;
use domain::{PersonId, UtcMillis};
use sqlx_macros::FromRow;

/// A stored file, by its first bytes.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct AttachmentRow {
    kind: String,
    size: i64,
}

impl AttachmentRow {
    pub(crate) fn kind(&self) -> Option<FileKind> {
        [FileKind::Pdf, FileKind::Png, FileKind::Jpg].into_iter().find(|kind| id(*kind) == self.kind)
    }

    /// Bytes.
    pub(crate) fn size(&self) -> u64 {
        u64::try_from(self.size).unwrap_or_default()
    }
}

fn id(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "pdf",
        FileKind::Png => "png",
        FileKind::Jpg => "jpg",
    }
}

/// The file that this person stored.
pub(crate) async fn of(conn: &mut Conn, person: PersonId, hash: &str) -> StoreResult<Option<AttachmentRow>> {
    const SQL: &str = "SELECT kind, size FROM attachment WHERE person_id = $1 AND hash = $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(person.0).bind(hash).fetch_optional(c).await?))
}

/// Notes that this person stored a file; the same one again is the same.
pub(crate) async fn insert(
    conn: &mut Conn,
    person: PersonId,
    hash: &str,
    kind: FileKind,
    size: u64,
    now: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO attachment (person_id, hash, kind, size, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (person_id, hash) DO UPDATE SET at = $5";
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    on!(conn, c => sqlx::query(SQL)
        .bind(person.0)
        .bind(hash)
        .bind(id(kind))
        .bind(size)
        .bind(now.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
