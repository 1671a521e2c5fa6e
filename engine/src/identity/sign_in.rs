//! Signing in: by account and password, or, in a demo, with one click (identity.md, Sign-in).

use super::attempt::{self, Tried};
use super::authenticator;
use super::hashing::Place;
use super::policy;
use super::session::{self, Token};
use super::totp;
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::person::Person;
use crate::store::{Conn, StoreResult, account, person, sign_in_failure};
use domain::dashboard::DAY_MS;
use domain::view::person::DemoPerson;
use domain::{PersonId, Role, RoleSet, UtcMillis};
use serde_json::json;

/// Longest account name and code that are looked at, in bytes.
const LONGEST: usize = 256;

/// Longest password, in bytes: 128 characters of any script.
const LONGEST_PASSWORD: usize = 512;

/// Longest browser name that is kept, in characters.
pub(super) const LONGEST_AGENT: usize = 200;

/// What a person shows who they are with, as typed. Has no `Debug`, so that it is in no log.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// 账号.
    pub account: &'a str,
    /// 密码.
    pub password: &'a str,
    /// 动态验证码, or a recovery code; empty where none is bound.
    pub code: &'a str,
}

/// What came of a password that is right.
pub enum Entered {
    /// A session.
    In(Token),
    /// None, until an authenticator is bound: what is offered has this code ([`authenticator::look`]).
    Binds(Token),
}

#[cfg(test)]
impl Entered {
    /// The session, if there is one.
    pub(crate) fn inside(self) -> Option<Token> {
        match self {
            Self::In(token) => Some(token),
            Self::Binds(_) => None,
        }
    }
}

/// Signs in by account and password, and by a one-time code where an authenticator is bound; where one is demanded and none is bound,
/// leads to that first. `agent` is the browser's name for the list of sessions.
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::TooOften`], [`Error::Busy`]; [`Error::NotActivated`]: an administrator of a real site without an
/// authenticator; [`Error::PasswordOver`]; the store fails.
pub async fn by_password(engine: &Engine, ctx: &Ctx, typed: Credentials<'_>, agent: &str) -> Result<Entered> {
    let Shown { person, proof, .. } = shown(engine, ctx, typed).await?;
    let (account, known) = (person.account.clone(), person.clone());
    let roles = person::roles(&mut engine.db().reader().await?, person.person_id()).await?;
    let lacks = person.totp_secret.is_none() && authenticator::is_demanded(engine, roles).await?;
    if is_not_activated(&proof, roles) {
        // A password alone must not bind what opens an administrator's account.
        return refused(engine, ctx, account, Error::NotActivated).await;
    }
    let life_ms = i64::from(policy::present(engine).await?.days) * DAY_MS;
    if person.password_set_at.is_some_and(|set_at| ctx.now.0 - set_at >= life_ms) {
        return refused(engine, ctx, account, Error::PasswordOver).await;
    }
    if lacks {
        return authenticator::at_sign_in(engine, ctx, person).await.map(Entered::Binds);
    }
    let (token, entering) = entering(engine, ctx, person, agent, json!({ "by": proof.word() }));
    let admit = engine.db().write((entering, proof, known), move |conn, s| {
        Box::pin(async move {
            let spent = spend(conn, &s.2, &s.1).await?;
            if spent {
                admit(conn, &s.0, &[]).await?;
            }
            Ok(spent)
        })
    });
    if !admit.await? {
        // Somebody was as fast with the same code, or what signs in was changed meanwhile.
        return refuse(engine, ctx, account).await;
    }
    session::forget(engine, ctx);
    Ok(Entered::In(token))
}

/// What stands beside the password.
pub(super) enum Proof {
    /// No authenticator is bound.
    None {
        /// Where nobody has to.
        demo: bool,
    },
    /// The code of a step.
    Step(i64),
    /// A recovery code's hash.
    Recovery([u8; 32]),
}

impl Proof {
    fn word(&self) -> &'static str {
        match self {
            Self::None { .. } => "password",
            Self::Step(_) => "password_and_code",
            Self::Recovery(_) => "password_and_recovery_code",
        }
    }
}

/// Whether a password is all that an administrator of a real site has shown: it opens nothing, and changes nothing.
pub(super) fn is_not_activated(proof: &Proof, roles: RoleSet) -> bool {
    matches!(proof, Proof::None { demo: false }) && roles.iter().any(Role::is_administrator)
}

/// Somebody who has shown who they are.
pub(super) struct Shown {
    pub(super) person: Person,
    pub(super) proof: Proof,
    /// In which their password waited: whatever else is compared or hashed for them waits in it.
    pub(super) place: Place,
}

/// Who has shown who they are. What stands beside the password is not used up by this: [`spend`].
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::TooOften`], [`Error::Busy`]; the store fails.
pub(super) async fn shown(engine: &Engine, ctx: &Ctx, typed: Credentials<'_>) -> Result<Shown> {
    let (account, password) = (typed.account.trim().to_lowercase(), typed.password);
    if account.len() > LONGEST
        || password.len() > LONGEST_PASSWORD
        || typed.code.len() > LONGEST
        || account.contains(char::is_control)
    {
        // No account is called so, and nothing is hashed: counted and noted under no name.
        attempt::count(engine, ctx, Tried { account: String::new(), is_known: false }).await?;
        return refuse_unknown(engine, ctx, String::new()).await;
    }
    let found = person::by_account(&mut engine.db().reader().await?, &account).await?;
    let is_known = found.is_some();
    let tried = Tried { account: account.clone(), is_known };
    attempt::turn_away(engine, ctx, &tried).await?;
    // Before it is counted: who finds no place has not failed.
    let place = place(engine, ctx, found.as_ref())?;
    attempt::count(engine, ctx, tried).await?;
    let hash = found.as_ref().and_then(|p| p.password_hash.clone());
    let fits = engine.hashing().fits(place.clone(), password.to_owned(), hash).await?;
    let known = match found.filter(|p| fits && p.active) {
        Some(person) => proof(engine, &person, typed.code, ctx.now).await?.map(|proof| Shown { person, proof, place }),
        // Nobody waits for the log in a place where passwords are compared.
        None => {
            drop(place);
            None
        }
    };
    match known {
        Some(known) => Ok(known),
        None if is_known => refuse(engine, ctx, account).await,
        None => refuse_unknown(engine, ctx, account).await,
    }
}

