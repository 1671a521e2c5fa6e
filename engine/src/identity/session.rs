//! Sessions: a 256-bit token in the browser, its SHA-256 in the database (identity.md, Sign-in).

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::{Ctx, SignedIn};
use crate::error::Result;
use crate::store::{Conn, StoreResult, person, session};
use domain::{PersonId, UtcMillis};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;

/// A session ends after so long without a request. Milliseconds.
pub const IDLE_MS: i64 = 30 * 60 * 1000;

/// A session ends after so long in all. Milliseconds.
pub const WHOLE_MS: i64 = 12 * 60 * 60 * 1000;

/// Use is noted at most so often. Milliseconds.
const TOUCH_EVERY_MS: i64 = 60 * 1000;

/// A session is taken from memory for so long: this is how late another process learns that it was ended, where it could not
/// hear of it ([`crate::live::follow`]). Milliseconds.
const CACHED_MS: i64 = 5_000;

/// Memory is given back after so long without use.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Sessions in memory at most.
const CACHE_SIZE: u64 = 10_000;

/// What the browser keeps: 64 hexadecimal digits. Has no `Debug`, so that it is in no log.
pub struct Token(String);

impl Token {
    /// The cookie's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sessions seen lately.
pub(crate) struct SessionCache {
    known: Cache<[u8; 32], Known>,
    /// Grows whenever some are forgotten: what was read before is not remembered after.
    forgotten: AtomicU64,
    /// Tells streams, which ask for no session again.
    ended: broadcast::Sender<Ended>,
}

/// Whose session may have ended, or their roles: whoever it is looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The session with this hash.
    One([u8; 32]),
    /// Those of a person.
    Of(PersonId),
    /// Any.
    Any,
}

impl Ended {
    /// Whether this one is meant.
    pub(crate) fn concerns(self, who: &SignedIn) -> bool {
        match self {
            Self::One(hash) => hash == who.session,
            Self::Of(person) => person == who.person,
            Self::Any => true,
        }
    }
}

/// What is told at once, at most, before who is late is told that it may be any.
const TOLD_MOST: usize = 256;

#[derive(Clone)]
struct Known {
    who: Arc<SignedIn>,
    created_at: i64,
    seen_at: Arc<AtomicI64>,
    loaded_at: i64,
}

impl SessionCache {
    pub(crate) fn new() -> Self {
        let known = Cache::builder().max_capacity(CACHE_SIZE).time_to_idle(FORGOTTEN).build();
        Self { known, forgotten: AtomicU64::new(0), ended: broadcast::Sender::new(TOLD_MOST) }
    }

    /// Keeps what was read, unless some were forgotten since: it may have been read before that.
    fn remember(&self, hash: [u8; 32], known: &Known, before: u64) {
        let is_true = || self.forgotten.load(Ordering::SeqCst) == before;
        if is_true() {
            self.known.insert(hash, known.clone());
            if !is_true() {
                self.known.invalidate(&hash);
            }
        }
    }

    fn forget(&self, hash: &[u8; 32]) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate(hash);
        self.tell(Ended::One(*hash));
    }

    fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate_all();
        self.tell(Ended::Any);
    }

    fn forget_of(&self, person: PersonId) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        for (hash, _) in self.known.iter().filter(|(_, known)| known.who.person == person) {
            self.known.invalidate(hash.as_ref());
        }
        self.tell(Ended::Of(person));
    }

    fn tell(&self, ended: Ended) {
        // Nobody may be listening.
        let _ = self.ended.send(ended);
    }

    /// Hears of what ends from now on.
    pub(crate) fn endings(&self) -> broadcast::Receiver<Ended> {
        self.ended.subscribe()
    }
}

/// Who this token's session belongs to: `None` when it is unknown, over, or the account is disabled. Notes the use, if it is one:
/// what a page asks by itself keeps nobody signed in.
///
/// # Errors
/// The store fails.
pub async fn resolve(engine: &Engine, token: &str, now: UtcMillis, is_use: bool) -> Result<Option<Arc<SignedIn>>> {
    let hash = hash_of(token);
    let fresh = |known: &Known| now.0 - known.loaded_at < CACHED_MS;
    let cache = engine.sessions();
    let known = match cache.known.get(&hash).filter(fresh) {
        Some(known) => known,
        None => {
            let before = cache.forgotten.load(Ordering::SeqCst);
            match load(engine, hash, now).await? {
                Some(known) => {
                    cache.remember(hash, &known, before);
                    known
                }
                None => {
                    cache.known.invalidate(&hash);
                    return Ok(None);
                }
            }
        }
    };
    let seen_at = known.seen_at.load(Ordering::Relaxed);
    if now.0 - seen_at >= IDLE_MS || now.0 - known.created_at >= WHOLE_MS {
        return Ok(None);
    }
    if is_use && now.0 - seen_at >= TOUCH_EVERY_MS {
        known.seen_at.store(now.0, Ordering::Relaxed);
        let touch =
            engine.db().write((hash, now), |conn, s| Box::pin(async move { session::touch(conn, &s.0, s.1).await }));
        // A note that can't be written is no reason to turn a person away.
        if let Err(error) = touch.await {
            tracing::error!(error = %error, "the use of a session could not be noted");
        }
    }
    Ok(Some(known.who))
}

