//! What a person is to a publication.

use super::publication::{PublicationRow, publication_columns};
use super::{Conn, StoreError, StoreResult, on};
use domain::{PersonId, Role, Side};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A publication with what the person is to it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Reached {
    #[sqlx(flatten)]
    pub(crate) row: PublicationRow,
    pub(crate) system_id: Uuid,
    /// SHA-256 of what staff accepted in this round.
    pub(crate) accepted_bundle: Option<String>,
    /// Versions with a greater key are of the present round.
    pub(crate) round_after: i64,
    pub(crate) live_version: Option<Uuid>,
    pub(crate) stopped: bool,
    pub(crate) listed: bool,
    /// JSON of what is registered.
    pub(crate) registration: String,
    /// JSON of 运行参数, the values for test.
    pub(crate) test_parameters: String,
    /// Administers the application system.
    pub(crate) administers: bool,
    /// Is a named contact, by verified number, not suspended.
    pub(crate) contact: bool,
    /// Holds a seat in a step of one of its orders, or decided one.
    pub(crate) reviews: bool,
}

const PUBLICATION: &str = concat!(
    "SELECT ",
    publication_columns!(),
    ", p.system_id, p.accepted_bundle, p.round_after, p.live_version, p.stopped, p.listed, p.registration, p.test_parameters,
        EXISTS (SELECT 1 FROM application_system_administrator AS a
            WHERE a.system_id = p.system_id AND a.person_id = $2) AS administers,
        EXISTS (SELECT 1 FROM publication_contact AS t JOIN person AS q ON q.mobile = t.mobile
            WHERE t.publication_id = p.id AND t.suspended = FALSE AND q.id = $2) AS contact,
        (EXISTS (SELECT 1 FROM work_order AS o JOIN work_order_step AS s ON s.order_id = o.id
                JOIN seat AS r ON r.role = s.role AND r.region = s.region
                WHERE o.publication_id = p.id AND r.person_id = $2)
            -- Not joined: SQLite would begin with all that the person has ever decided.
            OR EXISTS (SELECT 1 FROM work_order AS o WHERE o.publication_id = p.id AND EXISTS
                (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = $2))) AS reviews
    FROM publication AS p WHERE p.id = $1"
);

/// The statement of [`publication`], and how SQLite finds it.
#[cfg(feature = "bench")]
pub(crate) async fn plan_of_publication(conn: &mut Conn) -> StoreResult<(String, Vec<String>)> {
    Ok((PUBLICATION.to_owned(), super::statement::plan_of(conn, PUBLICATION).await?))
}

/// The publication of this id, as it is to this person.
pub(crate) async fn publication(conn: &mut Conn, id: Uuid, person: PersonId) -> StoreResult<Option<Reached>> {
    on!(conn, c => Ok(sqlx::query_as(PUBLICATION).bind(id).bind(person.0).fetch_optional(c).await?))
}

/// Who may hear of a change of a publication: with the role by which, as [`publication`] has it.
#[derive(Debug, Clone)]
pub(crate) struct Audience {
    pub(crate) side: Side,
    /// The aggregate's version.
    pub(crate) version: i64,
    pub(crate) people: Vec<(PersonId, Role)>,
}

/// The audience of this publication. Operators hear of everything: they are not named.
pub(crate) async fn audience(conn: &mut Conn, id: Uuid) -> StoreResult<Option<Audience>> {
    const OF: &str = "SELECT side, version FROM publication WHERE id = $1";
    const SQL: &str = "SELECT a.person_id, 'staff' FROM publication AS p
                JOIN application_system_administrator AS a ON a.system_id = p.system_id WHERE p.id = $1
            UNION SELECT q.id, 'developer' FROM publication_contact AS t JOIN person AS q ON q.mobile = t.mobile
                WHERE t.publication_id = $1 AND t.suspended = FALSE
            UNION SELECT r.person_id, 'reviewer' FROM work_order AS o JOIN work_order_step AS s ON s.order_id = o.id
                JOIN seat AS r ON r.role = s.role AND r.region = s.region WHERE o.publication_id = $1
            UNION SELECT d.person_id, 'reviewer' FROM work_order AS o
                JOIN work_order_decision AS d ON d.order_id = o.id WHERE o.publication_id = $1";
    let of: Option<(String, i64)> = on!(conn, c => sqlx::query_as(OF).bind(id).fetch_optional(c).await)?;
    let Some((side, version)) = of else { return stock_audience(conn, id).await };
    let side = Side::from_id(&side).ok_or(StoreError::Unreadable { what: "publication.side", value: side })?;
    let people: Vec<(Uuid, String)> = on!(conn, c => sqlx::query_as(SQL).bind(id).fetch_all(c).await)?;
    let known = |(person, role): (Uuid, String)| Some((PersonId(person), Role::from_id(&role)?));
    Ok(Some(Audience { side, version, people: people.into_iter().filter_map(known).collect() }))
}

/// The audience of a stock application that is no publication yet: those who see it in their list.
async fn stock_audience(conn: &mut Conn, id: Uuid) -> StoreResult<Option<Audience>> {
    const OF: &str = "SELECT version FROM stock_application WHERE id = $1";
    const SQL: &str = "SELECT DISTINCT a.person_id FROM stock_application AS x
        JOIN application_system AS y ON y.department_id = x.department_id
        JOIN application_system_administrator AS a ON a.system_id = y.id WHERE x.id = $1";
    let of: Option<(i64,)> = on!(conn, c => sqlx::query_as(OF).bind(id).fetch_optional(c).await)?;
    let Some((version,)) = of else { return Ok(None) };
    let people: Vec<(Uuid,)> = on!(conn, c => sqlx::query_as(SQL).bind(id).fetch_all(c).await)?;
    let people = people.into_iter().map(|(person,)| (PersonId(person), Role::Staff)).collect();
    Ok(Some(Audience { side: Side::Service, version, people }))
}

/// The orders of a publication of which that is so: see [`reviews_order`].
pub(crate) async fn reviewed_orders(conn: &mut Conn, publication: Uuid, person: PersonId) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT o.id FROM work_order AS o WHERE o.publication_id = $1 AND (
            EXISTS (SELECT 1 FROM work_order_step AS s JOIN seat AS r ON r.role = s.role AND r.region = s.region
                WHERE s.order_id = o.id AND r.person_id = $2)
            OR EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = $2))";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(publication).bind(person.0).fetch_all(c).await?))
}

/// Whether the person holds a seat in a step of this order, or decided one.
pub(crate) async fn reviews_order(conn: &mut Conn, order: Uuid, person: PersonId) -> StoreResult<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM work_order_step AS s
                JOIN seat AS r ON r.role = s.role AND r.region = s.region
                WHERE s.order_id = $1 AND r.person_id = $2)
            OR EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = $1 AND d.person_id = $2)";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(order).bind(person.0).fetch_one(c).await?))
}
