//! What the 工单看板 counts. What waits is found by the open orders alone, what ended by its day.

use super::statement::{Statement, Value};
use super::work_order_list::{Whose, add_whose};
use super::{Conn, StoreResult, on};
use domain::{PersonId, UtcMillis, VersionNumber};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// Open orders of one kind, seat, department and age.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct WaitingRow {
    pub(crate) kind: String,
    /// The region of the step's seats; where people are named, the department's.
    pub(crate) region: String,
    pub(crate) department: String,
    /// Index of [`domain::dashboard::AGES`].
    pub(crate) age: i64,
    pub(crate) overdue: i64,
    pub(crate) n: i64,
}

/// What waits of these; an order is as old as its current step. `before` are the times before which an order is of a greater age.
pub(crate) async fn waiting(
    conn: &mut Conn,
    whose: Whose,
    before: [i64; 4],
    overdue: i64,
) -> StoreResult<Vec<WaitingRow>> {
    const SQL: &str = "SELECT kind, region, department, CAST(age AS BIGINT) AS age,
            CAST(SUM(overdue) AS BIGINT) AS overdue, COUNT(*) AS n FROM
        (SELECT o.kind, CASE WHEN s.named IS NULL THEN s.region ELSE d.region END AS region, d.name AS department,
            CASE WHEN o.since > ? THEN 0 WHEN o.since > ? THEN 1 WHEN o.since > ? THEN 2 WHEN o.since > ? THEN 3
                ELSE 4 END AS age,
            CASE WHEN o.since < ? THEN 1 ELSE 0 END AS overdue
        FROM work_order AS o JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        LEFT JOIN publication AS p ON p.id = o.publication_id LEFT JOIN application_system AS y ON y.id = p.system_id
        LEFT JOIN stock_application AS x ON x.id = o.stock_id
        JOIN department AS d ON d.id = COALESCE(y.department_id, x.department_id) WHERE ";
    let mut statement = Statement::starting("");
    statement.add(SQL, before.into_iter().chain([overdue]).map(Value::Number).collect());
    add_whose(&mut statement, whose);
    statement.add(") AS open GROUP BY kind, region, department, age", Vec::new());
    statement.rows(conn).await
}

/// What waits for a person.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct LoadRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) n: i64,
    /// Since when the oldest waits.
    pub(crate) oldest: i64,
}

/// Who may decide how many of these; most first, at most `limit`.
pub(crate) async fn reviewers(conn: &mut Conn, whose: Whose, limit: i64) -> StoreResult<Vec<LoadRow>> {
    let mut statement = Statement::starting(
        "SELECT q.id, q.name, COUNT(*) AS n, MIN(o.since) AS oldest FROM work_order AS o
        JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        JOIN seat AS r ON r.role = s.role AND r.region = s.region JOIN person AS q ON q.id = r.person_id
        WHERE q.active = TRUE AND q.id <> o.initiator_id
          AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = q.id) AND ",
    );
    add_whose(&mut statement, whose);
    statement.add(" GROUP BY q.id, q.name ORDER BY n DESC, q.name LIMIT ?", vec![Value::Number(limit)]);
    statement.rows(conn).await
}

/// An order that ended.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct EndedRow {
    pub(crate) id: Uuid,
    pub(crate) status: String,
    pub(crate) filed_at: i64,
    /// Who asked for it, of a 关联.
    pub(crate) linked_by: Option<Uuid>,
    pub(crate) system_id: Option<Uuid>,
}

/// What ended between two times.
pub(crate) async fn ended(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<EndedRow>> {
    const SQL: &str = "SELECT o.id, o.status, o.filed_at,
            CASE WHEN o.stock_id IS NULL THEN NULL ELSE o.initiator_id END AS linked_by, p.system_id
        FROM work_order AS o LEFT JOIN publication AS p ON p.id = o.publication_id
        WHERE o.status <> 'in_review' AND o.since >= $1 AND o.since < $2 ORDER BY o.key";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// A decision.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DecidedRow {
    pub(crate) order_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) step: i64,
    pub(crate) at: i64,
    /// Why it was refused.
    pub(crate) reason: Option<String>,
}

/// All decisions of what ended between two times, in their order.
pub(crate) async fn decided(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<DecidedRow>> {
    const SQL: &str = "SELECT d.order_id, d.person_id, d.step, d.at,
            CASE WHEN d.approved = FALSE THEN d.comment END AS reason
        FROM work_order AS o JOIN work_order_decision AS d ON d.order_id = o.id
        WHERE o.status <> 'in_review' AND o.since >= $1 AND o.since < $2 ORDER BY o.key, d.step, d.at";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// Something that went live: a version, or what is hosted elsewhere.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct LiveRow {
    pub(crate) at: i64,
    pub(crate) publication_id: Uuid,
    pub(crate) system_id: Uuid,
    pub(crate) name: String,
    pub(crate) side: String,
    major: Option<i64>,
    minor: Option<i64>,
    patch: Option<i64>,
}

impl LiveRow {
    /// The version; `None`: it is hosted elsewhere.
    pub(crate) fn version(&self) -> Option<VersionNumber> {
        Some(super::version::number(self.major?, self.minor?, self.patch?))
    }
}

/// What went live between `$1` and `$2`, as `f`: the number and its list count the same.
macro_rules! went_live {
    () => {
        "(SELECT l.at, l.publication_id, l.version_id FROM live_version AS l WHERE l.at >= $1 AND l.at < $2
        UNION ALL SELECT o.since, o.publication_id, o.version_id FROM work_order AS o
            WHERE o.status <> 'in_review' AND o.since >= $1 AND o.since < $2
            AND o.status = 'approved' AND o.kind = 'release' AND o.version_id IS NULL) AS f
        JOIN publication AS p ON p.id = f.publication_id"
    };
}

/// How much went live between two times, by application system.
pub(crate) async fn lives_by_system(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<(Uuid, i64)>> {
    const SQL: &str = concat!("SELECT p.system_id, COUNT(*) FROM ", went_live!(), " GROUP BY p.system_id");
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// What went live between two times, the newest first.
pub(crate) async fn lives(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<LiveRow>> {
    const SQL: &str = concat!(
        "SELECT f.at, p.id AS publication_id, p.system_id, p.name, p.side, v.major, v.minor, v.patch FROM ",
        went_live!(),
        " LEFT JOIN version AS v ON v.id = f.version_id ORDER BY f.at DESC, p.key DESC"
    );
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// The application systems that a person administers.
pub(crate) async fn systems(conn: &mut Conn, person: PersonId) -> StoreResult<Vec<Uuid>> {
    const SQL: &str = "SELECT system_id FROM application_system_administrator WHERE person_id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(person.0).fetch_all(c).await?))
}

/// Something that was done to a publication.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DeedRow {
    pub(crate) at: i64,
    pub(crate) person_name: String,
    pub(crate) action: String,
    object_id: String,
    /// JSON, with the publication's name.
    pub(crate) detail: String,
}

impl DeedRow {
    /// The publication's id.
    pub(crate) fn publication(&self) -> Option<Uuid> {
        self.object_id.parse().ok()
    }
}

/// What was done to publications after an audit event, newest first, at most `limit`.
pub(crate) async fn deeds(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<DeedRow>> {
    const SQL: &str = "SELECT at, person_name, action, object_id, detail FROM audit_event
        WHERE seq > $1 AND object_kind = 'publication' AND result = 'done' ORDER BY seq DESC LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await?))
}
