//! Signing in by a second device: the desk shows a code, the phone, on which the person is signed in, confirms it, the desk goes
//! on by itself (lifecycle.md, Signing in).
//!
//! A code is used once, within two minutes, and signs in the browser alone that asked for it: it has a secret that is not in the
//! picture. Start reading at [`ask`].

use super::session::{self, Token};
use super::sign_in::{LONGEST_AGENT, admit, entering, note_refusal};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::record;
use crate::store::person;
use crate::store::sign_in_code::{self as store, NewCode};
use domain::view::person::{CodeState, WhoAsks};
use domain::{PersonId, Role, UtcMillis};
use serde_json::json;

/// A code is good for so long. Milliseconds.
pub const LIFE_MS: i64 = 2 * 60 * 1000;

/// What was confirmed in time may be taken a little later. Milliseconds.
const GRACE_MS: i64 = 30 * 1000;

/// Codes of one address that are good at the same time, at most: an office is behind one.
pub(super) const ALIVE_MOST: i64 = 500;

/// Whose phone may sign a desk in. Not an administrator's: they show who they are each time (identity.md).
const WHOSE: [Role; 4] = [Role::Staff, Role::Reviewer, Role::Operator, Role::Developer];

/// A new code, and the secret of the browser that asked. Has no `Debug`, so that it is in no log.
pub struct NewSignInCode {
    /// Stands in the picture.
    pub code: Token,
    /// For the browser's cookie.
    pub browser: Token,
}

/// A code for the browser that asks, in place of its last one; `browser` is its secret, if it has one.
///
/// # Errors
/// [`Error::TooOften`]; the store fails.
pub async fn ask(engine: &Engine, ctx: &Ctx, browser: Option<&str>, agent: &str) -> Result<NewSignInCode> {
    let alive = UtcMillis(ctx.now.0 - LIFE_MS);
    let counted_from = ctx.counted_from();
    if store::asked_from(&mut engine.db().reader().await?, &counted_from, alive).await? >= ALIVE_MOST {
        return Err(Error::TooOften { wait_ms: LIFE_MS });
    }
    let (code, code_hash) = session::new_token(engine);
    let (browser, browser_hash) = match browser.and_then(session::token) {
        Some(known) => known,
        None => session::new_token(engine),
    };
    let new = NewCode {
        code: code_hash,
        browser: browser_hash,
        address: ctx.address.to_string(),
        counted_from,
        agent: agent.chars().take(LONGEST_AGENT).collect(),
        at: ctx.now,
    };
    let write = engine.db().write(new, |conn, new| {
        Box::pin(async move {
            store::delete_stale(conn, UtcMillis(new.at.0 - LIFE_MS - GRACE_MS), &new.browser).await?;
            store::insert(conn, &new).await
        })
    });
    write.await?;
    Ok(NewSignInCode { code, browser })
}

/// How far the code is, for the browser that asked for it; for any other it is over.
///
/// # Errors
/// The store fails.
pub async fn state(engine: &Engine, ctx: &Ctx, code: &str, browser: &str) -> Result<CodeState> {
    let found = store::of(&mut engine.db().reader().await?, &session::hash_of(code)).await?;
    let Some(row) = found.filter(|row| row.browser_hash == session::hash_of(browser)) else {
        return Ok(CodeState::Over);
    };
    let age = ctx.now.0 - row.asked_at;
    Ok(match row.confirmed {
        Some(true) if age < LIFE_MS + GRACE_MS => CodeState::Confirmed,
        Some(false) => CodeState::Refused,
        None if age < LIFE_MS => CodeState::Waiting,
        Some(true) | None => CodeState::Over,
    })
}

/// Who asks, from where: for the phone, before it confirms.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`] (administrators), [`Error::CodeOver`]; the store fails.
pub async fn who_asks(engine: &Engine, ctx: &Ctx, code: &str) -> Result<WhoAsks> {
    ctx.with_role(&WHOSE)?;
    let found = store::of(&mut engine.db().reader().await?, &session::hash_of(code)).await?;
    let row = found.filter(|row| row.confirmed.is_none() && ctx.now.0 - row.asked_at < LIFE_MS);
    let row = row.ok_or(Error::CodeOver)?;
    Ok(WhoAsks { address: row.address, agent: row.agent, asked_at: UtcMillis(row.asked_at) })
}

/// The phone confirms or refuses.
///
/// # Errors
/// As [`who_asks`].
pub async fn decide(engine: &Engine, ctx: &Ctx, code: &str, confirmed: bool) -> Result<()> {
    let action = if confirmed { "session.confirm_code" } else { "session.refuse_code" };
    let object = ("person", ctx.person()?.person.0);
    let desk = record::noted(engine, ctx, action, object, who_asks(engine, ctx, code).await).await?;
    let (person, hash) = (ctx.person()?.person, session::hash_of(code));
    let detail = json!({ "desk": desk.address, "agent": desk.agent });
    let event = Event { detail, ..Event::done(action, "person", person.0.to_string()) };
    let decide = engine.db().write((ctx.clone(), event), move |conn, s| {
        Box::pin(async move {
            let (ctx, event) = &*s;
            let alive = UtcMillis(ctx.now.0 - LIFE_MS);
            let decided = store::decide(conn, &hash, person, confirmed, alive).await?;
            if decided {
                audit::append(conn, ctx, event).await?;
            }
            Ok(decided)
        })
    });
    if decide.await? { Ok(()) } else { Err(Error::CodeOver) }
}

/// The browser that asked takes its confirmed code: it is signed in as who confirmed, and the code is gone.
///
/// # Errors
/// [`Error::CodeOver`]: not confirmed, too late, used, of another browser, or the account is disabled; the store fails.
pub async fn take(engine: &Engine, ctx: &Ctx, code: &str, browser: &str, agent: &str) -> Result<Token> {
    let (code, browser) = (session::hash_of(code), session::hash_of(browser));
    let mut conn = engine.db().reader().await?;
    let row = store::of(&mut conn, &code).await?.ok_or(Error::CodeOver)?;
    let found = match row.person_id {
        Some(id) => person::by_id(&mut conn, PersonId(id)).await?,
        None => None,
    };
    drop(conn);
    let alive = UtcMillis(ctx.now.0 - LIFE_MS - GRACE_MS);
    let Some(person) = found.filter(|person| person.active && row.browser_hash == browser) else {
        return refuse(engine, ctx).await;
    };
    let (token, plan) = entering(engine, ctx, person, agent, json!({ "by": "code" }));
    let admitted = engine.db().write(plan, move |conn, plan| {
        Box::pin(async move {
            let taken = store::take(conn, &code, &browser, alive).await?;
            if taken {
                admit(conn, &plan, &[]).await?;
            }
            Ok(taken)
        })
    });
    if !admitted.await? {
        return refuse(engine, ctx).await;
    }
    session::forget(engine, ctx);
    Ok(token)
}

/// Somebody has a code that is there, and may not take it.
async fn refuse(engine: &Engine, ctx: &Ctx) -> Result<Token> {
    note_refusal(engine, ctx, "code", String::new(), json!({ "by": "code" })).await?;
    Err(Error::CodeOver)
}
