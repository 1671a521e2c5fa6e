//! What the ways to sign in elsewhere have in common: a browser leaves with a state that is bound to it by a secret of its own, comes
//! back once, and a person whom the other side knows gets a session. Start at [`leave`].

use super::session::{self, Token};
use super::sign_in::{admit, entering};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::oidc;
use crate::store::person::Person;
use crate::store::person_kept::{self, Shut};
use crate::store::sign_in_trip::{self as store, Trip};
use domain::UtcMillis;
use serde_json::json;

/// A browser may be away for so long. Milliseconds.
pub const LIFE_MS: i64 = 10 * 60 * 1000;

/// Browsers of one address that are away at the same time, at most: an office is behind one.
pub(super) const AWAY_MOST: i64 = 500;

/// Longest code that is looked at. Bytes.
const LONGEST: usize = 2_048;

/// Where a browser goes. Who left for one does not come back from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    DingTalk,
    Oidc,
}

impl Way {
    fn hash_of(self, state: &str) -> [u8; 32] {
        match self {
            Self::DingTalk => session::hash_of(state),
            Self::Oidc => session::hash_of(&format!("oidc {state}")),
        }
    }
}

/// A browser on its way. Has no `Debug`, so that it is in no log.
pub struct Leaving {
    /// The page elsewhere.
    pub address: String,
    /// For the browser's cookie.
    pub browser: Token,
}

/// Why somebody who was found is not let in after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotIn {
    Shut(Shut),
    /// The account is somebody else's by now.
    Unlinked,
}

/// A state, and the browser's secret, which is `browser` if it has one; `next` is the page of ours to go on to.
///
/// # Errors
/// [`Error::TooOften`]; the store fails.
pub(super) async fn leave(
    engine: &Engine,
    ctx: &Ctx,
    way: Way,
    browser: Option<&str>,
    next: String,
) -> Result<(Token, Token)> {
    let alive = UtcMillis(ctx.now.0 - LIFE_MS);
    let address = ctx.counted_from();
    if store::left_from(&mut engine.db().reader().await?, &address, alive).await? >= AWAY_MOST {
        return Err(Error::TooOften { wait_ms: LIFE_MS });
    }
    let (state, _) = session::new_token(engine);
    // Two windows of one browser may be away at once.
    let (browser, browser_hash) = match browser.and_then(session::token) {
        Some(known) => known,
        None => session::new_token(engine),
    };
    let state_hash = way.hash_of(state.as_str());
    let trip = Trip { state: state_hash, browser: browser_hash, address, next, at: ctx.now };
    let write = engine.db().write(trip, |conn, trip| {
        Box::pin(async move {
            store::delete_stale(conn, UtcMillis(trip.at.0 - LIFE_MS)).await?;
            store::insert(conn, &trip).await
        })
    });
    write.await?;
    Ok((state, browser))
}

/// The browser is back: where it goes on, once; `None`: it is late, was here before, or is another one.
pub(super) async fn end(engine: &Engine, ctx: &Ctx, way: Way, state: &str, browser: &str) -> Result<Option<String>> {
    // What is no token of ours in form must not become another way's by what stands before it.
    let (Some((state, _)), Some((_, browser))) = (session::token(state), session::token(browser)) else {
        return Ok(None);
    };
    let state = way.hash_of(state.as_str());
    let after = UtcMillis(ctx.now.0 - LIFE_MS);
    let end =
        engine.db().write((), move |conn, _| Box::pin(async move { store::end(conn, &state, &browser, after).await }));
    Ok(end.await?)
}

/// A code that is worth asking about.
pub(super) fn short(code: &str) -> Option<&str> {
    Some(code).filter(|code| !code.is_empty() && code.len() <= LONGEST)
}

/// A new session; or why there is none. `link` is by whom of an OpenID provider's the account was found: (issuer, subject).
pub(super) async fn enter(
    engine: &Engine,
    ctx: &Ctx,
    person: Person,
    agent: &str,
    by: &'static str,
    link: Option<(String, String)>,
) -> Result<std::result::Result<Token, NotIn>> {
    let id = person.person_id();
    let (token, entering) = entering(engine, ctx, person, agent, json!({ "by": by }));
    let admitted = engine.db().write((entering, link), move |conn, s| {
        Box::pin(async move {
            let (entering, link) = &*s;
            // Here and not before: a role may be given, the account stopped or the link undone at any time.
            if let Some(shut) = person_kept::hold_open(conn, id).await? {
                return Ok(Some(NotIn::Shut(shut)));
            }
            if let Some((issuer, subject)) = link
                && oidc::person(conn, issuer, subject).await? != Some(id)
            {
                return Ok(Some(NotIn::Unlinked));
            }
            admit(conn, entering, &[]).await?;
            Ok(None)
        })
    });
    if let Some(why) = admitted.await? {
        return Ok(Err(why));
    }
    session::forget(engine, ctx);
    Ok(Ok(token))
}
