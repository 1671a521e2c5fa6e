//! The inbox's rows, and the groups of people who are told.

#[cfg(test)]
use super::on;
use super::statement::Value;
use super::{Conn, StoreResult, waiting};
use domain::{Occasion, UtcMillis};
use uuid::Uuid;

/// One notice.
#[derive(Debug, Clone)]
pub(crate) struct NewNotice {
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    pub(crate) occasion: Occasion,
    pub(crate) publication: Uuid,
    pub(crate) order: Option<Uuid>,
    pub(crate) at: UtcMillis,
}

/// Writes one.
pub(crate) async fn insert(conn: &mut Conn, new: &NewNotice) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO notice (id, person_id, occasion, publication_id, order_id, at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let (id, person, occasion, at) = (new.id.into(), new.person.into(), new.occasion.id().into(), new.at.0.into());
    let values = vec![id, person, occasion, new.publication.into(), Value::MaybeId(new.order), at];
    waiting::later(conn, SQL, values).await
}

/// Who may decide the current step of an order: also of one that has just ended.
pub(crate) async fn step_people(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT m.id FROM work_order AS o
        JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        JOIN person_role AS r ON r.role = s.role AND r.region = s.region JOIN person AS m ON m.id = r.person_id
        WHERE o.id = $1 AND m.active = TRUE AND m.id <> o.initiator_id
          AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = m.id)
        ORDER BY m.created_at, m.id";
    people(conn, SQL, order).await
}

/// Who filed an order, if the account is active.
pub(crate) async fn initiator(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT q.id FROM work_order AS o JOIN person AS q ON q.id = o.initiator_id
        WHERE o.id = $1 AND q.active = TRUE";
    people(conn, SQL, order).await
}

/// Who said 同意 to an order.
pub(crate) async fn approvers(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT q.id FROM work_order_decision AS d JOIN person AS q ON q.id = d.person_id
        WHERE d.order_id = $1 AND d.approved = TRUE AND q.active = TRUE ORDER BY d.at";
    people(conn, SQL, order).await
}

/// The administrators of a publication's application system.
pub(crate) async fn administrators(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT q.id FROM publication AS p
        JOIN application_system_administrator AS a ON a.system_id = p.system_id JOIN person AS q ON q.id = a.person_id
        WHERE p.id = $1 AND q.active = TRUE ORDER BY q.created_at, q.id";
    people(conn, SQL, publication).await
}

/// The accounts of a publication's contacts.
pub(crate) async fn contacts(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT q.id FROM publication_contact AS t JOIN person AS q ON q.mobile = t.mobile
        WHERE t.publication_id = $1 AND t.suspended = FALSE AND q.active = TRUE ORDER BY q.created_at, q.id";
    people(conn, SQL, publication).await
}

async fn people(conn: &mut Conn, statement: &'static str, of: Uuid) -> StoreResult<Vec<Uuid>> {
    let people: Vec<(Uuid,)> = waiting::rows(conn, statement, vec![of.into()]).await?;
    Ok(people.into_iter().map(|(person,)| person).collect())
}

/// Person, occasion, whose: of tests.
#[cfg(test)]
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<(String, String)>> {
    const SQL: &str =
        "SELECT q.name, n.occasion FROM notice AS n JOIN person AS q ON q.id = n.person_id ORDER BY n.key";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}
