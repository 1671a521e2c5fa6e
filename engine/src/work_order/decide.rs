//! 同意, 拒绝, 撤回申请.

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::apply::{Change, apply};
use crate::publication::ask::Ask;
use crate::record;
use crate::stock;
use crate::store::{person, work_order};
use domain::command::work_order::{Approve, DecideOne, Refuse, Withdraw};
use domain::{OrderId, OrderStatus, PersonId, PublicationId, Refusal, Role, StockId, UtcMillis};
use uuid::Uuid;

/// 同意, with a comment that may be blank.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (an order without a step of the person's), [`Error::Refused`], [`Error::OrderOver`],
/// [`Error::Invalid`],
/// [`Error::Conflict`]; the store fails.
pub async fn approve(engine: &Engine, ctx: &Ctx, command: Approve) -> Result<()> {
    let about = About { order: command.id, seen: command.seen, key: command.key, role: Role::Reviewer };
    decide(engine, ctx, about, Ask::Approve(command.id, command.comment)).await
}

/// 拒绝, with a reason.
///
/// # Errors
/// As [`approve`].
pub async fn refuse(engine: &Engine, ctx: &Ctx, command: Refuse) -> Result<()> {
    let about = About { order: command.id, seen: command.seen, key: command.key, role: Role::Reviewer };
    decide(engine, ctx, about, Ask::Refuse(command.id, command.reason)).await
}

/// 撤回申请.
///
/// # Errors
/// As [`approve`].
pub async fn withdraw(engine: &Engine, ctx: &Ctx, command: Withdraw) -> Result<()> {
    let about = About { order: command.id, seen: command.seen, key: command.key, role: Role::Staff };
    decide(engine, ctx, about, Ask::Withdraw(command.id)).await
}

/// Orders that are decided at once, at most: the greatest page.
const AT_ONCE_MOST: usize = 100;

/// 同意, or 拒绝 with a reason, of several orders: each by itself, so that one that can't be does not hold the others.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::TooLarge`]: more than a page has. What came of each order is in the answer; where the database is away,
/// of those up to there.
pub async fn decide_all(
    engine: &Engine,
    ctx: &Ctx,
    approves: bool,
    orders: Vec<DecideOne>,
    text: &str,
) -> Result<Vec<(OrderId, Result<()>)>> {
    ctx.with_role(&[Role::Reviewer, Role::Operator])?;
    if orders.len() > AT_ONCE_MOST {
        return Err(Error::TooLarge);
    }
    let mut came = Vec::with_capacity(orders.len());
    for DecideOne { id, seen, key } in orders {
        let done = match approves {
            true => approve(engine, ctx, Approve { id, seen, key, comment: text.to_owned() }).await,
            false => refuse(engine, ctx, Refuse { id, seen, key, reason: text.to_owned() }).await,
        };
        let is_away = matches!(done, Err(Error::Away(_)));
        came.push((id, done));
        if is_away {
            // Each of the others would wait for it as long.
            break;
        }
    }
    Ok(came)
}

struct About {
    order: OrderId,
    seen: i64,
    key: Uuid,
    role: Role,
}

async fn decide(engine: &Engine, ctx: &Ctx, about: About, ask: Ask) -> Result<()> {
    ctx.person()?;
    let of = match reached(engine, ctx, &about).await {
        Ok(of) => of,
        Err(error) => {
            let event = ask.action().audit_event();
            record::refusal(engine, ctx, event, ("work_order", about.order.0), &error).await?;
            return Err(error);
        }
    };
    let outcome = match of {
        Reached::Publication(publication) => {
            let change = Change { publication, seen: about.seen, key: about.key, ask };
            Box::pin(apply(engine, ctx, change)).await.map(|_| ())
        }
        Reached::Stock(stock) => {
            let (action, said) = (ask.action(), ask.comment().to_owned());
            stock::on_order(engine, ctx, (stock, about.order), about.key, action, said).await
        }
    };
    match outcome {
        Err(Error::Refused(refusal)) => Err(why(engine, about.order, refusal).await?),
        outcome => outcome,
    }
}

/// What an order is about.
enum Reached {
    Publication(PublicationId),
    Stock(StockId),
}

/// What the order is about, if it is within reach. Who decides is a reviewer or, of a 关联, an operator.
async fn reached(engine: &Engine, ctx: &Ctx, about: &About) -> Result<Reached> {
    let (decides, may) = match about.role {
        Role::Reviewer => (true, ctx.with_role(&[Role::Reviewer, Role::Operator])?),
        role => (false, ctx.with_role(&[role])?),
    };
    let granted = access::order(&mut engine.db().reader().await?, ctx, about.order).await?;
    // Also once it is a publication: who presses again is answered as the first time.
    let stock = granted.order.stock_id;
    let needs = if stock.is_some() { Role::Operator } else { Role::Reviewer };
    if decides && !may.roles.has(needs) {
        return Err(Error::Forbidden);
    }
    Ok(match stock {
        Some(stock) => Reached::Stock(StockId(stock)),
        None => Reached::Publication(PublicationId(granted.of.id())),
    })
}

/// If the order is over, that is the reason that a person wants to hear.
async fn why(engine: &Engine, id: OrderId, refusal: Box<Refusal>) -> Result<Error> {
    let mut conn = engine.db().reader().await?;
    let Some(order) = work_order::of(&mut conn, id.0).await? else { return Ok(Error::NotFound) };
    let status = order.status()?;
    if !status.is_over() {
        return Ok(Error::Refused(refusal));
    }
    let last = work_order::decisions(&mut conn, id.0).await?.into_iter().next_back();
    let by = match (status, last) {
        (OrderStatus::Approved | OrderStatus::Refused, Some(decision)) => decision.name,
        _ => person::contact(&mut conn, PersonId(order.initiator_id)).await?.map(|(name, _)| name).unwrap_or_default(),
    };
    Ok(Error::OrderOver { status, by, at: UtcMillis(order.since) })
}
