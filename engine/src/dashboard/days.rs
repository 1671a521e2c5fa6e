//! What the last days brought. A day that is over does not change: it is read once a process and kept, for all viewers.

use crate::store::dashboard as store;
use crate::store::{Conn, StoreResult};
use domain::dashboard::{DAYS, begin_of, day_of, percentile};
use domain::view::dashboard::DayFigures;
use domain::{OrderStatus, UtcMillis};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Changes that were begun before midnight are committed by then.
const SETTLED_MS: i64 = 60_000;

/// What a day brought.
pub(super) struct Day {
    pub(super) ended: Vec<EndedOrder>,
    /// How much went live, by application system.
    pub(super) lives: Vec<(Uuid, i64)>,
}

/// An order that ended.
pub(super) struct EndedOrder {
    pub(super) status: OrderStatus,
    /// The application system; `None`: it asked for a 关联.
    pub(super) system: Option<Uuid>,
    /// Who asked for the 关联.
    pub(super) linked_by: Option<Uuid>,
    /// Who decided a step of it.
    pub(super) deciders: Vec<Uuid>,
    /// Each decided step, and how long it took in milliseconds.
    pub(super) durations: Vec<(u8, i64)>,
    /// Why it was refused.
    pub(super) reason: Option<String>,
}

/// The days that are over, one set a process.
#[derive(Default)]
pub(crate) struct Days(Mutex<BTreeMap<i64, Arc<Day>>>);

impl Days {
    /// The last days, the oldest first; the last is today.
    pub(super) async fn last(&self, conn: &mut Conn, now: UtcMillis) -> StoreResult<Vec<(i64, Arc<Day>)>> {
        let today = day_of(now);
        let mut days = Vec::new();
        for day in today - DAYS + 1..=today {
            days.push((day, self.read(conn, day, now).await?));
        }
        Ok(days)
    }

    async fn read(&self, conn: &mut Conn, day: i64, now: UtcMillis) -> StoreResult<Arc<Day>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&day).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let (from, to) = (begin_of(day), begin_of(day + 1));
        let lives = store::lives_by_system(conn, from, to).await?;
        let read = Arc::new(Day { ended: ended(conn, from, to).await?, lives });
        if now.0 > to.0 + SETTLED_MS {
            let mut days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            days.insert(day, Arc::clone(&read));
            days.retain(|kept, _| *kept > day_of(now) - DAYS);
        }
        Ok(read)
    }
}

async fn ended(conn: &mut Conn, from: UtcMillis, to: UtcMillis) -> StoreResult<Vec<EndedOrder>> {
    let rows = store::ended(conn, from, to).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // Both are in the order of the orders.
    let mut decided = store::decided(conn, from, to).await?.into_iter().peekable();
    let mut orders = Vec::new();
    for row in rows {
        let Some(status) = OrderStatus::from_id(&row.status) else { continue };
        let mut order = EndedOrder {
            status,
            system: row.system_id,
            linked_by: row.linked_by,
            deciders: Vec::new(),
            durations: Vec::new(),
            reason: None,
        };
        let (mut begun, mut last): (i64, Option<(i64, i64)>) = (row.filed_at, None);
        while let Some(it) = decided.next_if(|it| it.order_id == row.id) {
            if let Some((step, at)) = last.filter(|(step, _)| *step != it.step) {
                order.durations.push((small(step), at - begun));
                begun = at;
            }
            last = Some((it.step, it.at));
            order.deciders.push(it.person_id);
            order.reason = order.reason.or(it.reason);
        }
        if let Some((step, at)) = last {
            order.durations.push((small(step), at - begun));
        }
        orders.push(order);
    }
    Ok(orders)
}

fn small(step: i64) -> u8 {
    u8::try_from(step).unwrap_or(u8::MAX)
}

/// What these orders make of a day.
pub(super) fn figures<'o>(day: i64, orders: impl Iterator<Item = &'o EndedOrder> + Clone) -> DayFigures {
    let mut sorted: Vec<i64> = orders.clone().flat_map(|order| order.durations.iter().map(|(_, ms)| *ms)).collect();
    sorted.sort_unstable();
    let number =
        |status| i64::try_from(orders.clone().filter(|order| order.status == status).count()).unwrap_or(i64::MAX);
    DayFigures {
        begin: begin_of(day),
        approved: number(OrderStatus::Approved),
        refused: number(OrderStatus::Refused),
        withdrawn: number(OrderStatus::Withdrawn),
        median_ms: percentile(&sorted, 50),
        p90_ms: percentile(&sorted, 90),
    }
}
