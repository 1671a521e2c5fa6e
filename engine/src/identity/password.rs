//! Another password, by who knows the present one; also when that is over (identity.md, Sign-in).

use super::activation::is_new;
use super::attempt::forgive;
use super::policy;
use super::session;
use super::sign_in::{Credentials, Shown, is_not_activated, refuse, refused, shown, spend};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::{account as store, person};
use domain::fields::{FieldErrors, FieldId};
use domain::password::WhosePassword;

/// Sets it and ends all sessions of the account: here at once, in other processes within five seconds. It asks again for all that signs in, whoever is signed in.
///
/// # Errors
/// [`Error::WrongCredentials`], [`Error::TooOften`], [`Error::Busy`]; [`Error::NotActivated`]: an administrator of a real site without an
/// authenticator; [`Error::Invalid`]: the new one; the store fails.
pub async fn change(engine: &Engine, ctx: &Ctx, typed: Credentials<'_>, new: &str) -> Result<()> {
    let Shown { person, proof, place } = shown(engine, ctx, typed).await?;
    let roles = person::roles(&mut engine.db().reader().await?, person.person_id()).await?;
    if is_not_activated(&proof, roles) {
        drop(place);
        return refused(engine, ctx, person.account, Error::NotActivated).await;
    }
    forgive(engine, ctx, &person.account).await?;
    // What is right is forgiven, so that only its places bound whoever asks on and on: it has them to the end.
    let place = engine.hashing().counted_for(place, person.person_id())?;
    let whose = WhosePassword { account: &person.account, name: &person.name };
    if let Some(problem) = policy::present(engine).await?.problem(new, whose) {
        let mut errors = FieldErrors::new();
        errors.add(FieldId::NewPassword, problem);
        return Err(Error::Invalid(errors));
    }
    is_new(engine, &place, &person, new).await?;
    let hash = engine.hashing().hash(place, new.to_owned()).await?;
    let id = person.person_id();
    let event = Event {
        person: Some((id, person.name.clone())),
        ..Event::done("account.change_password", "person", id.0.to_string())
    };
    let account = person.account.clone();
    let write = engine.db().write((ctx.clone(), event, hash, proof, person), move |conn, s| {
        Box::pin(async move {
            let (ctx, event, hash, proof, person) = &*s;
            if !spend(conn, person, proof).await? {
                return Ok(false);
            }
            store::set_password(conn, id, hash, ctx.now).await?;
            store::end_sessions(conn, id).await?;
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
