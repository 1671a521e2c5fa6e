//! The outbox's rows: what is told outside of the product. A message that waits belongs to whoever holds its lease.

use super::notice::configured;
use super::statement::{KeyColumn, Part, Statement, Value};
use super::work_order::kind;
use super::{Conn, StoreError, StoreResult, on, waiting};
use domain::view::outbox::Carrier;
use domain::{OrderKind, UtcMillis};
use serde::{Deserialize, Serialize};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct NewMessage {
    pub(crate) id: Uuid,
    pub(crate) carrier: Carrier,
    /// To whom, and the address; none of a group's.
    pub(crate) person: Option<(Uuid, String)>,
    /// JSON.
    pub(crate) body: String,
    pub(crate) at: UtcMillis,
    /// The order and step that it asks for, where it can be withdrawn when that is over.
    pub(crate) asks: Option<(Uuid, i64)>,
    /// It withdraws the message with this id.
    pub(crate) revokes: Option<Uuid>,
}

/// Writes one, to be sent at once.
pub(crate) async fn insert(conn: &mut Conn, new: NewMessage) -> StoreResult<()> {
    const TO_GROUP: &str = "INSERT INTO outbox (id, carrier, body, state, attempts, next_at, created_at)
        VALUES ($1, $2, $3, 'waiting', 0, $4, $4)";
    const TO_PERSON: &str =
        "INSERT INTO outbox (id, carrier, body, state, attempts, next_at, created_at, person_id, address)
        VALUES ($1, $2, $3, 'waiting', 0, $4, $4, $5, $6)";
    const THAT_ASKS: &str =
        "INSERT INTO outbox (id, carrier, body, state, attempts, next_at, created_at, person_id, address, order_id, step)
        VALUES ($1, $2, $3, 'waiting', 0, $4, $4, $5, $6, $7, $8)";
    // It may be on its way already, written by whoever was as fast.
    const THAT_REVOKES: &str =
        "INSERT INTO outbox (id, carrier, body, state, attempts, next_at, created_at, person_id, address, revokes)
        VALUES ($1, $2, $3, 'waiting', 0, $4, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let mut values = vec![new.id.into(), new.carrier.id().into(), Value::Text(new.body), new.at.0.into()];
    let Some((person, address)) = new.person else { return waiting::later(conn, TO_GROUP, values).await };
    values.extend([person.into(), Value::Text(address)]);
    let statement = match (new.asks, new.revokes) {
        (_, Some(revokes)) => {
            values.push(revokes.into());
            THAT_REVOKES
        }
        (Some((order, step)), None) => {
            values.extend([order.into(), step.into()]);
            THAT_ASKS
        }
        (None, None) => TO_PERSON,
    };
    waiting::later(conn, statement, values).await
}

/// A message that asks for what is over.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Over {
    pub(crate) id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) address: String,
    pub(crate) body: String,
}

/// The messages that ask for a step of this order that is over, and are not withdrawn yet: as this transaction has it.
pub(crate) async fn over(conn: &mut Conn, order: Uuid) -> StoreResult<Vec<Over>> {
    const SQL: &str =
        "SELECT b.id, b.person_id, b.address, b.body FROM outbox AS b JOIN work_order AS o ON o.id = b.order_id
        WHERE b.order_id = $1 AND (o.status <> 'in_review' OR o.step <> b.step)
          AND NOT EXISTS (SELECT 1 FROM outbox AS r WHERE r.revokes = b.id) ORDER BY b.key";
    waiting::rows(conn, SQL, vec![order.into()]).await
}

/// Whether the message with this id is still to be sent.
pub(crate) async fn is_waiting(conn: &mut Conn, id: Uuid) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM outbox WHERE id = $1 AND state = 'waiting'";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(id).fetch_one(c).await)?;
    Ok(n > 0)
}

/// What a message is about.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) kind: Option<OrderKind>,
    /// What 配置完成 changed, in a sentence.
    pub(crate) configured: Option<String>,
    /// What a message may ask for.
    pub(crate) could_ask: Option<Asked>,
    /// How often the order's step was urged.
    pub(crate) urges: i64,
}

/// What people are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Asked {
    /// To decide this step, from 1.
    Step { order: Uuid, step: i64 },
    /// What a publication in this state has waited for since then. Milliseconds.
    Turn { publication: Uuid, state: String, since: i64 },
}

