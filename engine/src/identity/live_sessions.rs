//! Live sessions, for their owner and for the security administrator, who end them (identity.md, Sign-in).

use super::session::{self, IDLE_MS, WHOLE_MS};
use crate::Engine;
use crate::application_system::containing;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::ENV;
use crate::record;
use crate::store::session::{self as store, LiveSession};
use domain::view::session::{SESSIONS_MOST, SessionPage, SessionRow};
use domain::{PersonId, Role, UtcMillis};
use serde_json::json;
use uuid::Uuid;

const SECURITY: [Role; 1] = [Role::SecurityAdministrator];

/// Everybody's live sessions, of names and accounts that contain the keyword.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn all(engine: &Engine, ctx: &Ctx, keyword: &str) -> Result<SessionPage> {
    ctx.with_role(&SECURITY)?;
    page(engine, ctx, None, &containing(&ENV.clean(keyword))).await
}

/// One's own live sessions.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn own(engine: &Engine, ctx: &Ctx) -> Result<SessionPage> {
    let person = ctx.person()?.person;
    page(engine, ctx, Some(person), "%").await
}

async fn page(engine: &Engine, ctx: &Ctx, person: Option<PersonId>, pattern: &str) -> Result<SessionPage> {
    let limit = i64::try_from(SESSIONS_MOST).unwrap_or(i64::MAX).saturating_add(1);
    let alive = (UtcMillis(ctx.now.0 - IDLE_MS), UtcMillis(ctx.now.0 - WHOLE_MS));
    let mut rows = store::live(&mut engine.db().reader().await?, person, pattern, alive, limit).await?;
    let cut = rows.len() > SESSIONS_MOST;
    rows.truncate(SESSIONS_MOST);
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
    Ok(SessionPage { rows: rows.into_iter().map(row).collect(), cut })
}

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
    let alive = (UtcMillis(ctx.now.0 - IDLE_MS), UtcMillis(ctx.now.0 - WHOLE_MS));
    let named = store::named(&mut engine.db().reader().await?, id, alive).await?;
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
    let (person, here): (Uuid, _) = (who.person.0, who.session);
    let event = Event::done("session.end", "person", person.to_string());
    let write = engine.db().write((ctx.clone(), event), move |conn, s| {
        Box::pin(async move {
            let (ctx, event) = &*s;
            let ended = store::delete_others(conn, person, &here).await?;
            let event = Event { detail: json!({ "sessions": ended }), ..event.clone() };
            if ended > 0 {
                audit::append(conn, ctx, &event).await?;
            }
            Ok(())
        })
    });
    write.await?;
    session::forget_of(engine, PersonId(person));
    Ok(())
}
