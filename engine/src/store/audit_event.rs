//! The audit log's rows. [`crate::audit`] makes them.

use super::read::{Read, together};
pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement, Value};
use super::{Conn, Database, StoreError, StoreResult, on, waiting};
use sqlx::postgres::PgListener;
use sqlx_macros::FromRow;
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
    // The changes of one group of SQLite's writer follow each other.
    if let Conn::SqliteWriter(writer) = conn
        && let Some(head) = &writer.audit_head
    {
        return Ok(head.clone());
    }
    conn.lock_for_audit().await?;
    head(conn).await
}

/// Number and hash of the newest row; before the first one 0, and zeros.
pub(crate) async fn head(conn: &mut Conn) -> StoreResult<(i64, Vec<u8>)> {
    const SQL: &str = "SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1";
    let head: Vec<(i64, Vec<u8>)> = waiting::rows(conn, SQL, Vec::new()).await?;
    Ok(head.into_iter().next().unwrap_or((0, vec![0; 32])))
}

/// The hash of the row that tells the site from others: the first one, or the one that says that it came back from a backup, whose
/// first one is another site's, too. Before the first row zeros.
pub(crate) async fn origin(conn: &mut Conn) -> StoreResult<Vec<u8>> {
    const SQL: &str = "SELECT hash FROM audit_event
        WHERE seq = COALESCE((SELECT MAX(seq) FROM audit_event WHERE action = 'installation.restore'), 1)";
    let hash: Option<Vec<u8>> = on!(conn, c => sqlx::query_scalar(SQL).fetch_optional(c).await)?;
    Ok(hash.unwrap_or_else(|| vec![0; 32]))
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

/// On PostgreSQL each commit that appended says so here, with the number.
const CHANNEL: &str = "audit_event";

/// Hears that something was appended, by whichever process of this database.
pub(crate) struct Appended(PgListener);

impl Appended {
    /// `None` on SQLite, where no other process writes.
    pub(crate) async fn listen(db: &Database) -> StoreResult<Option<Self>> {
        let Some(pool) = db.postgres_of_one() else { return Ok(None) };
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Self(listener)))
    }

    /// Waits for the next number. `None`: the connection was lost, and is there again; some may not have been heard.
    pub(crate) async fn next(&mut self) -> StoreResult<Option<i64>> {
        Ok(self.0.try_recv().await?.and_then(|heard| heard.payload().parse().ok()))
    }
}

/// What was done to publications after `seq`, oldest first, at most `limit`.
pub(crate) async fn changes_after(conn: &mut Conn, seq: i64, limit: i64) -> StoreResult<Vec<ChangeRow>> {
    const SQL: &str = "SELECT seq, object_id, detail FROM audit_event
        WHERE seq > $1 AND object_kind = 'publication' AND result = 'done' ORDER BY seq LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(seq).bind(limit).fetch_all(c).await?))
}

/// Appends, after [`lock_head`]; whoever listens hears of it with the commit ([`Appended`]).
pub(crate) async fn insert(conn: &mut Conn, row: &AuditRow) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO audit_event (seq, at, request_id, person_id, person_name, address, action,
            object_kind, object_id, result, detail, previous_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    const AND_SAY_SO: &str = "WITH appended AS (
            INSERT INTO audit_event (seq, at, request_id, person_id, person_name, address, action, object_kind, object_id,
                result, detail, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING seq)
        SELECT pg_notify('audit_event', CAST(seq AS TEXT)) FROM appended";
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
    if let Conn::SqliteWriter(writer) = conn {
        writer.audit_head = Some((row.seq, row.hash.clone()));
    }
    let sql = if conn.is_postgres() { AND_SAY_SO } else { SQL };
    waiting::later(conn, sql, values).await
}

/// Whether one of the newest refusals was under this request's id.
pub(crate) async fn is_refused_under(conn: &mut Conn, request_id: &str) -> StoreResult<bool> {
    // It is of this moment: what refusals came since are few.
    const SQL: &str = "SELECT COUNT(*) FROM (
            SELECT request_id FROM audit_event WHERE result = 'refused' ORDER BY seq DESC LIMIT 500) AS newest
        WHERE request_id = $1";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(request_id).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Rows after `seq`, oldest first, at most `limit`.
pub(crate) async fn after(conn: &mut Conn, seq: i64, limit: i64) -> StoreResult<Vec<AuditRow>> {
    const SQL: &str = "SELECT seq, at, request_id, person_id, person_name, address, action, object_kind, object_id,
            result, detail, previous_hash, hash
        FROM audit_event WHERE seq > $1 ORDER BY seq LIMIT $2";
    on!(conn, c => sqlx::query_as(SQL).bind(seq).bind(limit).fetch_all(c).await.map_err(StoreError::from))
}

/// When this was last done to a publication; `action` is the event's name.
pub(crate) async fn last_done(conn: &mut Conn, publication: Uuid, action: &str) -> StoreResult<Option<i64>> {
    const SQL: &str = "SELECT MAX(at) FROM audit_event
        WHERE object_kind = 'publication' AND object_id = $1 AND action = $2 AND result = 'done'";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(publication.to_string()).bind(action).fetch_one(c).await?))
}

/// What was done to a publication.
#[derive(Debug, Clone)]
pub(crate) struct Deeds<'a> {
    pub(crate) publication: Uuid,
    /// The event's name.
    pub(crate) action: Option<&'static str>,
    /// A pattern of LIKE for the name of who did it, in lower case; empty: nobody.
    pub(crate) who: Option<&'a str>,
}

const BY_EVENT: KeyColumn = KeyColumn {
    below: " AND e.seq < ?",
    above: " AND e.seq > ?",
    ascending: " ORDER BY e.seq ASC LIMIT ?",
    descending: " ORDER BY e.seq DESC LIMIT ?",
};

/// A page of it, newest first (with [`Part::After`]: nearest first), at most `limit`; and how many there are, counted up to `most`.
pub(crate) async fn done_to(
    conn: &mut Conn,
    deeds: &Deeds<'_>,
    (part, limit): (Part, i64),
    most: i64,
) -> StoreResult<(Vec<AuditRow>, i64)> {
    const ROWS: &str =
        "SELECT e.seq, e.at, e.request_id, e.person_id, e.person_name, e.address, e.action, e.object_kind,
            e.object_id, e.result, e.detail, e.previous_hash, e.hash FROM audit_event AS e";
    let mut rows = deeds.narrow(Statement::starting(ROWS));
    rows.add_part(&BY_EVENT, part, limit);
    let mut number = deeds.narrow(Statement::starting("SELECT COUNT(*) FROM (SELECT 1 FROM audit_event AS e"));
    number.add(" LIMIT ?) AS found", vec![most.into()]);
    let (rows, number) = together(conn, (rows.into(), Read::<(i64,)>::from(number))).await?;
    Ok((rows, number.first().map_or(0, |(n,)| *n)))
}

impl Deeds<'_> {
    fn narrow(&self, mut statement: Statement) -> Statement {
        let id = self.publication.to_string();
        let of = " WHERE e.object_kind = 'publication' AND e.object_id = ? AND e.result = 'done'";
        statement.add(of, vec![id.as_str().into()]);
        if let Some(action) = self.action {
            statement.add(" AND e.action = ?", vec![action.into()]);
        }
        match self.who {
            Some("") => statement.add(" AND e.person_name = ''", Vec::new()),
            Some(who) => statement.add(" AND LOWER(e.person_name) LIKE ? ESCAPE '\\'", vec![who.into()]),
            None => {}
        }
        statement
    }
}
