//! 工单: filing, voting, ending, urging.

use super::{Conn, StoreError, StoreResult, on, seat};
use domain::routing::{Step, Whose};
use domain::{OrderKind, OrderStatus, PersonId, UtcMillis};
use uuid::Uuid;

/// What filing writes.
#[derive(Debug, Clone)]
pub(crate) struct NewOrder {
    pub(crate) id: Uuid,
    pub(crate) kind: OrderKind,
    pub(crate) publication: Option<Uuid>,
    /// Of a 关联: the stock application.
    pub(crate) stock: Option<Uuid>,
    pub(crate) version: Option<Uuid>,
    pub(crate) bundle: Option<String>,
    pub(crate) initiator: PersonId,
    /// JSON.
    pub(crate) form: String,
    pub(crate) steps: Vec<Step>,
    /// The version of the rules that they follow from.
    pub(crate) routing: i64,
    pub(crate) now: UtcMillis,
}

/// One person's decision.
#[derive(Debug, Clone)]
pub(crate) struct NewDecision<'a> {
    pub(crate) person: PersonId,
    pub(crate) step: u8,
    pub(crate) approved: bool,
    pub(crate) comment: &'a str,
    pub(crate) now: UtcMillis,
}

/// Writes a new order with its steps; a second open one of a publication is refused (`work_order_open_key`).
pub(crate) async fn insert(conn: &mut Conn, new: &NewOrder) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO work_order (id, kind, status, publication_id, stock_id, version_id, bundle, initiator_id, form,
            step, steps, filed_at, since, routing_number)
        VALUES ($1, $2, 'in_review', $3, $4, $5, $6, $7, $8, 1, $9, $10, $10, $11)";
    let steps = i64::try_from(new.steps.len()).unwrap_or(i64::MAX);
    on!(conn, c => sqlx::query(SQL)
        .bind(new.id)
        .bind(new.kind.id())
        .bind(new.publication)
        .bind(new.stock)
        .bind(new.version)
        .bind(&new.bundle)
        .bind(new.initiator.0)
        .bind(&new.form)
        .bind(steps)
        .bind(new.now.0)
        .bind(new.routing)
        .execute(c)
        .await
        .map(|_| ()))?;
    for (step, number) in new.steps.iter().zip(1..) {
        insert_step(conn, new.id, number, step).await?;
    }
    Ok(())
}

async fn insert_step(conn: &mut Conn, order: Uuid, number: i64, step: &Step) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO work_order_step (order_id, step, role, region, need, waits, named)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let need = serde_json::json!(step.need).to_string();
    let (region, named) = match &step.whose {
        Whose::Region(region) => (region.to_string(), None),
        Whose::Named(people) => {
            (seat::group(conn, step.role, people).await?, Some(serde_json::json!(people).to_string()))
        }
    };
    on!(conn, c => sqlx::query(SQL)
        .bind(order)
        .bind(number)
        .bind(step.role.id())
        .bind(region)
        .bind(need)
        .bind(number == 1)
        .bind(named)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Writes a decision; a person's second one of an order is refused.
pub(crate) async fn insert_decision(conn: &mut Conn, order: Uuid, new: &NewDecision<'_>) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO work_order_decision (order_id, person_id, step, approved, comment, at, order_key)
        VALUES ($1, $2, $3, $4, $5, $6, (SELECT key FROM work_order WHERE id = $1))";
    on!(conn, c => sqlx::query(SQL)
        .bind(order)
        .bind(new.person.0)
        .bind(i64::from(new.step))
        .bind(new.approved)
        .bind(new.comment)
        .bind(new.now.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The next step is reached.
///
/// # Errors
/// [`StoreError::Conflict`]: the order is not in this step any more.
pub(crate) async fn advance(conn: &mut Conn, order: Uuid, from: u8, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE work_order SET step = step + 1, since = $3
        WHERE id = $1 AND step = $2 AND status = 'in_review'";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(order)
        .bind(i64::from(from))
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows != 1 {
        return Err(StoreError::Conflict);
    }
    wait_in(conn, order, i64::from(from) + 1).await
}

/// The order ends.
///
/// # Errors
/// [`StoreError::Conflict`]: it has ended.
pub(crate) async fn close(conn: &mut Conn, order: Uuid, status: OrderStatus, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE work_order SET status = $2, since = $3 WHERE id = $1 AND status = 'in_review'";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(order)
        .bind(status.id())
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows != 1 {
        return Err(StoreError::Conflict);
    }
    wait_in(conn, order, 0).await
}

/// This step waits for its people, no other does; 0: none.
async fn wait_in(conn: &mut Conn, order: Uuid, step: i64) -> StoreResult<()> {
    const SQL: &str = "UPDATE work_order_step SET waits = (step = $2) WHERE order_id = $1";
    on!(conn, c => sqlx::query(SQL).bind(order).bind(step).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A 关联 is approved: its order is one of the publication from now on.
pub(crate) async fn set_publication(conn: &mut Conn, order: Uuid, publication: Uuid) -> StoreResult<()> {
    const SQL: &str = "UPDATE work_order SET publication_id = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(order).bind(publication).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What 配置完成 made live instead of the order's version, and how it differs from that (JSON).
pub(crate) async fn set_configured(
    conn: &mut Conn,
    order: Uuid,
    version: Uuid,
    difference: Option<String>,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE work_order SET configured_id = $2, configured_difference = $3 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(order).bind(version).bind(difference).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// 催办 of a step, if nobody did after `since`.
///
/// # Errors
/// [`StoreError::Conflict`]: somebody did, or the order is not in this step any more.
pub(crate) async fn insert_urge(
    conn: &mut Conn,
    order: Uuid,
    step: u8,
    now: UtcMillis,
    since: UtcMillis,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO work_order_urge (order_id, step, at)
        SELECT o.id, o.step, $3 FROM work_order AS o
        WHERE o.id = $1 AND o.step = $2 AND o.status = 'in_review' AND NOT EXISTS (
            SELECT 1 FROM work_order_urge AS u WHERE u.order_id = $1 AND u.step = $2 AND u.at > $4)";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(order)
        .bind(i64::from(step))
        .bind(now.0)
        .bind(since.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// JSON of what 配置完成 made live, beside what the order approved.
#[cfg(test)]
pub(crate) async fn configured_difference(conn: &mut Conn, order: Uuid) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT configured_difference FROM work_order WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(order).fetch_one(c).await?))
}
