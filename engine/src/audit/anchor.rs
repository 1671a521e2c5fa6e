//! 每日锚点: what the log came to by the end of a day. Whoever keeps it, signed elsewhere, can show later that nothing before it was
//! touched or taken away: the same day asked again gives the same text.

use super::{Event, note};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::files::hex;
use crate::record;
use crate::store::{Conn, Database, StoreError, StoreResult, audit_list as store};
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
