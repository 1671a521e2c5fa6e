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
use domain::view::publication::Numbers;
use domain::{OrderId, Role};
use serde::{Deserialize, Serialize};

/// What came of a 关联, or of what was decided about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The order that was filed, decided or withdrawn.
    pub order: OrderId,
    /// Whether the contacts' numbers were asked for.
    pub numbers: Numbers,
}

/// Asks for the link. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] with the present state, [`Error::Invalid`] with every error at once,
/// [`Error::Conflict`]; the store fails.
pub async fn link(engine: &Engine, ctx: &Ctx, command: Link) -> Result<Linked> {
    ctx.with_role(&[Role::Staff])?;
    let change = Change::link(command.id, command.seen, command.key, command.draft);
    apply(engine, ctx, change).await
}

/// The registration, and whether its numbers were asked for, or every error of the form at once: those of any registration, and that the system is the department's.
pub(super) async fn checked(
    engine: &Engine,
    looked: &Looked,
    ctx: &Ctx,
    draft: &Registration,
) -> Result<(ValidRegistration, Numbers)> {
    let systems = form::systems(engine, ctx, looked).await?;
    let chosen: Option<uuid::Uuid> = draft.system.trim().parse().ok();
    let theirs = chosen.is_none_or(|id| systems.iter().any(|system| system.id == id));
    let mut errors = match register::checked(engine, Form::Stock, draft).await {
        Ok(checked) if theirs => return Ok(checked),
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