/// What a message is about, as this transaction has it.
pub(crate) async fn subject(conn: &mut Conn, publication: Uuid, order: Option<Uuid>) -> StoreResult<Option<Subject>> {
    const SQL: &str = "SELECT COALESCE(p.name, x.name, '') AS name, o.kind, o.step, p.state, p.turn_since,
            o.configured_difference, (SELECT COUNT(*) FROM work_order_urge AS u WHERE u.order_id = o.id AND u.step = o.step)
        FROM (SELECT 1 AS one) AS this
        LEFT JOIN publication AS p ON p.id = $1 LEFT JOIN stock_application AS x ON x.id = $1
        LEFT JOIN work_order AS o ON o.id = $2";
    type Row = (String, Option<String>, Option<i64>, Option<String>, Option<i64>, Option<String>, i64);
    let rows: Vec<Row> = waiting::rows(conn, SQL, vec![publication.into(), Value::MaybeId(order)]).await?;
    let Some((name, word, step, state, since, difference, urges)) = rows.into_iter().next() else { return Ok(None) };
    let could_ask = match (order, step, state.zip(since)) {
        (Some(order), Some(step), _) => Some(Asked::Step { order, step }),
        (None, _, Some((state, since))) => Some(Asked::Turn { publication, state, since }),
        _ => None,
    };
    let configured = difference.as_deref().map(configured).filter(|text| !text.is_empty());
    Ok(Some(Subject { name, kind: word.map(|word| kind(&word)).transpose()?, configured, could_ask, urges }))
}

/// Whether it is still to be done; of a step: by this person.
pub(crate) async fn is_asked(conn: &mut Conn, asked: &Asked, person: Option<Uuid>) -> StoreResult<bool> {
    const STEP: &str = "SELECT COUNT(*) FROM work_order AS o WHERE o.id = $1 AND o.step = $2 AND o.status = 'in_review'
        AND NOT EXISTS (SELECT 1 FROM work_order_decision AS d WHERE d.order_id = o.id AND d.person_id = $3)";
    const TURN: &str = "SELECT COUNT(*) FROM publication WHERE id = $1 AND state = $2 AND turn_since = $3";
    let n: i64 = match asked {
        Asked::Step { order, step } => {
            on!(conn, c => sqlx::query_scalar(STEP).bind(*order).bind(*step).bind(person).fetch_one(c).await)?
        }
        Asked::Turn { publication, state, since } => {
            on!(conn, c => sqlx::query_scalar(TURN).bind(*publication).bind(state).bind(*since).fetch_one(c).await)?
        }
    };
    Ok(n > 0)
}

/// A message that is ours to send.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Due {
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    pub(crate) person_id: Option<Uuid>,
    pub(crate) address: Option<String>,
    pub(crate) body: String,
    /// How often it was taken, with this time.
    pub(crate) attempts: i64,
    pub(crate) created_at: i64,
    /// It withdraws the message with this id.
    pub(crate) revokes: Option<Uuid>,
}

/// Whether there is one that is due and nobody's: asked of a reader, so that looking writes nothing.
pub(crate) async fn is_due(conn: &mut Conn, carrier: Carrier, now: UtcMillis) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE state = 'waiting' AND carrier = $1
        AND next_at <= $2 AND (lease_until IS NULL OR lease_until < $2) LIMIT 1) AS found";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(carrier.id()).bind(now.0).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Takes the first one that is due and nobody's, until `until`. `None`: there is none, or another was faster.
