//! A long audit log, of what was done to publications over ten months, in the product's own chain.

use super::by_staff;
use super::names::{name, pick};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::audit_event::{self, AuditRow};
use crate::store::{Conn, StoreResult};
use domain::dashboard::DAY_MS;
use domain::{State, UtcMillis};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Events in one transaction.
const GROUP: u32 = 20_000;

/// Events that travel to the database at once: more of them would be a text that takes longer to prepare than to run.
const TOGETHER: u32 = 50;

/// How long ago the first happened. Days.
const DAYS: i64 = 300;

/// What they happened to.
const PUBLICATIONS: u32 = 5_000;

/// Rows whose size is looked at.
const SAMPLE: i64 = 10_000;

/// What happened, from one state to the other.
const DEEDS: [(&str, State, State); 6] = [
    ("publication.submit_for_acceptance", State::Preparing, State::AwaitingAcceptance),
    ("publication.accept", State::AwaitingAcceptance, State::AwaitingRelease),
    ("publication.submit_for_approval", State::AwaitingRelease, State::ReleaseInReview),
    ("work_order.approve", State::ReleaseInReview, State::Published),
    ("publication.upgrade", State::Published, State::UpgradeDeploying),
    ("publication.cancel_upgrade", State::UpgradeDeploying, State::Published),
];

struct Shared {
    engine: Engine,
    ctx: Ctx,
    /// Of each publication, number and id.
    publications: Vec<(u32, Uuid)>,
    events: u32,
}

impl Shared {
    /// When the `n`th happened: one after the other, up to now.
    fn at(&self, n: u32) -> UtcMillis {
        UtcMillis(self.ctx.now.0 - i64::from(self.events - n) * (DAYS * DAY_MS) / i64::from(self.events))
    }
}

/// Appends so many events to the audit log of a demo; calls `written` now and then with how many there are.
///
/// # Errors
/// The store fails, or this is no demo.
pub async fn seed_audit(engine: &Engine, events: u32, written: impl Fn(u32)) -> Result<()> {
    let ctx = by_staff(engine).await?;
    let publications = (0..PUBLICATIONS).map(|n| (n, engine.entropy().id(ctx.now))).collect();
    let shared = Arc::new(Shared { engine: engine.clone(), ctx, publications, events });
    for from in (0..events).step_by(GROUP as usize) {
        let to = events.min(from + GROUP);
        let what = (Arc::clone(&shared), from, to);
        engine.db().write(what, |conn, what| Box::pin(group(conn, what))).await?;
        written(to);
    }
    Ok(())
}

async fn group(conn: &mut Conn, what: Arc<(Arc<Shared>, u32, u32)>) -> StoreResult<()> {
    let (shared, from, to) = &*what;
    for n in *from..*to {
        let now = shared.at(n);
        let request_id = shared.engine.entropy().id(now).to_string().into();
        audit::append(conn, &Ctx { now, request_id, ..shared.ctx.clone() }, &event(shared, n)).await?;
        if (n + 1).is_multiple_of(TOGETHER) {
            // A statement that is answered takes with it what waits.
            audit_event::newest(conn).await?;
        }
    }
    Ok(())
}

fn event(shared: &Shared, n: u32) -> Event {
    let (action, from, to) = pick(&DEEDS, n, 10).unwrap_or(DEEDS[0]);
    let (of, id) = pick(&shared.publications, n, 11).unwrap_or_default();
    let detail = json!({ "name": name(of), "from": from.id(), "to": to.id(), "version": n });
    Event { detail, ..Event::done(action, "publication", id.to_string()) }
}

/// How many bytes a walk of the whole log hashes, by the size of its newest rows.
///
/// # Errors
/// The store fails.
pub async fn audit_bytes(engine: &Engine) -> Result<u64> {
    let mut conn = engine.db().reader().await?;
    let newest = audit_event::newest(&mut conn).await?;
    let rows = audit_event::after(&mut conn, (newest - SAMPLE).max(0), SAMPLE).await?;
    let bytes: usize = rows.iter().map(hashed).sum();
    Ok((bytes as f64 / rows.len().max(1) as f64 * newest as f64) as u64)
}

/// Of one row.
fn hashed(row: &AuditRow) -> usize {
    row.previous_hash.len() + audit::canonical(row).len()
}
