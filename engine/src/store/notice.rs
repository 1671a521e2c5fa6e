//! The inbox's rows, and the groups of people who are told.

pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement, Value};
use super::work_order::{kind, unreadable};
use super::{Conn, StoreResult, on, waiting};
use domain::view::inbox::NoticeRow;
use domain::{Occasion, OrderId, PersonId, PublicationId, UtcMillis, words};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One notice.
#[derive(Debug, Clone)]
pub(crate) struct NewNotice {
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    pub(crate) occasion: Occasion,
    /// A stock application that is being linked has the id of the publication that it will become.
    pub(crate) publication: Uuid,
    pub(crate) order: Option<Uuid>,
    pub(crate) at: UtcMillis,
}

/// Writes one.
pub(crate) async fn insert(conn: &mut Conn, new: &NewNotice) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO notice (id, person_id, occasion, publication_id, order_id, at)
        VALUES ($1, $2, $3, (SELECT id FROM publication WHERE id = $4), $5, $6)";
    let (id, person, occasion, at) = (new.id.into(), new.person.into(), new.occasion.id().into(), new.at.0.into());
    let values = vec![id, person, occasion, new.publication.into(), Value::MaybeId(new.order), at];
    waiting::later(conn, SQL, values).await
}

/// A notice in its person's inbox.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedNotice {
    pub(crate) key: i64,
    occasion: String,
    publication_id: Option<Uuid>,
    name: String,
    order_id: Option<Uuid>,
    order_kind: Option<String>,
    difference: Option<String>,
    at: i64,
    read: bool,
}

impl ListedNotice {
    /// As screens show it.
    ///
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn view(&self) -> StoreResult<NoticeRow> {
        let order = match (self.order_id, &self.order_kind) {
            (Some(id), Some(word)) => Some((OrderId(id), kind(word)?)),
            _ => None,
        };
        Ok(NoticeRow {
            key: self.key,
            occasion: Occasion::from_id(&self.occasion).ok_or_else(|| unreadable("notice.occasion", &self.occasion))?,
            publication: self.publication_id.map(PublicationId),
            name: self.name.clone(),
            more: self.difference.as_deref().map(configured).unwrap_or_default(),
            order,
            at: UtcMillis(self.at),
            read: self.read,
        })
    }
}

/// The sentence of a stored difference; one that can't be read says nothing, and hides nothing else.
pub(crate) fn configured(json: &str) -> String {
    let read = serde_json::from_str(json);
    let read = read.inspect_err(|error| tracing::error!(%error, "a stored difference can't be read"));
    read.map(|of| words::configured(&of)).unwrap_or_default()
}

const BY_NOTICE: KeyColumn = KeyColumn {
    below: " AND n.key < ?",
    above: " AND n.key > ?",
    ascending: " ORDER BY n.key ASC LIMIT ?",
    descending: " ORDER BY n.key DESC LIMIT ?",
};

/// A person's notices, newest first (with [`Part::After`]: nearest first), at most `limit`.
pub(crate) async fn page(
    conn: &mut Conn,
    person: PersonId,
    unread: bool,
    part: Part,
    limit: i64,
) -> StoreResult<Vec<ListedNotice>> {
    const SQL: &str = "SELECT n.key, n.occasion, n.publication_id, COALESCE(p.name, x.name, '') AS name, n.order_id,
            o.kind AS order_kind,
            CASE WHEN n.occasion = 'configuration_completed' THEN o.configured_difference END AS difference, n.at, n.read_at IS NOT NULL AS read
        FROM notice AS n LEFT JOIN publication AS p ON p.id = n.publication_id
        LEFT JOIN work_order AS o ON o.id = n.order_id LEFT JOIN stock_application AS x ON x.id = o.stock_id
        WHERE n.person_id = ?";
    let mut statement = Statement::starting("");
    statement.add(SQL, vec![person.0.into()]);
    if unread {
        statement.add(" AND n.read_at IS NULL", Vec::new());
    }
    statement.add_part(&BY_NOTICE, part, limit);
    statement.rows(conn).await
}

