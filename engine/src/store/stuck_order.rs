//! 无人可审: running orders whose step has too few people ([`domain::OpenOrder::nobody_can_decide`] says the same of one).

use super::statement::{Statement, Value};
use super::work_order::{StepRow, kind, step_counts};
use super::{Conn, StoreResult};
use domain::UtcMillis;
use domain::view::routing::StuckOrder;
use sqlx_macros::FromRow;

#[derive(FromRow)]
struct Row {
    name: String,
    kind: String,
    department: String,
    initiator: String,
    #[sqlx(flatten)]
    step: StepRow,
    since: i64,
}

/// The orders in review, each with the people of its step counted; how many it wants in SQLite's dialect, in PostgreSQL's.
const RUNNING: &str = concat!(
    " FROM (SELECT o.key, o.kind, o.publication_id, o.stock_id, o.initiator_id, o.since, s.role, s.region, s.need, s.named, ",
    step_counts!(),
    " FROM work_order AS o JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
        WHERE o.status = 'in_review') AS w"
);
const SHORT: [&str; 2] = [
    " WHERE (w.may_decide = 0 OR w.approvals + w.may_decide < COALESCE(json_extract(w.need, '$.count'), 1))",
    " WHERE (w.may_decide = 0
        OR w.approvals + w.may_decide < COALESCE(CAST(CAST(w.need AS JSON) ->> 'count' AS BIGINT), 1))",
];

/// Those that wait longest, at most `limit`.
pub(crate) async fn rows(conn: &mut Conn, limit: i64) -> StoreResult<Vec<StuckOrder>> {
    const COLUMNS: &str = "SELECT COALESCE(p.name, x.name) AS name, w.kind, d.name AS department, i.name AS initiator,
        w.role, w.region, w.need, w.named, w.since";
    const JOINED: &str =
        " JOIN person AS i ON i.id = w.initiator_id LEFT JOIN publication AS p ON p.id = w.publication_id
        LEFT JOIN stock_application AS x ON x.id = w.stock_id LEFT JOIN application_system AS y ON y.id = p.system_id
        JOIN department AS d ON d.id = COALESCE(y.department_id, x.department_id)";
    let mut statement = Statement::starting(COLUMNS);
    for part in [RUNNING, JOINED, short(conn)] {
        statement.add(part, Vec::new());
    }
    statement.add(" ORDER BY w.since, w.key LIMIT ?", vec![Value::Number(limit)]);
    let rows: Vec<Row> = statement.rows(conn).await?;
    rows.into_iter().map(order).collect()
}

/// How many there are, counted up to `most`.
pub(crate) async fn count(conn: &mut Conn, most: i64) -> StoreResult<i64> {
    let mut statement = Statement::starting("SELECT COUNT(*) FROM (SELECT 1");
    statement.add(RUNNING, Vec::new());
    statement.add(short(conn), Vec::new());
    statement.add(" LIMIT ?) AS found", vec![Value::Number(most)]);
    statement.number(conn).await
}

fn short(conn: &Conn) -> &'static str {
    SHORT[usize::from(conn.is_postgres())]
}

fn order(row: Row) -> StoreResult<StuckOrder> {
    Ok(StuckOrder {
        kind: kind(&row.kind)?,
        step: row.step.step()?.name(),
        name: row.name,
        department: row.department,
        initiator: row.initiator,
        since: UtcMillis(row.since),
    })
}
