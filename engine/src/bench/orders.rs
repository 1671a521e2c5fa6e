//! Orders that ended, over ten months: what lists of orders and the 工单看板 look through.

use super::names::chance;
use super::{GROUP, STAFF};
use crate::Engine;
use crate::error::{Error, Result};
use crate::store::publication_list::{self, Filter, Part, Reach};
use crate::store::work_order_change::{self as change, NewDecision, NewOrder};
use crate::store::{Conn, StoreError, StoreResult, person};
use crate::work_order::form::OrderForm;
use domain::dashboard::DAY_MS;
use domain::fields::ValidOffline;
use domain::routing::{Step, Whose};
use domain::{Need, OrderKind, OrderStatus, PersonId, RegionCode, Role, Side, State, UtcMillis};
use std::sync::Arc;
use uuid::Uuid;

/// How long ago the first was filed. Days.
const DAYS: i64 = 300;

/// Publications that they are of, at most.
const PUBLICATIONS: i64 = 10_000;

struct Shared {
    engine: Engine,
    publications: Vec<Uuid>,
    staff: PersonId,
    reviewers: [PersonId; 2],
    orders: u32,
}

/// Writes so many orders of publications that are live; the last ended just now.
///
/// # Errors
/// The store fails, or this is no demo.
pub async fn seed_orders(engine: &Engine, orders: u32, written: impl Fn(u32)) -> Result<()> {
    let mut conn = engine.db().reader().await?;
    let filter = Filter {
        side: Side::Service,
        reach: Reach::All,
        system: None,
        state: Some(State::Published),
        key: None,
        keyword: None,
        channel: None,
        region: None,
        updated_from: None,
    };
    let (live, _) = publication_list::page(&mut conn, &filter, (Part::First, PUBLICATIONS), 0).await?;
    let shared = Arc::new(Shared {
        engine: engine.clone(),
        publications: live.into_iter().map(|row| row.id).collect(),
        staff: account(&mut conn, STAFF).await?,
        reviewers: [account(&mut conn, "limin").await?, account(&mut conn, "zhoutao").await?],
        orders,
    });
    drop(conn);
    for from in (0..orders).step_by(GROUP as usize) {
        let to = orders.min(from + GROUP);
        let what = (Arc::clone(&shared), from, to);
        engine.db().write(what, |conn, what| Box::pin(group(conn, what))).await?;
        written(to);
    }
    Ok(())
}

async fn account(conn: &mut Conn, account: &str) -> Result<PersonId> {
    Ok(person::by_account(conn, account).await?.ok_or(Error::NotFound)?.person_id())
}

async fn group(conn: &mut Conn, what: Arc<(Arc<Shared>, u32, u32)>) -> StoreResult<()> {
    let (shared, from, to) = &*what;
    for n in *from..*to {
        write(conn, shared, n).await?;
    }
    Ok(())
}

async fn write(conn: &mut Conn, shared: &Shared, n: u32) -> StoreResult<()> {
    let number = u64::try_from(shared.publications.len()).unwrap_or(1).max(1);
    let at = usize::try_from(chance(n, 7) % number).unwrap_or_default();
    let Some(publication) = shared.publications.get(at) else { return Ok(()) };
    let region = |code| RegionCode::parse(code).ok_or(StoreError::Closed);
    let step = |region| Step { role: Role::Reviewer, whose: Whose::Region(region), need: Need::One };
    // They end one after the other, up to now; each takes up to two days.
    let end = shared.engine.now().0 - i64::from(shared.orders - n - 1) * (DAYS * DAY_MS / i64::from(shared.orders));
    let takes = i64::try_from(chance(n, 8) % 172_800_000).unwrap_or(1);
    let order = NewOrder {
        id: shared.engine.entropy().id(UtcMillis(end - takes)),
        kind: OrderKind::Offline,
        publication: Some(*publication),
        stock: None,
        version: None,
        bundle: None,
        initiator: shared.staff,
        form: OrderForm::Offline(ValidOffline { reason: "业务合并".to_owned(), substitute: None }).stored(),
        steps: vec![step(region("330100")?), step(region("330000")?)],
        routing: 0,
        now: UtcMillis(end - takes),
    };
    change::insert(conn, &order).await?;
    let [city, province] = shared.reviewers;
    let first = NewDecision { person: city, step: 1, approved: true, comment: "", now: UtcMillis(end - takes / 2) };
    change::insert_decision(conn, order.id, &first).await?;
    change::advance(conn, order.id, 1, first.now).await?;
    let approved = !chance(n, 9).is_multiple_of(10);
    let comment = if approved { "" } else { "材料不全，请补充后再提交" };
    let last = NewDecision { person: province, step: 2, approved, comment, now: UtcMillis(end) };
    change::insert_decision(conn, order.id, &last).await?;
    let status = if approved { OrderStatus::Approved } else { OrderStatus::Refused };
    change::close(conn, order.id, status, UtcMillis(end)).await
}