pub(crate) async fn claim(
    conn: &mut Conn,
    carrier: Carrier,
    holder: Uuid,
    now: UtcMillis,
    until: UtcMillis,
) -> StoreResult<Option<Due>> {
    const FIND: &str =
        "SELECT key, id, person_id, address, body, attempts + 1 AS attempts, created_at, revokes FROM outbox
        WHERE state = 'waiting' AND carrier = $1 AND next_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
        ORDER BY next_at, key LIMIT 1";
    // Whoever comes second on PostgreSQL waits for the first, and then finds the lease.
    const TAKE: &str = "UPDATE outbox SET lease_holder = $2, lease_until = $3, attempts = attempts + 1
        WHERE key = $1 AND state = 'waiting' AND next_at <= $4 AND (lease_until IS NULL OR lease_until < $4)";
    let found: Option<Due> =
        on!(conn, c => sqlx::query_as(FIND).bind(carrier.id()).bind(now.0).fetch_optional(c).await)?;
    let Some(due) = found else { return Ok(None) };
    let taken = on!(conn, c => sqlx::query(TAKE)
        .bind(due.key)
        .bind(holder)
        .bind(until.0)
        .bind(now.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok((taken == 1).then_some(due))
}

/// It was taken. Whoever noted it: it is true.
pub(crate) async fn mark_sent(conn: &mut Conn, key: i64, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE outbox SET state = 'sent', sent_at = $2, lease_holder = NULL, lease_until = NULL,
        last_error = NULL WHERE key = $1 AND state <> 'sent'";
    on!(conn, c => sqlx::query(SQL).bind(key).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// It did not go. It is tried again at `next`, or given up without one; only its holder may say so.
pub(crate) async fn mark_failed(
    conn: &mut Conn,
    key: i64,
    holder: Uuid,
    error: &str,
    next: Option<UtcMillis>,
) -> StoreResult<()> {
    const AGAIN: &str = "UPDATE outbox SET next_at = $4, last_error = $3, lease_holder = NULL, lease_until = NULL
        WHERE key = $1 AND lease_holder = $2 AND state = 'waiting'";
    const DEAD: &str = "UPDATE outbox SET state = 'dead', last_error = $3, lease_holder = NULL, lease_until = NULL
        WHERE key = $1 AND lease_holder = $2 AND state = 'waiting'";
    match next {
        Some(next) => on!(conn, c => sqlx::query(AGAIN).bind(key).bind(holder).bind(error).bind(next.0)
            .execute(c).await.map(|_| ()))?,
        None => on!(conn, c => sqlx::query(DEAD).bind(key).bind(holder).bind(error).execute(c).await.map(|_| ()))?,
    }
    Ok(())
}

/// Takes away what nobody need be told any more; only its holder may. If it was never handed over, nothing is withdrawn either.
pub(crate) async fn drop_lapsed(conn: &mut Conn, due: &Due, holder: Uuid) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM outbox WHERE key = $1 AND lease_holder = $2 AND state = 'waiting'";
    const NOTHING_TO_REVOKE: &str = "DELETE FROM outbox WHERE revokes = $1 AND state = 'waiting'";
    let key = due.key;
    let gone = on!(conn, c => sqlx::query(SQL).bind(key).bind(holder).execute(c).await.map(|it| it.rows_affected()))?;
    if gone == 1 && due.attempts == 1 {
        on!(conn, c => sqlx::query(NOTHING_TO_REVOKE).bind(due.id).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Forgets all leases: where one process writes, who held them is dead.
pub(crate) async fn forget_leases(conn: &mut Conn) -> StoreResult<()> {
    const SQL: &str = "UPDATE outbox SET lease_holder = NULL, lease_until = NULL
        WHERE state = 'waiting' AND lease_holder IS NOT NULL";
    on!(conn, c => sqlx::query(SQL).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// How many wait and how many are given up, of each carrier.
pub(crate) async fn counts(conn: &mut Conn) -> StoreResult<Vec<(Carrier, i64, i64)>> {
    const SQL: &str = "SELECT carrier, state, COUNT(*) FROM outbox WHERE state = 'waiting' GROUP BY carrier, state
        UNION ALL SELECT carrier, state, COUNT(*) FROM outbox WHERE state = 'dead' GROUP BY carrier, state";
    let rows: Vec<(String, String, i64)> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let of = |carrier: Carrier, state: &str| {
        rows.iter().find(|row| row.0 == carrier.id() && row.1 == state).map_or(0, |row| row.2)
    };
    Ok(Carrier::ALL.map(|carrier| (carrier, of(carrier, "waiting"), of(carrier, "dead"))).into())
}

/// A message that is given up.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Dead {
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    carrier: String,
    pub(crate) address: Option<String>,
    pub(crate) body: String,
    pub(crate) attempts: i64,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: i64,
}

impl Dead {
    pub(crate) fn carrier(&self) -> StoreResult<Carrier> {
        Carrier::from_id(&self.carrier)
            .ok_or_else(|| StoreError::Unreadable { what: "outbox.carrier", value: self.carrier.clone() })
    }
}

const BY_KEY: KeyColumn = KeyColumn {
    below: " AND key < ?",
    above: " AND key > ?",
    ascending: " ORDER BY key ASC LIMIT ?",
    descending: " ORDER BY key DESC LIMIT ?",
};

/// A page of those that are given up, newest first (with [`Part::After`]: nearest first), at most `limit`.
pub(crate) async fn dead(conn: &mut Conn, part: Part, limit: i64) -> StoreResult<Vec<Dead>> {
    const SQL: &str = "SELECT key, id, carrier, address, body, attempts, last_error, created_at FROM outbox
        WHERE state = 'dead'";
    let mut rows = Statement::starting(SQL);
    rows.add_part(&BY_KEY, part, limit);
    rows.rows(conn).await
}

/// Sends one that is given up again, with the same id and all its attempts; whether there was one.
pub(crate) async fn resend(conn: &mut Conn, id: Uuid, now: UtcMillis) -> StoreResult<bool> {
    const SQL: &str =
        "UPDATE outbox SET state = 'waiting', attempts = 0, next_at = $2 WHERE id = $1 AND state = 'dead'";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id).bind(now.0).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// Sends all of a carrier that are given up again; how many.
pub(crate) async fn resend_all(conn: &mut Conn, carrier: Carrier, now: UtcMillis) -> StoreResult<u64> {
    const SQL: &str =
        "UPDATE outbox SET state = 'waiting', attempts = 0, next_at = $1 WHERE state = 'dead' AND carrier = $2";
    Ok(on!(conn, c => sqlx::query(SQL)
        .bind(now.0)
        .bind(carrier.id())
        .execute(c)
        .await
        .map(|it| it.rows_affected()))?)
}

/// Removes what was sent before.
pub(crate) async fn delete_sent(conn: &mut Conn, before: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM outbox WHERE state = 'sent' AND sent_at < $1";
    on!(conn, c => sqlx::query(SQL).bind(before.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Id, address, body, state, attempts, when next, last error: of tests.
#[cfg(test)]
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) carrier: String,
    pub(crate) address: Option<String>,
    pub(crate) body: String,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) next_at: i64,
    pub(crate) last_error: Option<String>,
}

/// All, in their order: of tests.
#[cfg(test)]
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<Row>> {
    const SQL: &str =
        "SELECT id, carrier, address, body, state, attempts, next_at, last_error FROM outbox ORDER BY key";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}
