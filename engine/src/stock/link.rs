//! 关联: the form is checked, an order is filed, the name is held.

use super::decide::{Change, apply};
use super::form;
use super::look::Looked;
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::register;
use domain::command::stock::Link;
use domain::fields::{FieldErrors, FieldId, Form, Registration, ValidRegistration};
use domain::{OrderId, Role};

/// Asks for the link; answers the order. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] with the present state, [`Error::Invalid`] with every error at once,
/// [`Error::Conflict`]; the store fails.
pub async fn link(engine: &Engine, ctx: &Ctx, command: Link) -> Result<OrderId> {
    ctx.with_role(&[Role::Staff])?;
    let change = Change::link(command.id, command.seen, command.key, command.draft);
    apply(engine, ctx, change).await
}

/// The registration, or every error of the form at once: those of any registration, and that the system is the department's.
pub(super) async fn checked(
    engine: &Engine,
    looked: &Looked,
    ctx: &Ctx,
    draft: &Registration,
) -> Result<ValidRegistration> {
    let systems = form::systems(engine, ctx, looked).await?;
    let chosen: Option<uuid::Uuid> = draft.system.trim().parse().ok();
    let theirs = chosen.is_none_or(|id| systems.iter().any(|system| system.id == id));
    let mut errors = match register::checked(engine, Form::Stock, draft).await {
        Ok((valid, _)) if theirs => return Ok(valid),
        Ok(_) => FieldErrors::new(),
        Err(Error::Invalid(errors)) => errors,
        Err(other) => return Err(other),
    };
    if !theirs {
        errors.add(FieldId::System, "请选择你管理的、属于该建设部门的应用系统");
    }
    errors.sort();
    Err(Error::Invalid(errors))
}
