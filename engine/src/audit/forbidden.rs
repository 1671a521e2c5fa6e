//! Refusals (identity.md, Audit). Whoever asks on and on for what is not theirs fills no log: of each person and function [`ONE_BY_ONE`]
//! an hour have a row of their own, the others are counted in the database, for all processes, and one row says how many they were. Of
//! who is not signed in, the address is counted ([`Ctx::counted_from`]), and of sign-ins the way; all of them together have [`OF_ALL`],
//! for whoever has many addresses. Whom another side has named is counted as who that is. Start at [`note_refusal`].
//!
//! Also the net below all functions and pages: what was forbidden is in the log, even where its function does not say so. Those that
//! change something say it themselves, with their own action and object (`record.rs`); whoever answers 403 asks here ([`note_forbidden`]).
//! What is out of reach is not found (404), as what is not there: that is in the log where its function says so alone.

use super::{Event, append, append_all};
use crate::Engine;
use crate::ctx::Ctx;
use crate::store::audit_event as store;
use crate::store::refusal_count::{self as counts, OverRow};
use crate::store::{Conn, StoreResult};
use domain::{PersonId, UtcMillis};
use moka::sync::Cache;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Rows of a person, or an address, and a function within a window.
pub(crate) const ONE_BY_ONE: i64 = 20;

/// Rows of all who are not signed in together, and a function, within a window.
pub(crate) const OF_ALL: i64 = 1_000;

/// A window, from its first refusal on. Milliseconds.
pub(crate) const WINDOW_MS: i64 = 60 * 60 * 1000;

/// Windows that are looked for at once, and how often in one go: what is left then waits for the next one.
const CLOSED_MOST: i64 = 1_000;
const ROUNDS: usize = 100;

/// Before a way to sign in, in the name of what is counted.
const SIGN_IN: &str = "session.sign_in ";

/// Longest name of what was asked that is kept, in characters.
const NAME_MOST: usize = 200;

/// Parts of a path that tell functions apart, and the longest word that may be one. Others are somebody's ids.
const PARTS: usize = 6;
const WORD_MOST: usize = 24;

/// Requests of this process whose refusal was only counted: it is not looked for in the log. Of a moment.
pub(crate) struct Counted(Cache<Arc<str>, ()>);

impl Counted {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(60)).build())
    }
}

/// Notes that somebody was refused a function, or counts it.
///
/// # Errors
/// The store fails.
pub(crate) async fn note_refusal(engine: &Engine, ctx: &Ctx, function: &str, event: Event) -> StoreResult<()> {
    let write = engine.db().write((ctx.clone(), function.to_owned(), event), |conn, s| {
        Box::pin(async move { noted(conn, &s.0, &s.1, &s.2, 1).await })
    });
    if !write.await? {
        engine.counted().0.insert(ctx.request_id.clone(), ());
    }
    Ok(())
}

/// Notes that somebody was not let in by this way, or counts it, within the transaction whose end it is. For where anybody may try without
/// end at no cost; which account it is is not known there, or was made up. `many`: for so many it stands where it has no row of its own.
///
/// # Errors
/// The store fails.
pub(crate) async fn note_sign_in(conn: &mut Conn, ctx: &Ctx, way: &str, event: &Event, many: i64) -> StoreResult<()> {
    noted(conn, ctx, &format!("{SIGN_IN}{way}"), event, many).await.map(|_| ())
}

/// The same of somebody whom another side has named, by a hash of who that is: they have rows of their own, which nobody else uses up.
///
/// # Errors
/// The store fails.
pub(crate) async fn note_proved(
    conn: &mut Conn,
    ctx: &Ctx,
    way: &str,
    who: &[u8; 32],
    event: &Event,
) -> StoreResult<()> {
    let function = format!("{SIGN_IN}{way}");
    let more = one_more(conn, counts::of_proved(who), &function, ctx.now, ONE_BY_ONE, 1).await?;
    let Some(more) = more else { return Ok(()) };
    let said = (more > 0).then(|| Event { object: event.object.clone(), ..counted(None, &function, more) });
    let events: Vec<Event> = said.into_iter().chain([event.clone()]).collect();
    append_all(conn, ctx, &events).await.map(|_| ())
}

/// Whether it has a row of its own; where it has none, it is counted as so many.
async fn noted(conn: &mut Conn, ctx: &Ctx, function: &str, event: &Event, many: i64) -> StoreResult<bool> {
    let person = ctx.signed_in.as_ref().map(|who| (who.person, who.name.clone()));
    let id = person.as_ref().map_or_else(|| counts::of_address(&ctx.counted_from()), |(person, _)| person.0);
    // Nothing of the address where all have had theirs: nobody fills the table either. Where they have not, nothing is held yet: the address
    // comes first, and then all, for everybody. (But where all begin anew at this moment: PostgreSQL then ends one of two that wait for
    // each other, and it is tried again.)
    let after = UtcMillis(ctx.now.0 - WINDOW_MS);
    if person.is_none() && counts::count_where_full(conn, counts::ALL, function, (after, OF_ALL), many).await? {
        return Ok(false);
    }
    let Some(more) = one_more(conn, id, function, ctx.now, ONE_BY_ONE, many).await? else { return Ok(false) };
    let of_all = match person {
        None => one_more(conn, counts::ALL, function, ctx.now, OF_ALL, many).await?,
        Some(_) => Some(0),
    };
    if let Some(more) = of_all.filter(|more| *more > 0) {
        let nowhere = Ctx { address: "".into(), ..ctx.clone() };
        append(conn, &nowhere, &counted(None, function, more)).await?;
    }
    let said = (more > 0).then(|| counted(person, function, more));
    let events: Vec<Event> = said.into_iter().chain(of_all.map(|_| event.clone())).collect();
    append_all(conn, ctx, &events).await?;
    Ok(of_all.is_some())
}

