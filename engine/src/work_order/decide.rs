//! 同意, 拒绝, 撤回申请.

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::Done;
use crate::publication::apply::{Change, apply};
use crate::publication::ask::Ask;
use domain::command::work_order::{Approve, Refuse, Withdraw};
use domain::{OrderId, PublicationId, Role};
use uuid::Uuid;

/// 同意, with a comment that may be blank.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (an order without a step of the person's), [`Error::Refused`], [`Error::Invalid`],
/// [`Error::Conflict`]; the store fails.
pub async fn approve(engine: &Engine, ctx: &Ctx, command: Approve) -> Result<Done> {
    let about = About { order: command.id, seen: command.seen, key: command.key, role: Role::Reviewer };
    decide(engine, ctx, about, Ask::Approve(command.id, command.comment)).await
}

/// 拒绝, with a reason.
///
/// # Errors
/// As [`approve`].
pub async fn refuse(engine: &Engine, ctx: &Ctx, command: Refuse) -> Result<Done> {
    let about = About { order: command.id, seen: command.seen, key: command.key, role: Role::Reviewer };
    decide(engine, ctx, about, Ask::Refuse(command.id, command.reason)).await
}

/// 撤回申请.
///
/// # Errors
/// As [`approve`].
pub async fn withdraw(engine: &Engine, ctx: &Ctx, command: Withdraw) -> Result<Done> {
    let about = About { order: command.id, seen: command.seen, key: command.key, role: Role::Staff };
    decide(engine, ctx, about, Ask::Withdraw(command.id)).await
}

struct About {
    order: OrderId,
    seen: i64,
    key: Uuid,
    role: Role,
}

async fn decide(engine: &Engine, ctx: &Ctx, about: About, ask: Ask) -> Result<Done> {
    ctx.with_role(&[about.role])?;
    let granted = access::order(&mut engine.db().reader().await?, ctx, about.order).await?;
    let publication = granted.order.publication_id.map(PublicationId).ok_or(Error::NotFound)?;
    Box::pin(apply(engine, ctx, Change { publication, seen: about.seen, key: about.key, ask })).await
}
