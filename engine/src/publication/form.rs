//! The registration form before it is sent: what it opens with, and its draft.

use super::{drafts, register};
use crate::Engine;
use crate::application_system;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use domain::fields::{FieldErrors, Form, Registration};
use domain::view::publication::{Draft, RegistrationForm};
use domain::{Role, Side, UtcMillis};

/// What the form opens with. With `check`, the draft's errors, too: a form sent without scripts comes back so.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn form(engine: &Engine, ctx: &Ctx, side: Side, check: bool) -> Result<RegistrationForm> {
    let draft = draft(engine, ctx, side).await?;
    let systems = application_system::choices(engine, ctx).await?;
    let body = draft.as_ref().map(|draft| &draft.body).filter(|_| check);
    let errors = match body {
        None => FieldErrors::new(),
        Some(body) => match register::checked(engine, Form::New { side }, body).await {
            Ok(_) => FieldErrors::new(),
            Err(Error::Invalid(errors)) => errors,
            Err(error) => return Err(error),
        },
    };
    Ok(RegistrationForm { key: engine.entropy().id(ctx.now), draft, systems, errors })
}

/// The form's draft, if there is one.
///
/// # Errors
/// [`Error::Forbidden`]; the store fails.
pub async fn draft(engine: &Engine, ctx: &Ctx, side: Side) -> Result<Option<Draft>> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let kept = drafts::kept_as(&mut engine.db().reader().await?, person, name(side)).await?;
    Ok(kept.map(|(body, saved_at)| Draft { body, saved_at }))
}

/// Keeps what was typed so far; answers when.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::TooLarge`]; the store fails.
pub async fn save_draft(engine: &Engine, ctx: &Ctx, side: Side, body: &Registration) -> Result<UtcMillis> {
    drafts::keep_as(engine, ctx, name(side).to_owned(), body).await
}

/// Names the draft: one a person and side.
pub(super) fn name(side: Side) -> &'static str {
    match side {
        Side::Service => "register_service",
        Side::Governance => "register_governance",
    }
}
