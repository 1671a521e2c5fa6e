//! 工单: reading orders, their steps and who decided them. [`super::work_order_change`] writes.

use super::read::Read;
use super::statement::over_list;
use super::{Conn, StoreError, StoreResult, on};
use domain::routing::{Step, Whose};
use domain::{Need, OpenOrder, OrderId, OrderKind, OrderStatus, PersonId, RegionCode, Role};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// How many said 同意 in the current step `s` of the order `o`, and how many still may.
macro_rules! step_counts {
    () => {
        "(SELECT COUNT(*) FROM work_order_decision AS d
            WHERE d.order_id = o.id AND d.step = o.step AND d.approved = TRUE) AS approvals,
        (SELECT COUNT(*) FROM seat AS r JOIN person AS m ON m.id = r.person_id
            WHERE r.role = s.role AND r.region = s.region AND m.active = TRUE AND m.id <> o.initiator_id
              AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d
                WHERE d.order_id = o.id AND d.person_id = m.id)) AS may_decide"
    };
}
pub(super) use step_counts;

/// The columns of [`OpenRow`] but the key: of the order `o` at its step `s`, as the person `$2` sees it. `$system` is the application
/// system whose administrators may withdraw it.
macro_rules! open_columns {
    ($system:literal) => {
        concat!(
            "o.id, o.kind, o.initiator_id, o.step, o.steps, s.need, ",
            $crate::store::work_order::step_counts!(),
            ", EXISTS (SELECT 1 FROM person AS i JOIN application_system_administrator AS a ON a.person_id = i.id
                WHERE i.id = o.initiator_id AND i.active = TRUE AND a.system_id = ",
            $system,
            ") AS initiator_able,
            EXISTS (SELECT 1 FROM work_order_decision AS d
                WHERE d.order_id = o.id AND d.person_id = $2) AS actor_decided,
            EXISTS (SELECT 1 FROM seat AS r
                WHERE r.person_id = $2 AND r.role = s.role AND r.region = s.region) AS in_seat"
        )
    };
}
pub(super) use open_columns;

/// An undecided order at its current step, as one person sees it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OpenRow {
    pub(crate) publication_key: i64,
    id: Uuid,
    kind: String,
    initiator_id: Uuid,
    step: i64,
    steps: i64,
    need: String,
    approvals: i64,
    may_decide: i64,
    initiator_able: bool,
    actor_decided: bool,
    pub(crate) in_seat: bool,
}

impl OpenRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn order(&self) -> StoreResult<OpenOrder> {
        Ok(OpenOrder {
            id: OrderId(self.id),
            kind: kind(&self.kind)?,
            initiator: PersonId(self.initiator_id),
            initiator_able: self.initiator_able,
            step: small(self.step),
            steps: small(self.steps),
            need: need(&self.need)?,
            approvals: some(self.approvals),
            may_decide: some(self.may_decide),
            actor_decided: self.actor_decided,
        })
    }
}

/// An order as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OrderRow {
    pub(crate) id: Uuid,
    status: String,
    pub(crate) publication_id: Option<Uuid>,
    /// Of a 关联: the stock application.
    pub(crate) stock_id: Option<Uuid>,
    pub(crate) version_id: Option<Uuid>,
    pub(crate) bundle: Option<String>,
    pub(crate) configured_id: Option<Uuid>,
    pub(crate) initiator_id: Uuid,
    /// JSON of the form.
    pub(crate) form: String,
    step: i64,
    /// When the current step was reached, or the order ended.
    pub(crate) since: i64,
}

impl OrderRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn status(&self) -> StoreResult<OrderStatus> {
        OrderStatus::from_id(&self.status).ok_or_else(|| unreadable("work_order.status", &self.status))
    }

    /// The current step, from 1.
    pub(crate) fn step(&self) -> u8 {
        small(self.step)
    }
}

/// A decision with the name of who made it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DecisionRow {
    pub(crate) person_id: Uuid,
    pub(crate) name: String,
    step: i64,
    pub(crate) approved: bool,
    pub(crate) comment: String,
    pub(crate) at: i64,
}

impl DecisionRow {
    /// From 1.
    pub(crate) fn step(&self) -> u8 {
        small(self.step)
    }
}

pub(super) fn unreadable(what: &'static str, value: &str) -> StoreError {
    StoreError::Unreadable { what, value: value.to_owned() }
}

pub(crate) fn kind(id: &str) -> StoreResult<OrderKind> {
    OrderKind::from_id(id).ok_or_else(|| unreadable("work_order.kind", id))
}

pub(super) fn need(json: &str) -> StoreResult<Need> {
    serde_json::from_str(json).map_err(|_| unreadable("work_order_step.need", json))
}

