//! The audit log's rows. [`crate::audit`] makes them.

use super::statement::Value;
use super::{Conn, StoreError, StoreResult, on, waiting};
use sqlx::FromRow;
use uuid::Uuid;

/// One row, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct AuditRow {
    /// From 1, without gaps: the order of commits.
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) request_id: String,
    pub(crate) person_id: Option<Uuid>,
    pub(crate) person_name: String,
    pub(crate) address: String,
    pub(crate) action: String,
    pub(crate) object_kind: String,
    pub(crate) object_id: String,
    pub(crate) result: String,
    pub(crate) detail: String,
    pub(crate) previous_hash: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

/// Number and hash of the newest row; until the transaction ends nobody else appends.
pub(crate) async fn lock_head(conn: &mut Conn) -> StoreResult<(i64, Vec<u8>)> {
    const SQL: &str = "SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1";
    conn.lock_for_audit().await?;
    let head: Vec<(i64, Vec<u8>)> = waiting::rows(conn, SQL, Vec::new()).await?;
    Ok(head.into_iter().next().unwrap_or((0, vec![0; 32])))
}

/// The number of the newest row; 0 when there is none.
pub(crate) async fn newest(conn: &mut Conn) -> StoreResult<i64> {
    const SQL: &str = "SELECT COALESCE(MAX(seq), 0) FROM audit_event";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).fetch_one(c).await?))
}

/// A change of a publication.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) seq: i64,
    pub(crate) object_id: String,
    pub(crate) detail: String,
}

/// What was done to publications after `seq`, oldest first, at most `limit`.
pub(crate) async fn changes_after(conn: &mut Conn, seq: i64, limit: i64) -> StoreResult<Vec<ChangeRow>> {
    const SQL: &str = "SELECT seq, object_id, detail FROM audit_event
        WHERE seq > $1 AND object_kind = 'publication' AND result = 'done' ORDER BY seq LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(seq).bind(limit).fetch_all(c).await?))
}

/// Appends.
pub(crate) async fn insert(conn: &mut Conn, row: &AuditRow) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO audit_event (seq, at, request_id, person_id, person_name, address, action,
            object_kind, object_id, result, detail, previous_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let values = vec![
        row.seq.into(),
        row.at.into(),
        row.request_id.as_str().into(),
        Value::MaybeId(row.person_id),
        row.person_name.as_str().into(),
        row.address.as_str().into(),
        row.action.as_str().into(),
        row.object_kind.as_str().into(),
        row.object_id.as_str().into(),
        row.result.as_str().into(),
        row.detail.as_str().into(),
        Value::Bytes(row.previous_hash.clone()),
        Value::Bytes(row.hash.clone()),
    ];
    waiting::later(conn, SQL, values).await
}

/// Rows after `seq`, oldest first, at most `limit`.
pub(crate) async fn after(conn: &mut Conn, seq: i64, limit: i64) -> StoreResult<Vec<AuditRow>> {
    const SQL: &str = "SELECT seq, at, request_id, person_id, person_name, address, action, object_kind, object_id,
            result, detail, previous_hash, hash
        FROM audit_event WHERE seq > $1 ORDER BY seq LIMIT $2";
    on!(conn, c => sqlx::query_as(SQL).bind(seq).bind(limit).fetch_all(c).await.map_err(StoreError::from))
}

/// What was done to an object, newest first, at most `limit`.
pub(crate) async fn done_to(conn: &mut Conn, kind: &str, id: &str, limit: i64) -> StoreResult<Vec<AuditRow>> {
    const SQL: &str = "SELECT seq, at, request_id, person_id, person_name, address, action, object_kind, object_id,
            result, detail, previous_hash, hash
        FROM audit_event WHERE object_kind = $1 AND object_id = $2 AND result = 'done' ORDER BY seq DESC LIMIT $3";
    on!(conn, c => sqlx::query_as(SQL).bind(kind).bind(id).bind(limit).fetch_all(c).await.map_err(StoreError::from))
}
