//! 动态口令: an authenticator that a person binds to an account of their own, changes, and takes off again (identity.md, Sign-in). Whoever
//! is signed in is asked again for all that signs in; whoever is not let in without one comes by their password ([`at_sign_in`]).
//! Start at [`own`].

use super::attempt::forgive;
use super::policy;
use super::session::{self, Token};
use super::sign_in::{Credentials, Proof, Shown, note_of_account, refuse, shown, spend};
use super::{activation, totp};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::record;
use crate::store::account as credentials;
use crate::store::authenticator as store;
use crate::store::person::{self, Person};
use crate::store::{Conn, StoreResult};
use domain::fields::{BindDraft, FieldErrors, FieldId, validate_bind};
use domain::password::AuthenticatorOf;
use domain::view::person::{Authenticator, OfferedAuthenticator, OwnAuthenticator};
use domain::{PersonId, Role, RoleSet, UtcMillis};
use serde_json::json;

/// An offer is good for so long. Milliseconds.
pub const LIFE_MS: i64 = 15 * 60 * 1000;

/// How authenticators call us.
const ISSUER: &str = "应用发布";

/// One's own, as its page shows it.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn own(engine: &Engine, ctx: &Ctx) -> Result<OwnAuthenticator> {
    let who = ctx.person()?;
    let demanded = is_demanded(engine, who.roles).await?;
    let mut conn = engine.db().reader().await?;
    let person = person::by_id(&mut conn, who.person).await?.ok_or(Error::NotSignedIn)?;
    let recovery = store::recovery_codes(&mut conn, who.person).await?;
    let (local, bound) = (person.password_hash.is_some(), person.totp_secret.is_some());
    Ok(OwnAuthenticator { local, bound, demanded, recovery })
}

/// Whether whoever has these roles signs in by password with an authenticator alone. In a demo nobody has to.
pub(super) async fn is_demanded(engine: &Engine, roles: RoleSet) -> Result<bool> {
    let everybody = policy::present(engine).await?.authenticator == AuthenticatorOf::Everybody;
    Ok(!engine.is_demo() && (everybody || roles.iter().any(Role::is_administrator)))
}

/// Offers another authenticator to who is signed in, in place of the one that is bound, if any: that one is good until the new one is
/// bound. Answers the code of the offer.
///
/// # Errors
/// [`Error::NotSignedIn`]; [`Error::WrongCredentials`], [`Error::TooOften`], [`Error::Busy`]; the store fails.
pub async fn begin(engine: &Engine, ctx: &Ctx, password: &str, code: &str) -> Result<Token> {
    let (person, proof) = asked_again(engine, ctx, password, code).await?;
    offer(engine, ctx, person, proof).await
}

/// The same for who has shown their password, and is not let in without an authenticator. That they were not is noted.
///
/// # Errors
/// [`Error::WrongCredentials`]: what signs in was changed meanwhile; the store fails.
pub(super) async fn at_sign_in(engine: &Engine, ctx: &Ctx, person: Person) -> Result<Token> {
    let account = person.account.clone();
    let token = offer(engine, ctx, person, Proof::None { demo: engine.is_demo() }).await?;
    forgive(engine, ctx, &account).await?;
    let why = "an authenticator is to be bound first";
    note_of_account(engine, ctx, account.clone(), json!({ "account": account, "why": why })).await?;
    Ok(token)
}

async fn offer(engine: &Engine, ctx: &Ctx, person: Person, proof: Proof) -> Result<Token> {
    let (id, now) = (person.person_id(), ctx.now);
    let (token, stored) = activation::new(engine);
    let account = person.account.clone();
    let write = engine.db().write((person, proof), move |conn, s| {
        Box::pin(async move {
            let spent = spend(conn, &s.0, &s.1).await?;
            if spent {
                store::put_offer(conn, id, stored, now).await?;
            }
            Ok(spent)
        })
    });
    if write.await? { Ok(token) } else { refuse(engine, ctx, account).await }
}

/// Who is signed in, once they have shown again who they are.
async fn asked_again(engine: &Engine, ctx: &Ctx, password: &str, code: &str) -> Result<(Person, Proof)> {
    let id = ctx.person()?.person;
    let person = person::by_id(&mut engine.db().reader().await?, id).await?.ok_or(Error::NotSignedIn)?;
    let typed = Credentials { account: &person.account, password, code };
    let Shown { person, proof, .. } = shown(engine, ctx, typed).await?;
    forgive(engine, ctx, &person.account).await?;
    Ok((person, proof))
}

/// What an offer is. Reading it changes nothing.
///
/// # Errors
/// [`Error::OfferOver`]: unknown, used, too old, or the account is disabled; the store fails.
pub async fn look(engine: &Engine, ctx: &Ctx, code: &str) -> Result<OfferedAuthenticator> {
    let (person, salt) = whose(engine, ctx, code).await?;
    let authenticator = offered(&person.account, code, &salt);
    Ok(OfferedAuthenticator { name: person.name, account: person.account, authenticator })
}

