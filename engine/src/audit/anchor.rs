//! 每日锚点: what the log came to by the end of a day. Whoever keeps it, signed elsewhere, can show later that nothing before it was
//! touched or taken away: the same day asked again gives the same text, and [`unfit`] finds its row as it was.

use super::{Event, hash_of, note};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::files::hex;
use crate::record;
use crate::store::{Conn, Database, StoreError, StoreResult, audit_event, audit_list as store};
use domain::time::Date;
use domain::view::audit::Anchor;
use domain::{Role, UtcMillis};
use serde_json::json;
use uuid::Uuid;

/// The anchor of a day, or the newest; that it was taken is noted in the log.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; [`Error::NotFound`]: the day is to come, or was before the first event; the store
/// fails.
pub async fn anchor(engine: &Engine, ctx: &Ctx, date: Option<Date>) -> Result<Anchor> {
    record::admitted(engine, ctx, &[Role::Auditor], "audit.anchor", ("audit", Uuid::nil())).await?;
    let mut conn = engine.db().reader().await?;
    let found = match date {
        Some(date) if date > ctx.now.date() => None,
        Some(date) => of(&mut conn, date).await?,
        None => newest(&mut conn, ctx.now).await?,
    };
    drop(conn);
    let anchor = found.ok_or(Error::NotFound)?;
    let event = Event {
        detail: json!({ "date": anchor.date.to_string(), "seq": anchor.seq, "hash": anchor.hash }),
        ..Event::done("audit.anchor", "audit", "")
    };
    note(engine, ctx, event).await?;
    Ok(anchor)
}

/// The newest anchor, of a database that is looked at from outside.
///
/// # Errors
/// The store fails, or has no audit log.
pub async fn newest_anchor(db: &Database, now: UtcMillis) -> Result<Option<Anchor>, StoreError> {
    newest(&mut db.reader().await?, now).await
}

/// Why an anchor does not fit the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The log has no row of its number.
    Missing,
    /// The row of its number has another hash.
    Different,
}

/// Which of these anchors do not fit the log of a database that is looked at from outside, in their order. The chain itself can't tell
/// that its newest rows were taken away, or made anew from some row on: who kept an anchor can.
///
/// # Errors
/// The store fails, or has no audit log.
pub async fn unfit(db: &Database, anchors: &[Anchor]) -> Result<Vec<(Anchor, Unfit)>, StoreError> {
    let mut conn = db.reader().await?;
    let mut found = Vec::new();
    for anchor in anchors {
        let row = audit_event::after(&mut conn, anchor.seq.saturating_sub(1), 1).await?.pop();
        match row.filter(|row| row.seq == anchor.seq) {
            None => found.push((anchor.clone(), Unfit::Missing)),
            Some(row) if row.hash != hash_of(&row) || hex(&row.hash) != anchor.hash => {
                found.push((anchor.clone(), Unfit::Different));
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Of the day that ended last; on the first day of the log, of that day so far.
pub(super) async fn newest(conn: &mut Conn, now: UtcMillis) -> StoreResult<Option<Anchor>> {
    let today = now.date();
    match of(conn, today.before()).await? {
        Some(anchor) => Ok(Some(anchor)),
        None => of(conn, today).await,
    }
}

async fn of(conn: &mut Conn, date: Date) -> StoreResult<Option<Anchor>> {
    let last = store::last_before(conn, date.end()).await?;
    Ok(last.map(|(seq, hash)| Anchor { date, seq, hash: hex(&hash) }))
}