/// Where it waits: in a place of the person who is signed in, if the account is their own; else in one of the address, which may be a whole
/// office's.
fn place(engine: &Engine, ctx: &Ctx, found: Option<&Person>) -> Result<Place> {
    let own = ctx.signed_in.as_ref().filter(|who| found.is_some_and(|found| found.person_id() == who.person));
    match own {
        Some(who) => engine.hashing().place_of(who.person),
        None => engine.hashing().place_from(&ctx.counted_from()),
    }
}

/// `None`: an authenticator is bound, and this is nothing of it.
async fn proof(engine: &Engine, person: &Person, code: &str, now: UtcMillis) -> Result<Option<Proof>> {
    let Some(secret) = &person.totp_secret else { return Ok(Some(Proof::None { demo: engine.is_demo() })) };
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(totp::step_of(secret, &typed, now, person.totp_step).map(Proof::Step));
    }
    // Looked up now: whatever is answered further on tells that the password is right.
    let hash = totp::recovery_hash(&typed);
    let there = account::has_recovery_code(&mut engine.db().reader().await?, person.person_id(), &hash).await?;
    Ok(there.then_some(Proof::Recovery(hash)))
}

/// Uses it up; whether it was still to be used, and password and authenticator are still those that were shown, and enough: without an
/// authenticator nobody is an administrator of a real site.
pub(super) async fn spend(conn: &mut Conn, person: &Person, proof: &Proof) -> StoreResult<bool> {
    if !account::hold_credentials(conn, person).await? {
        return Ok(false);
    }
    match proof {
        // Here and not before: a role may be given at any time, and a password alone opens no administrator's account.
        Proof::None { demo: true } => Ok(true),
        Proof::None { demo: false } => {
            Ok(!person::roles(conn, person.person_id()).await?.iter().any(Role::is_administrator))
        }
        Proof::Step(step) => account::use_step(conn, person.person_id(), *step).await,
        Proof::Recovery(hash) => account::use_recovery_code(conn, person.person_id(), hash).await,
    }
}

/// Signs a demo person in with one click.
///
/// # Errors
/// [`Error::NotFound`] where this is no demo, or there is no such person; the store fails.
pub async fn by_demo_click(engine: &Engine, ctx: &Ctx, account: &str, agent: &str) -> Result<Token> {
    if !engine.is_demo() {
        return Err(Error::NotFound);
    }
    let found = person::by_account(&mut engine.db().reader().await?, account).await?;
    enter(engine, ctx, found.filter(|p| p.active).ok_or(Error::NotFound)?, agent).await
}

