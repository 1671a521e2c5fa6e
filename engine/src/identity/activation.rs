//! Activation: with a link that is used once, a person chooses a password and, where it is demanded, binds an authenticator
//! (identity.md, First start, Sign-in). Start at [`look`].

use super::authenticator::{Bound, is_demanded, offered, wrong_code};
use super::hashing::Place;
use super::policy;
use super::session::{self, Token};
use super::totp;
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::account as store;
use crate::store::person::{self, Person};
use domain::fields::{ActivationDraft, FieldErrors, FieldId, validate_activation};
use domain::password::WhosePassword;
use domain::view::person::Activation;
use domain::{Role, UtcMillis};
use serde_json::json;

/// The link is good for so long. Milliseconds.
pub const LIFE_MS: i64 = 24 * 60 * 60 * 1000;

/// A new activation's code, and what of it is stored: the hash and a salt.
pub(crate) fn new(engine: &Engine) -> (Token, ([u8; 32], [u8; 32])) {
    let (token, hash) = session::new_token(engine);
    (token, (hash, engine.entropy().bytes()))
}

/// The address of an activation.
pub(crate) fn link(engine: &Engine, code: &Token) -> String {
    format!("{}/activate?code={}", engine.workshop().apps.console_address(), code.as_str())
}

/// Whose account the link activates, and what it asks. Reading it changes nothing.
///
/// # Errors
/// [`Error::LinkOver`]: unknown, used, too old, or the account is disabled; the store fails.
pub async fn look(engine: &Engine, ctx: &Ctx, code: &str) -> Result<Activation> {
    let Of { person, with_code, salt } = whose(engine, ctx, code).await?;
    let authenticator = with_code.then(|| offered(&person.account, code, &salt));
    let policy = policy::present(engine).await?;
    Ok(Activation { name: person.name, account: person.account, policy, authenticator })
}

/// Sets the password, binds the authenticator, uses the link; ends all sessions of the account.
///
/// # Errors
/// [`Error::LinkOver`], [`Error::Invalid`], [`Error::Busy`]; the store fails.
pub async fn complete(engine: &Engine, ctx: &Ctx, code: &str, draft: &ActivationDraft) -> Result<()> {
    let Of { person, with_code, salt } = whose(engine, ctx, code).await?;
    let id = person.person_id();
    let whose = WhosePassword { account: &person.account, name: &person.name };
    let valid =
        validate_activation(draft, &policy::present(engine).await?, whose, with_code).map_err(Error::Invalid)?;
    let secret = totp::secret_for(code, &salt);
    let new = match &valid.code {
        Some(typed) => {
            let step = totp::step_of(&secret, typed, ctx.now, 0).ok_or_else(wrong_code)?;
            Some(Bound::new(code, &salt, secret, step))
        }
        None => None,
    };
    let place = engine.hashing().place_of(id)?;
    is_new(engine, &place, &person, &valid.password).await?;
    let hash = engine.hashing().hash(place, valid.password).await?;
    let event = Event {
        detail: json!({ "authenticator": new.is_some() }),
        person: Some((id, person.name.clone())),
        ..Event::done("account.activate", "person", id.0.to_string())
    };
    let code = session::hash_of(code);
    let write = engine.db().write((ctx.clone(), event, hash, new), move |conn, s| {
        Box::pin(async move {
            let (ctx, event, hash, new) = &*s;
            if !store::take_activation(conn, &code).await? {
                return Ok(false);
            }
            store::set_password(conn, id, hash, ctx.now).await?;
            if let Some(new) = new {
                new.put(conn, id).await?;
            }
            store::end_sessions(conn, id).await?;
            audit::append(conn, ctx, event).await?;
            Ok(true)
        })
    });
    if !write.await? {
        return Err(Error::LinkOver);
    }
    session::forget_of(engine, id);
    Ok(())
}

/// A password that the person had lately is none. All that is compared waits in this place, one after the other.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Busy`]; the store fails.
pub(super) async fn is_new(engine: &Engine, place: &Place, person: &Person, password: &str) -> Result<()> {
    let most = policy::present(engine).await?.before;
    if most == 0 {
        return Ok(());
    }
    let mut before =
        store::former_passwords(&mut engine.db().reader().await?, person.person_id(), i64::from(most)).await?;
    before.extend(person.password_hash.clone().filter(|hash| !before.contains(hash)));
    for hash in before {
        if engine.hashing().fits(place.clone(), password.to_owned(), Some(hash)).await? {
            let mut errors = FieldErrors::new();
            errors.add(FieldId::NewPassword, format!("不能与最近 {most} 次用过的密码相同，请换一个"));
            return Err(Error::Invalid(errors));
        }
    }
    Ok(())
}

/// Whose account a link activates.
struct Of {
    person: Person,
    /// An authenticator is to be bound: it is demanded; or one was bound before, and whoever needs a new link may have lost it.
    with_code: bool,
    salt: Vec<u8>,
}

async fn whose(engine: &Engine, ctx: &Ctx, code: &str) -> Result<Of> {
    let mut conn = engine.db().reader().await?;
    let after = UtcMillis(ctx.now.0 - LIFE_MS);
    let (id, salt) = store::activation(&mut conn, &session::hash_of(code), after).await?.ok_or(Error::LinkOver)?;
    let person = person::by_id(&mut conn, id).await?.filter(|person| person.active).ok_or(Error::LinkOver)?;
    let roles = person::roles(&mut conn, id).await?;
    drop(conn);
    let with_code =
        roles.iter().any(Role::is_administrator) || person.totp_secret.is_some() || is_demanded(engine, roles).await?;
    Ok(Of { person, with_code, salt })
}
