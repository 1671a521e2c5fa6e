//! What the 工单看板 counts. What waits is found by the open orders alone, what ended by its day.

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx::FromRow;
use uuid::Uuid;

/// Open orders of one kind, seat, department and age.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct WaitingRow {
    pub(crate) kind: String,
    /// The region of the step's seat.
    pub(crate) region: String,
    pub(crate) department: String,
    /// Index of [`domain::dashboard::AGES`].
    pub(crate) age: i64,
    pub(crate) overdue: i64,
    pub(crate) n: i64,
}

/// What waits; an order is as old as its current step. `before` are the times before which an order is of a greater age.
pub(crate) async fn waiting(conn: &mut Conn, before: [i64; 4], overdue: i64) -> StoreResult<Vec<WaitingRow>> {
    const SQL: &str = "SELECT kind, region, department, CAST(age AS BIGINT) AS age,
            CAST(SUM(overdue) AS BIGINT) AS overdue, COUNT(*) AS n FROM
        (SELECT o.kind, s.region, d.name AS department,
            CASE WHEN o.since > $1 THEN 0 WHEN o.since > $2 THEN 1 WHEN o.since > $3 THEN 2 WHEN o.since > $4 THEN 3
                ELSE 4 END AS age,
            CASE WHEN o.since < $5 THEN 1 ELSE 0 END AS overdue
        FROM work_order AS o JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        LEFT JOIN publication AS p ON p.id = o.publication_id LEFT JOIN application_system AS y ON y.id = p.system_id
        LEFT JOIN stock_application AS x ON x.id = o.stock_id
        JOIN department AS d ON d.id = COALESCE(y.department_id, x.department_id)
        WHERE o.status = 'in_review') AS open
        GROUP BY kind, region, department, age";
    on!(conn, c => Ok(sqlx::query_as(SQL)
        .bind(before[0])
        .bind(before[1])
        .bind(before[2])
        .bind(before[3])
        .bind(overdue)
        .fetch_all(c)
        .await?))
}

/// Who may decide how many open orders, and since when the oldest waits; most first, at most `limit`.
pub(crate) async fn reviewers(conn: &mut Conn, limit: i64) -> StoreResult<Vec<(String, i64, i64)>> {
    const SQL: &str = "SELECT q.name, COUNT(*) AS n, MIN(o.since) FROM work_order AS o
        JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        JOIN person_role AS r ON r.role = s.role AND r.region = s.region JOIN person AS q ON q.id = r.person_id
        WHERE o.status = 'in_review' AND q.active = TRUE AND q.id <> o.initiator_id
          AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = q.id)
        GROUP BY q.id, q.name ORDER BY n DESC, q.name LIMIT $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(limit).fetch_all(c).await?))
}

/// How orders ended between two times: status, number.
pub(crate) async fn ended(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<(String, i64)>> {
    const SQL: &str = "SELECT status, COUNT(*) FROM work_order
        WHERE status <> 'in_review' AND since >= $1 AND since < $2 GROUP BY status";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// Of the orders that ended between two times: each decided step, and how long it took in milliseconds.
pub(crate) async fn durations(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<(i64, i64)>> {
    const SQL: &str = "SELECT d.step, MAX(d.at) - COALESCE((SELECT MAX(e.at) FROM work_order_decision AS e
            WHERE e.order_id = o.id AND e.step = d.step - 1), o.filed_at)
        FROM work_order AS o JOIN work_order_decision AS d ON d.order_id = o.id
        WHERE o.status <> 'in_review' AND o.since >= $1 AND o.since < $2 GROUP BY o.id, o.filed_at, d.step";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// Why orders were refused between two times, and how often.
pub(crate) async fn reasons(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<(String, i64)>> {
    const SQL: &str = "SELECT d.comment, COUNT(*) FROM work_order AS o
        JOIN work_order_decision AS d ON d.order_id = o.id AND d.approved = FALSE
        WHERE o.status <> 'in_review' AND o.status = 'refused' AND o.since >= $1 AND o.since < $2 GROUP BY d.comment";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(from.0).bind(to.0).fetch_all(c).await?))
}

/// How much went live between two times: versions, and what is hosted elsewhere.
pub(crate) async fn lives(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<i64> {
    const SQL: &str = "SELECT (SELECT COUNT(*) FROM live_version WHERE at >= $1 AND at < $2)
        + (SELECT COUNT(*) FROM work_order WHERE status <> 'in_review' AND since >= $1 AND since < $2
            AND status = 'approved' AND kind = 'release' AND version_id IS NULL)";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(from.0).bind(to.0).fetch_one(c).await?))
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