async fn whose(engine: &Engine, ctx: &Ctx, code: &str) -> Result<(Person, Vec<u8>)> {
    let mut conn = engine.db().reader().await?;
    let after = UtcMillis(ctx.now.0 - LIFE_MS);
    let (id, salt) = store::offer(&mut conn, &session::hash_of(code), after).await?.ok_or(Error::OfferOver)?;
    let person = person::by_id(&mut conn, id).await?.filter(|person| person.active).ok_or(Error::OfferOver)?;
    Ok((person, salt))
}

/// The authenticator that follows from a code and its salt.
pub(super) fn offered(account: &str, code: &str, salt: &[u8]) -> Authenticator {
    let secret = totp::base32(&totp::secret_for(code, salt));
    let issuer = escaped(ISSUER);
    let uri = format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(account));
    Authenticator { secret, uri, recovery: totp::recovery_for(code, salt) }
}

/// Binds what was offered, with its recovery codes, in place of what was bound; ends all sessions of the account but the one that asks.
/// Answers whose it is: whoever has the code may be signed in as somebody else.
///
/// # Errors
/// [`Error::OfferOver`], [`Error::Invalid`]; the store fails.
pub async fn bind(engine: &Engine, ctx: &Ctx, code: &str, draft: &BindDraft) -> Result<PersonId> {
    let (person, salt) = whose(engine, ctx, code).await?;
    let id = person.person_id();
    let typed = validate_bind(draft).map_err(Error::Invalid)?;
    let secret = totp::secret_for(code, &salt);
    let step = totp::step_of(&secret, &typed, ctx.now, 0).ok_or_else(wrong_code)?;
    let event = Event {
        detail: json!({ "again": person.totp_secret.is_some() }),
        person: Some((id, person.name)),
        ..Event::done("account.bind_authenticator", "person", id.0.to_string())
    };
    let (code, new) = (session::hash_of(code), Bound::new(code, &salt, secret, step));
    let write = engine.db().write((ctx.clone(), event, new), move |conn, s| {
        Box::pin(async move {
            let (ctx, event, new) = &*s;
            if !store::take_offer(conn, &code).await? {
                return Ok(false);
            }
            new.put(conn, id).await?;
            end_others(conn, ctx, id).await?;
            audit::append(conn, ctx, event).await?;
            Ok(true)
        })
    });
    if !write.await? {
        return Err(Error::OfferOver);
    }
    session::forget_of(engine, id);
    Ok(id)
}

/// What is stored of an authenticator that is bound.
pub(super) struct Bound {
    secret: [u8; 20],
    /// Of the code with which it was bound.
    step: i64,
    recovery: Vec<[u8; 32]>,
}

impl Bound {
    pub(super) fn new(code: &str, salt: &[u8], secret: [u8; 20], step: i64) -> Self {
        let recovery = totp::recovery_for(code, salt).iter().map(|code| totp::recovery_hash(code)).collect();
        Self { secret, step, recovery }
    }

    pub(super) async fn put(&self, conn: &mut Conn, person: PersonId) -> StoreResult<()> {
        credentials::set_totp(conn, person, &self.secret, self.step).await?;
        credentials::put_recovery_codes(conn, person, &self.recovery).await
    }
}

async fn end_others(conn: &mut Conn, ctx: &Ctx, person: PersonId) -> StoreResult<()> {
    match ctx.signed_in.as_ref().filter(|who| who.person == person) {
        Some(here) => credentials::end_other_sessions(conn, person, &here.session).await.map(|_| ()),
        None => credentials::end_sessions(conn, person).await,
    }
}

/// Takes it off, and ends all other sessions.
///
/// # Errors
/// As [`begin`]; [`Error::Demanded`]: the policy wants it, which is noted.
pub async fn remove(engine: &Engine, ctx: &Ctx, password: &str, code: &str) -> Result<()> {
    const EVENT: &str = "account.remove_authenticator";
    let who = ctx.person()?;
    if is_demanded(engine, who.roles).await? {
        record::refusal(engine, ctx, EVENT, ("person", who.person.0), &Error::Demanded).await?;
        return Err(Error::Demanded);
    }
    let (person, proof) = asked_again(engine, ctx, password, code).await?;
    let id = person.person_id();
    let account = person.account.clone();
    let event = Event::done(EVENT, "person", id.0.to_string());
    let write = engine.db().write((ctx.clone(), event, person, proof), move |conn, s| {
        Box::pin(async move {
            let (ctx, event, person, proof) = &*s;
            if !spend(conn, person, proof).await? {
                return Ok(false);
            }
            store::remove(conn, id).await?;
            end_others(conn, ctx, id).await?;
            audit::append(conn, ctx, event).await?;
            Ok(true)
        })
    });
    if !write.await? {
        return refuse(engine, ctx, account).await;
    }
    session::forget_of(engine, id);
    Ok(())
}

pub(super) fn wrong_code() -> Error {
    let mut errors = FieldErrors::new();
    errors.add(FieldId::OneTimeCode, "动态验证码不正确。请核对手机的时间，输入身份验证器现在显示的 6 位数字");
    Error::Invalid(errors)
}

/// Percent-encoding of all but letters and digits.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