/// Whether the session still lives. Does not count as use: a stream keeps nobody signed in.
///
/// # Errors
/// The store fails.
pub(crate) async fn stands(engine: &Engine, who: &SignedIn) -> Result<bool> {
    let now = engine.now();
    let Some(known) = load(engine, who.session, now).await? else { return Ok(false) };
    let seen_at = known.seen_at.load(Ordering::Relaxed);
    Ok(now.0 - seen_at < IDLE_MS && now.0 - known.created_at < WHOLE_MS && known.who.roles == who.roles)
}

async fn load(engine: &Engine, hash: [u8; 32], now: UtcMillis) -> Result<Option<Known>> {
    let mut conn = engine.db().reader().await?;
    let Some(row) = session::by_token(&mut conn, &hash).await? else { return Ok(None) };
    if !row.person_active {
        return Ok(None);
    }
    let id = PersonId(row.person_id);
    let roles = person::roles(&mut conn, id).await?;
    let who = Arc::new(SignedIn { person: id, name: row.person_name, roles, session: hash, api_token: None });
    Ok(Some(Known {
        who,
        created_at: row.created_at,
        seen_at: Arc::new(AtomicI64::new(row.seen_at)),
        loaded_at: now.0,
    }))
}

/// Ends the session that asks.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn end(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let who = ctx.person()?;
    let hash = who.session;
    let event = ended(who.person);
    engine
        .db()
        .write((ctx.clone(), event), move |conn, s| {
            Box::pin(async move {
                let (ctx, event) = &*s;
                session::delete(conn, &hash).await?;
                audit::append(conn, ctx, event).await
            })
        })
        .await?;
    engine.sessions().forget(&hash);
    Ok(())
}

/// Somebody's session ended, as the log has it.
pub(super) fn ended(person: PersonId) -> Event {
    Event::done("session.end", "person", person.0.to_string())
}

/// Removes sessions that are over.
///
/// # Errors
/// The store fails.
pub async fn sweep(engine: &Engine) -> Result<u64> {
    let now = engine.now().0;
    // Use is noted to the minute.
    let (seen, made) = (UtcMillis(now - IDLE_MS - TOUCH_EVERY_MS), UtcMillis(now - WHOLE_MS));
    let sweep =
        engine.db().write((seen, made), |conn, s| Box::pin(async move { session::delete_stale(conn, s.0, s.1).await }));
    Ok(sweep.await?)
}

/// A new session's token, and what of it is stored.
pub(crate) fn new_token(engine: &Engine) -> (Token, [u8; 32]) {
    let token: String = engine.entropy().bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = hash_of(&token);
    (Token(token), hash)
}

/// A token that a browser sent, if it has the form of one, with what of it is stored.
pub(crate) fn token(sent: &str) -> Option<(Token, [u8; 32])> {
    let fits = sent.len() == 64 && sent.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| (Token(sent.to_owned()), hash_of(sent)))
}

/// Writes a new session in place of the one that asked, if any: a token never outlives a sign-in.
pub(super) async fn replace(
    conn: &mut Conn,
    ctx: &Ctx,
    person: PersonId,
    hash: &[u8; 32],
    agent: &str,
) -> StoreResult<()> {
    if let Some(old) = &ctx.signed_in {
        session::delete(conn, &old.session).await?;
    }
    session::insert(conn, hash, person.0, ctx.now, &ctx.address, agent).await
}

/// Drops the session that asked from memory, after it was replaced.
pub(super) fn forget(engine: &Engine, ctx: &Ctx) {
    if let Some(old) = &ctx.signed_in {
        engine.sessions().forget(&old.session);
    }
}

/// Drops all sessions from memory, after some were ended: they are looked up again.
pub(crate) fn forget_all(engine: &Engine) {
    engine.sessions().forget_all();
}

/// The same of one person.
pub(crate) fn forget_of(engine: &Engine, person: PersonId) {
    engine.sessions().forget_of(person);
}

pub(super) fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}
