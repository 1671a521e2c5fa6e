//! Live sessions, for their owner and for the security administrator, who end them (identity.md, Sign-in).

use super::session::{self, IDLE_MS, WHOLE_MS};
use crate::Engine;
use crate::application_system::containing;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::keyset::COUNT_MOST;
use crate::publication::ENV;
use crate::record;
use crate::store::account;
use crate::store::session::{self as store, LiveSession, Place};
use domain::query::{PAGE_SIZE, SessionFrom, SessionQuery, of_place, place};
use domain::view::session::{SESSIONS_MOST, SessionPage, SessionRow};
use domain::{PersonId, Role, UtcMillis};
use serde_json::json;

const SECURITY: [Role; 1] = [Role::SecurityAdministrator];

/// A page of everybody's live sessions, of names and accounts that contain the keyword. A page that would be empty is the first one.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn all(engine: &Engine, ctx: &Ctx, query: &SessionQuery) -> Result<SessionPage> {
    ctx.with_role(&SECURITY)?;
    let (pattern, size) = (containing(&ENV.clean(&query.keyword)), usize::from(PAGE_SIZE));
    let mut conn = engine.db().reader().await?;
    // One more than the page has: it tells whether there is another.
    let limit = i64::from(PAGE_SIZE) + 1;
    let mut from = query.from.clone();
    let mut rows = store::live(&mut conn, &pattern, alive(ctx), begins(&from), limit).await?;
    // All of that page have ended meanwhile: who leafed there sees those that are left, from the newest.
    if rows.is_empty() && from != SessionFrom::Start {
        from = SessionFrom::Start;
        rows = store::live(&mut conn, &pattern, alive(ctx), begins(&from), limit).await?;
    }
    let total = store::count_live(&mut conn, &pattern, alive(ctx), COUNT_MOST).await?;
    let (more, upwards) = (rows.len() > size, matches!(from, SessionFrom::After(_)));
    rows.truncate(size);
    if upwards {
        rows.reverse();
    }
    let (above, below) = (upwards && more || matches!(from, SessionFrom::Before(_)), more || upwards);
    let place_of = |row: &LiveSession| place(row.created_at, &name_of(&row.token_hash));
    let (newer, older) = (rows.first().filter(|_| above).map(place_of), rows.last().filter(|_| below).map(place_of));
    Ok(SessionPage { rows: shown(ctx, rows), cut: false, total, newer, older })
}

/// What the store is asked for. An id is a beginning: what has it lies behind it, and before what is higher than all of its kind.
fn begins(from: &SessionFrom) -> Place {
    let of = |text: &str| {
        let (at, id) = of_place(text)?;
        let byte = |n: usize| id.get(2 * n..2 * n + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        Some((at, (0..NAMED_BY).filter_map(byte).collect::<Vec<u8>>()))
    };
    match from {
        SessionFrom::Start => Place::First,
        SessionFrom::Before(text) => of(text).map_or(Place::First, |(at, hash)| Place::Before(at, hash)),
        SessionFrom::After(text) => of(text).map_or(Place::First, |(at, mut hash)| {
            hash.resize(HASH, 0xff);
            Place::After(at, hash)
        }),
    }
}

/// One's own live sessions.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn own(engine: &Engine, ctx: &Ctx) -> Result<SessionPage> {
    let person = ctx.person()?.person;
    let limit = i64::try_from(SESSIONS_MOST).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = store::live_of(&mut engine.db().reader().await?, person, alive(ctx), limit).await?;
    let cut = rows.len() > SESSIONS_MOST;
    rows.truncate(SESSIONS_MOST);
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Ok(SessionPage { rows: shown(ctx, rows), cut, total, newer: None, older: None })
}

/// Whatever was used, and made, after these times is live.
fn alive(ctx: &Ctx) -> (UtcMillis, UtcMillis) {
    (UtcMillis(ctx.now.0 - IDLE_MS), UtcMillis(ctx.now.0 - WHOLE_MS))
}

fn shown(ctx: &Ctx, rows: Vec<LiveSession>) -> Vec<SessionRow> {
    let here = ctx.signed_in.as_ref().map(|who| who.session.to_vec());
    let row = |row: LiveSession| SessionRow {
        id: name_of(&row.token_hash),
        here: Some(&row.token_hash) == here.as_ref(),
        name: row.name,
        account: row.account,
        address: row.address,
        agent: row.agent,
        created_at: UtcMillis(row.created_at),
        seen_at: UtcMillis(row.seen_at),
    };
    rows.into_iter().map(row).collect()
}

/// Bytes of a hash.
const HASH: usize = 32;

/// Bytes of a hash that name its session.
const NAMED_BY: usize = 16;

/// A part of the hash: names the session, and opens nothing.
fn name_of(hash: &[u8]) -> String {
    crate::files::hex(hash.get(..NAMED_BY).unwrap_or(hash))
}

/// Ends one of anybody's sessions, for the security administrator; of one's own, for everybody.
///
/// # Errors
/// [`Error::NotSignedIn`]; [`Error::Forbidden`]: another person's; [`Error::NotFound`]: it is over; the store fails.
pub async fn end(engine: &Engine, ctx: &Ctx, id: &str) -> Result<()> {
    let who = ctx.person()?;
    let named = store::named(&mut engine.db().reader().await?, id, alive(ctx)).await?;
    let Some((hash, person)) = named else { return Err(Error::NotFound) };
    if person != who.person.0 {
        record::admitted(engine, ctx, &SECURITY, "session.end_other", ("person", person)).await?;
    }
    let own = person == who.person.0;
    let action = if own { "session.end" } else { "session.end_other" };
    let event = Event { detail: json!({ "sessions": 1 }), ..Event::done(action, "person", person.to_string()) };
    let write = engine.db().write((ctx.clone(), event, hash), |conn, s| {
        Box::pin(async move {
            let (ctx, event, hash) = &*s;
            store::delete(conn, hash).await?;
            audit::append(conn, ctx, event).await
        })
    });
    write.await?;
    session::forget_of(engine, PersonId(person));
    Ok(())
}

/// Ends all of one's own sessions but the one that asks.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn end_others(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let who = ctx.person()?;
    let (person, here) = (who.person, who.session);
    let event = session::ended(person);
    let write = engine.db().write((ctx.clone(), event), move |conn, s| {
        Box::pin(async move {
            let (ctx, event) = &*s;
            let ended = account::end_other_sessions(conn, person, &here).await?;
            let event = Event { detail: json!({ "sessions": ended }), ..event.clone() };
            if ended > 0 {
                audit::append(conn, ctx, &event).await?;
            }
            Ok(())
        })
    });
    write.await?;
    session::forget_of(engine, person);
    Ok(())
}
