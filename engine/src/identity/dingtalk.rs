//! 浙政钉登录: on the desk by redirect, inside the app without a page (identity.md, Sign-in).
//!
//! A browser leaves with a state that is bound to it by a secret of its own, and comes back once with a code; the gateway says whose
//! it is, and the account that is linked with that id is signed in. Start at [`leave`], then [`come_back`]; inside the app
//! [`by_auth_code`].

use super::session::{self, Token};
use super::sign_in::{admit, entering, note_refusal};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::outside::DingTalk;
use crate::store::person::{self, Person};
use crate::store::person_kept;
use crate::store::sign_in_trip::{self as store, Trip};
use dingtalk::Who;
use domain::view::person::OutsideRefusal;
use domain::{Role, UtcMillis};
use serde_json::json;

/// A browser may be away for so long. Milliseconds.
pub const LIFE_MS: i64 = 10 * 60 * 1000;

/// Browsers of one address that are away at the same time, at most: an office is behind one.
const AWAY_MOST: i64 = 500;

/// Longest code that is looked at. Bytes.
const LONGEST: usize = 512;

/// Where the gateway sends browsers back to, below the product's address.
pub const CALLBACK: &str = "/dingtalk/callback";

/// A browser on its way. Has no `Debug`, so that it is in no log.
pub struct Leaving {
    /// The gateway's page.
    pub address: String,
    /// For the browser's cookie.
    pub browser: Token,
}

/// Where a browser goes to sign in, and the secret that it keeps, which is `browser` if it has one; `next` is the page of ours to go
/// on to.
///
/// # Errors
/// [`Error::NotFound`]: the site has no 浙政钉; [`Error::TooOften`]; the store fails.
pub async fn leave(engine: &Engine, ctx: &Ctx, browser: Option<&str>, next: String) -> Result<Leaving> {
    let dingtalk = configured(engine)?;
    let alive = UtcMillis(ctx.now.0 - LIFE_MS);
    if store::left_from(&mut engine.db().reader().await?, &ctx.address, alive).await? >= AWAY_MOST {
        return Err(Error::TooOften { wait_ms: LIFE_MS });
    }
    let (state, state_hash) = session::new_token(engine);
    // Two windows of one browser may be away at once.
    let (browser, browser_hash) = match browser.and_then(session::token) {
        Some(known) => known,
        None => session::new_token(engine),
    };
    let trip = Trip { state: state_hash, browser: browser_hash, address: ctx.address.to_string(), next, at: ctx.now };
    let write = engine.db().write(trip, |conn, trip| {
        Box::pin(async move {
            store::delete_stale(conn, UtcMillis(trip.at.0 - LIFE_MS)).await?;
            store::insert(conn, &trip).await
        })
    });
    write.await?;
    let back = format!("{}{CALLBACK}", engine.workshop().apps.console_address());
    Ok(Leaving { address: dingtalk.client().sign_in_page(&back, state.as_str()), browser })
}

/// The browser is back: signs it in, and answers where it goes on. `browser` is its secret.
///
/// # Errors
/// [`Error::NotFound`]: the site has no 浙政钉; [`Error::Outside`]; the store fails.
pub async fn come_back(
    engine: &Engine,
    ctx: &Ctx,
    state: &str,
    browser: &str,
    code: &str,
    agent: &str,
) -> Result<(Token, String)> {
    let dingtalk = configured(engine)?;
    let (state, browser) = (session::hash_of(state), session::hash_of(browser));
    let after = UtcMillis(ctx.now.0 - LIFE_MS);
    // Used up before anything else is done with it.
    let end =
        engine.db().write((), move |conn, _| Box::pin(async move { store::end(conn, &state, &browser, after).await }));
    let Some(next) = end.await? else { return refuse(engine, ctx, String::new(), OutsideRefusal::Over).await };
    let who = match short(code) {
        Some(code) => asked(dingtalk.client().by_code(code).await),
        None => Err(OutsideRefusal::Over),
    };
    let who = match who {
        Ok(who) => who,
        Err(why) => return refuse(engine, ctx, String::new(), why).await,
    };
    Ok((let_in(engine, ctx, dingtalk, &who, agent, "dingtalk").await?, next))
}

/// Signs in inside the app, by the code that the app gives a page.
///
/// # Errors
/// As [`come_back`].
pub async fn by_auth_code(engine: &Engine, ctx: &Ctx, auth_code: &str, agent: &str) -> Result<Token> {
    let dingtalk = configured(engine)?;
    let who = match short(auth_code) {
        Some(code) => asked(dingtalk.client().by_auth_code(code).await),
        None => Err(OutsideRefusal::Over),
    };
    let who = match who {
        Ok(who) => who,
        Err(why) => return refuse(engine, ctx, String::new(), why).await,
    };
    let_in(engine, ctx, dingtalk, &who, agent, "dingtalk_app").await
}

fn configured(engine: &Engine) -> Result<&DingTalk> {
    engine.workshop().dingtalk.as_ref().ok_or(Error::NotFound)
}

fn short(code: &str) -> Option<&str> {
    Some(code).filter(|code| !code.is_empty() && code.len() <= LONGEST)
}

/// Who it is; a refusal is the code's fault, all else the gateway's.
fn asked(answer: std::result::Result<Who, dingtalk::Error>) -> std::result::Result<Who, OutsideRefusal> {
    answer.map_err(|error| {
        tracing::warn!(error = %error, "浙政钉 did not say who signs in");
        let over = matches!(&error, dingtalk::Error::Refused(refusal) if refusal.by == dingtalk::By::Service);
        if over && !error.is_retryable() { OutsideRefusal::Over } else { OutsideRefusal::Away }
    })
}

async fn let_in(
    engine: &Engine,
    ctx: &Ctx,
    dingtalk: &DingTalk,
    who: &Who,
    agent: &str,
    by: &'static str,
) -> Result<Token> {
    let called = format!("浙政钉 {}", who.account_id);
    if who.tenant_id != Some(dingtalk.tenant()) {
        return refuse(engine, ctx, called, OutsideRefusal::OtherTenant).await;
    }
    let mut conn = engine.db().reader().await?;
    let found = person::by_dingtalk_id(&mut conn, who.account_id).await?.filter(|person| person.active);
    let Some(person) = found else { return refuse(engine, ctx, called, OutsideRefusal::Unknown).await };
    let roles = person::roles(&mut conn, person.person_id()).await?;
    drop(conn);
    if roles.iter().any(Role::is_administrator) {
        return refuse(engine, ctx, person.account, OutsideRefusal::Administrator).await;
    }
    enter(engine, ctx, person, agent, by).await
}

async fn enter(engine: &Engine, ctx: &Ctx, person: Person, agent: &str, by: &'static str) -> Result<Token> {
    let (id, account) = (person.person_id(), person.account.clone());
    let (token, entering) = entering(engine, ctx, person, agent, json!({ "by": by }));
    let admitted = engine.db().write(entering, move |conn, entering| {
        Box::pin(async move {
            // A role may have been given since: administrators come in by password and code alone.
            if person_kept::hold(conn, id).await? {
                return Ok(false);
            }
            admit(conn, &entering).await?;
            Ok(true)
        })
    });
    if !admitted.await? {
        return refuse(engine, ctx, account, OutsideRefusal::Administrator).await;
    }
    session::forget(engine, ctx);
    Ok(token)
}

async fn refuse<T>(engine: &Engine, ctx: &Ctx, called: String, why: OutsideRefusal) -> Result<T> {
    note_refusal(engine, ctx, called, json!({ "by": "dingtalk", "why": why.id() })).await?;
    Err(Error::Outside(why))
}