/// How many a person has not read, counted up to `most`.
pub(crate) async fn unread(conn: &mut Conn, person: PersonId, most: i64) -> StoreResult<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM
        (SELECT 1 FROM notice WHERE person_id = $1 AND read_at IS NULL LIMIT $2) AS found";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person.0).bind(most).fetch_one(c).await?))
}

/// A person has read the one with this key; with `all`, all up to it.
pub(crate) async fn mark_read(
    conn: &mut Conn,
    person: PersonId,
    key: i64,
    all: bool,
    now: UtcMillis,
) -> StoreResult<()> {
    const ONE: &str = "UPDATE notice SET read_at = $3 WHERE person_id = $1 AND key = $2 AND read_at IS NULL";
    const ALL: &str = "UPDATE notice SET read_at = $3 WHERE person_id = $1 AND key <= $2 AND read_at IS NULL";
    let sql = if all { ALL } else { ONE };
    on!(conn, c => sqlx::query(sql).bind(person.0).bind(key).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Somebody who is told.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Recipient {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    /// `accountId` of 浙政钉.
    pub(crate) dingtalk_id: Option<i64>,
}

/// Who may decide the current step of an order: also of one that has just ended.
pub(crate) async fn step_people(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Recipient>> {
    const SQL: &str = "SELECT m.id, m.name, m.email, m.dingtalk_id FROM work_order AS o
        JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        JOIN seat AS r ON r.role = s.role AND r.region = s.region JOIN person AS m ON m.id = r.person_id
        WHERE o.id = $1 AND m.active = TRUE AND m.id <> o.initiator_id
          AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = m.id)
        ORDER BY m.created_at, m.id";
    people(conn, SQL, order).await
}

/// Who filed an order, if the account is active.
pub(crate) async fn initiator(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Recipient>> {
    const SQL: &str =
        "SELECT q.id, q.name, q.email, q.dingtalk_id FROM work_order AS o JOIN person AS q ON q.id = o.initiator_id
        WHERE o.id = $1 AND q.active = TRUE";
    people(conn, SQL, order).await
}

/// Who said 同意 to an order.
pub(crate) async fn approvers(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Recipient>> {
    const SQL: &str =
        "SELECT q.id, q.name, q.email, q.dingtalk_id FROM work_order_decision AS d JOIN person AS q ON q.id = d.person_id
        WHERE d.order_id = $1 AND d.approved = TRUE AND q.active = TRUE ORDER BY d.at";
    people(conn, SQL, order).await
}

/// The administrators of a publication's application system.
pub(crate) async fn administrators(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<Recipient>> {
    const SQL: &str = "SELECT q.id, q.name, q.email, q.dingtalk_id FROM publication AS p
        JOIN application_system_administrator AS a ON a.system_id = p.system_id JOIN person AS q ON q.id = a.person_id
        WHERE p.id = $1 AND q.active = TRUE ORDER BY q.created_at, q.id";
    people(conn, SQL, publication).await
}

/// The accounts of a publication's contacts.
pub(crate) async fn contacts(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<Recipient>> {
    const SQL: &str =
        "SELECT q.id, q.name, q.email, q.dingtalk_id FROM publication_contact AS t JOIN person AS q ON q.mobile = t.mobile
        WHERE t.publication_id = $1 AND t.suspended = FALSE AND q.active = TRUE ORDER BY q.created_at, q.id";
    people(conn, SQL, publication).await
}

async fn people(conn: &mut Conn, statement: &'static str, of: Uuid) -> StoreResult<Vec<Recipient>> {
    waiting::rows(conn, statement, vec![of.into()]).await
}

/// Person, occasion, whose: of tests.
#[cfg(test)]
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<(String, String)>> {
    const SQL: &str =
        "SELECT q.name, n.occasion FROM notice AS n JOIN person AS q ON q.id = n.person_id ORDER BY n.key";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}