/// One more of a window of so many rows, or the first of a new one. `None`: it has no row, and is counted as so many; else how many of the
/// window before it have yet to be told.
async fn one_more(
    conn: &mut Conn,
    who: Uuid,
    function: &str,
    now: UtcMillis,
    rows: i64,
    many: i64,
) -> StoreResult<Option<i64>> {
    let of = counts::hold_or_know(conn, who, function, now).await?;
    if now.0 - of.since >= WINDOW_MS {
        counts::begin(conn, who, function, now).await?;
        return Ok(Some(of.more));
    }
    if of.noted < rows {
        counts::note(conn, who, function).await?;
        return Ok(Some(0));
    }
    counts::count(conn, who, function, many).await?;
    Ok(None)
}

/// How many were not noted one by one; `person`: whose they were, if they were signed in.
fn counted(person: Option<(PersonId, String)>, function: &str, more: i64) -> Event {
    if let Some(way) = function.strip_prefix(SIGN_IN) {
        let detail = json!({ "by": way, "turned_away": more });
        return Event { detail, person, ..Event::refused("session.sign_in", "account", "") };
    }
    let detail = match domain::words::audit_action(function) {
        Some(_) => json!({ "action": function, "turned_away": more }),
        None => json!({ "turned_away": more }),
    };
    Event { detail, person, ..Event::refused("request.send", "request", function) }
}

/// Says of windows that are over how many refusals were counted in them, and forgets them. How many windows there were.
///
/// # Errors
/// The store fails.
pub async fn close_windows(engine: &Engine) -> crate::Result<usize> {
    let ctx = Ctx::of_the_clock(engine.now(), "refusals");
    let until = UtcMillis(ctx.now.0 - WINDOW_MS);
    let mut closed = 0;
    for _ in 0..ROUNDS {
        let over = counts::over(&mut engine.db().reader().await?, until, CLOSED_MOST).await?;
        for row in &over {
            let write = engine.db().write((ctx.clone(), row.clone()), move |conn, s| {
                Box::pin(async move { close(conn, &s.0, &s.1, until).await })
            });
            write.await?;
        }
        closed += over.len();
        if i64::try_from(over.len()).is_ok_and(|many| many < CLOSED_MOST) {
            break;
        }
    }
    Ok(closed)
}

async fn close(conn: &mut Conn, ctx: &Ctx, row: &OverRow, until: UtcMillis) -> StoreResult<()> {
    // Another window may have begun meanwhile.
    let held = counts::hold(conn, row.who, &row.what).await?;
    let Some(of) = held.filter(|of| of.since <= until.0) else { return Ok(()) };
    counts::delete(conn, row.who, &row.what).await?;
    if of.more > 0 {
        let person = row.person_name.clone().map(|name| (PersonId(row.who), name));
        let address = if person.is_none() { counts::address_of(row.who) } else { String::new() };
        let ctx = Ctx { address: address.into(), ..ctx.clone() };
        append(conn, &ctx, &counted(person, &row.what, of.more)).await?;
    }
    Ok(())
}

/// Notes that what this request asked for, to be read or changed, was forbidden, unless that was noted. `what` is its path. Who is not
/// signed in is nobody whose refusal could be told from another's: that is not noted.
///
/// # Errors
/// The store fails.
pub async fn note_forbidden(engine: &Engine, ctx: &Ctx, what: &str) -> StoreResult<()> {
    let is_counted = engine.counted().0.contains_key(&ctx.request_id);
    if ctx.signed_in.is_none() || is_counted || is_refused_under(engine, &ctx.request_id).await? {
        return Ok(());
    }
    let named: String = what.chars().take(NAME_MOST).collect();
    let event = Event { detail: json!({ "why": "forbidden" }), ..Event::refused("request.send", "request", named) };
    note_refusal(engine, ctx, &shape_of(what), event).await
}

/// A path without ids: whoever asks for another one each time asks for one function.
fn shape_of(path: &str) -> String {
    let is_word = |part: &str| {
        part.len() <= WORD_MOST && part.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-".contains(&byte))
    };
    let parts = path.split('/').take(PARTS).map(|part| if is_word(part) { part } else { "{}" });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether the log says that something was refused under this request's id.
///
/// # Errors
/// The store fails.
pub async fn is_refused_under(engine: &Engine, request_id: &str) -> StoreResult<bool> {
    store::is_refused_under(&mut engine.db().reader().await?, request_id).await
}