/// A step's number; there are never 255.
pub(super) fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// How many people.
pub(super) fn some(number: i64) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The open orders of the publications with these keys, as this person sees them.
pub(crate) fn open(conn: &Conn, keys: &str, person: PersonId) -> Read<OpenRow> {
    const SQL: [&str; 2] = over_list!(
        concat!(
            "SELECT p.key AS publication_key, ",
            open_columns!("p.system_id"),
            " FROM publication AS p JOIN work_order AS o ON o.publication_id = p.id AND o.status = 'in_review'
            JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
            WHERE p.key IN "
        ),
        "BIGINT",
        ""
    );
    Read::new(SQL[usize::from(conn.is_postgres())], vec![keys.into(), person.0.into()])
}

/// The order of this id.
pub(crate) async fn of(conn: &mut Conn, id: Uuid) -> StoreResult<Option<OrderRow>> {
    const SQL: &str =
        "SELECT id, status, publication_id, stock_id, version_id, bundle, configured_id, initiator_id, form, step, since
        FROM work_order WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The steps of an order, in order.
pub(crate) async fn steps(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Step>> {
    const SQL: &str = "SELECT role, region, need, named FROM work_order_step WHERE order_id = $1 ORDER BY step";
    let rows: Vec<StepRow> = on!(conn, c => sqlx::query_as(SQL).bind(order).fetch_all(c).await)?;
    rows.iter().map(StepRow::step).collect()
}

/// A step as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(super) struct StepRow {
    role: String,
    /// A region's code, or the group of those who are named.
    region: String,
    need: String,
    /// JSON.
    named: Option<String>,
}

impl StepRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(super) fn step(&self) -> StoreResult<Step> {
        let whose = match &self.named {
            Some(json) => serde_json::from_str(json).map(Whose::Named).ok(),
            None => RegionCode::parse(&self.region).map(Whose::Region),
        };
        Ok(Step {
            role: Role::from_id(&self.role).ok_or_else(|| unreadable("work_order_step.role", &self.role))?,
            whose: whose.ok_or_else(|| unreadable("work_order_step.region", &self.region))?,
            need: need(&self.need)?,
        })
    }
}

/// Who decided what, in the order of time.
pub(crate) async fn decisions(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<DecisionRow>> {
    const SQL: &str = "SELECT d.person_id, q.name, d.step, d.approved, d.comment, d.at
        FROM work_order_decision AS d JOIN person AS q ON q.id = d.person_id
        WHERE d.order_id = $1 ORDER BY d.at, d.step";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(order).fetch_all(c).await?))
}

/// Who may decide each step now, step by step: active accounts in its seat, without the initiator and without those who
/// decided any step.
pub(crate) async fn may_decide(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<(u8, Uuid, String)>> {
    const SQL: &str = "SELECT s.step, m.id, m.name FROM work_order AS o JOIN work_order_step AS s ON s.order_id = o.id
        JOIN seat AS r ON r.role = s.role AND r.region = s.region JOIN person AS m ON m.id = r.person_id
        WHERE o.id = $1 AND m.active = TRUE AND m.id <> o.initiator_id
          AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = m.id)
        ORDER BY s.step, m.created_at, m.id";
    let rows: Vec<(i64, Uuid, String)> = on!(conn, c => sqlx::query_as(SQL).bind(order).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(step, person, name)| (small(step), person, name)).collect())
}

/// When each step was urged, in the order of time.
pub(crate) async fn urges(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<(u8, i64)>> {
    const SQL: &str = "SELECT step, at FROM work_order_urge WHERE order_id = $1 ORDER BY at";
    let rows: Vec<(i64, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(order).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(step, at)| (small(step), at)).collect())
}

/// The version of the rules that an order was filed with; none of one that is older than versions.
#[cfg(test)]
pub(crate) async fn routing_number(conn: &mut Conn, order: Uuid) -> StoreResult<Option<i64>> {
    const SQL: &str = "SELECT routing_number FROM work_order WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(order).fetch_one(c).await?))
}

/// The newest order of a publication, if it was refused.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct RefusedRow {
    pub(crate) id: Uuid,
    kind: String,
    pub(crate) reason: String,
    pub(crate) by: String,
    pub(crate) at: i64,
}

impl RefusedRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn kind(&self) -> StoreResult<OrderKind> {
        kind(&self.kind)
    }
}

/// See [`RefusedRow`].
pub(crate) async fn last_refused(conn: &mut Conn, publication: Uuid) -> StoreResult<Option<RefusedRow>> {
    const SQL: &str = "SELECT o.id, o.kind, d.comment AS reason, p.name AS by, d.at
        FROM work_order AS o JOIN work_order_decision AS d ON d.order_id = o.id JOIN person AS p ON p.id = d.person_id
        WHERE o.key = (SELECT MAX(key) FROM work_order WHERE publication_id = $1)
          AND o.status = 'refused' AND d.approved = FALSE";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(publication).fetch_optional(c).await?))
}

/// The last approved release or upgrade of a publication: what 配置中 came from.
pub(crate) async fn last_approved(conn: &mut Conn, publication: Uuid) -> StoreResult<Option<Uuid>> {
    const SQL: &str = "SELECT id FROM work_order WHERE publication_id = $1 AND kind IN ('release', 'upgrade')
          AND status = 'approved' ORDER BY key DESC LIMIT 1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(publication).fetch_optional(c).await?))
}