/// The people of a demo, in the order in which they were made; empty where this is no demo.
///
/// # Errors
/// The store fails.
pub async fn demo_people(engine: &Engine) -> Result<Vec<DemoPerson>> {
    if !engine.is_demo() {
        return Ok(Vec::new());
    }
    let rows = person::all_with_role(&mut engine.db().reader().await?).await?;
    let view = |row: person::DemoPerson| {
        let role = Role::from_id(&row.role)?;
        Some(DemoPerson { account: row.account, name: row.name, department: row.department, role, region: row.region })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// The password of every demo account.
pub fn demo_password() -> &'static str {
    crate::demo::PASSWORD
}

/// What a sign-in writes.
pub(super) struct Entering {
    ctx: Ctx,
    event: Event,
    person: PersonId,
    account: String,
    hash: [u8; 32],
    agent: String,
}

/// A new session for a person who has shown who they are; `how` is for the audit log.
pub(super) fn entering(
    engine: &Engine,
    ctx: &Ctx,
    person: Person,
    agent: &str,
    how: serde_json::Value,
) -> (Token, Entering) {
    let (token, hash) = session::new_token(engine);
    let agent: String = agent.chars().take(LONGEST_AGENT).collect();
    let id = person.person_id();
    let done = Event::done("session.sign_in", "person", id.0.to_string());
    let event = Event { person: Some((id, person.name)), detail: how, ..done };
    (token, Entering { ctx: ctx.clone(), event, person: id, account: person.account, hash, agent })
}

/// Writes it; the audit events are the transaction's last statement: also those of what else it did, which come first. Whoever appended them
/// before would wait for an attempt's count with the log in hand, while the attempt waits for the log.
pub(super) async fn admit(conn: &mut Conn, entering: &Entering, further: &[Event]) -> StoreResult<()> {
    let Entering { ctx, event, person, account, hash, agent } = entering;
    sign_in_failure::delete(conn, account, &ctx.counted_from()).await?;
    session::replace(conn, ctx, *person, hash, agent).await?;
    // Whose session it was before is told, too: other processes hear by the log what ended.
    let before = ctx.signed_in.as_ref().map(|old| old.person).filter(|before| before != person);
    let events: Vec<Event> = further.iter().cloned().chain(before.map(session::ended)).chain([event.clone()]).collect();
    audit::append_all(conn, ctx, &events).await.map(|_| ())
}

async fn enter(engine: &Engine, ctx: &Ctx, person: Person, agent: &str) -> Result<Token> {
    let (token, entering) = entering(engine, ctx, person, agent, json!({}));
    let admit =
        engine.db().write(entering, |conn, entering| Box::pin(async move { admit(conn, &entering, &[]).await }));
    admit.await?;
    session::forget(engine, ctx);
    Ok(token)
}

pub(super) async fn refuse<T>(engine: &Engine, ctx: &Ctx, account: String) -> Result<T> {
    note_of_account(engine, ctx, account.clone(), json!({ "account": account })).await?;
    Err(Error::WrongCredentials)
}

/// The same where there is no such account: names are made up without end.
async fn refuse_unknown<T>(engine: &Engine, ctx: &Ctx, account: String) -> Result<T> {
    note_refusal(engine, ctx, "password", account.clone(), json!({ "account": account })).await?;
    Err(Error::WrongCredentials)
}

pub(super) async fn refused<T>(engine: &Engine, ctx: &Ctx, account: String, why: Error) -> Result<T> {
    note_of_account(engine, ctx, account.clone(), json!({ "account": account, "why": why.to_string() })).await?;
    Err(why)
}

/// Notes in the audit log that somebody was not let in, each time. For where that costs them something, so that it fills no log: a password of
/// this account was tried, and the pair of account and address has to wait ([`attempt`]).
pub(super) async fn note_of_account(
    engine: &Engine,
    ctx: &Ctx,
    account: String,
    detail: serde_json::Value,
) -> Result<()> {
    Ok(audit::note(engine, ctx, not_in(account, detail)).await?)
}

/// Notes in the audit log that somebody was not let in, by a way that costs them nothing; of an address the first ones each hour, the others
/// by their number ([`audit::note_sign_in`]). Who it was is not known; under which name they tried, if under any, is what they tried it
/// on, so that it is found again.
pub(super) async fn note_refusal(
    engine: &Engine,
    ctx: &Ctx,
    way: &'static str,
    account: String,
    detail: serde_json::Value,
) -> Result<()> {
    let write = engine.db().write((ctx.clone(), not_in(account, detail)), move |conn, s| {
        Box::pin(async move { audit::note_sign_in(conn, &s.0, way, &s.1, 1).await })
    });
    Ok(write.await?)
}

/// Notes in the audit log that somebody was not let in whom another side has named, by a hash of who that is: of each of them the first ones
/// each hour, the others by their number ([`audit::note_proved`]). Whoever has an account there may come on and on.
pub(super) async fn note_proved(
    engine: &Engine,
    ctx: &Ctx,
    way: &'static str,
    who: [u8; 32],
    account: String,
    detail: serde_json::Value,
) -> Result<()> {
    let write = engine.db().write((ctx.clone(), not_in(account, detail)), move |conn, s| {
        Box::pin(async move { audit::note_proved(conn, &s.0, way, &who, &s.1).await })
    });
    Ok(write.await?)
}

fn not_in(account: String, detail: serde_json::Value) -> Event {
    Event { detail, ..Event::refused("session.sign_in", "account", account) }
}
