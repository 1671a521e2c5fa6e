//! 催办: tells the people of the current step once more; at most once in ten minutes per order and step.

use super::detail::urge_facts;
use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::live::Happened;
use crate::record::{self, Deed, Record, Told};
use crate::store::{StoreError, work_order_change};
use domain::command::work_order::Urge;
use domain::work_order::{URGE_EVERY_MS, urge as judge};
use domain::{Audience, Notice, Occasion, PublicationId, Role, UtcMillis};
use serde_json::json;
use uuid::Uuid;

/// The audit event's name.
const EVENT: &str = "work_order.urge";

/// Urges; answers from when on it may be done again.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Urge`]; the store fails.
pub async fn urge(engine: &Engine, ctx: &Ctx, command: Urge) -> Result<UtcMillis> {
    let object = ("work_order", command.id.0);
    record::noted(engine, ctx, EVENT, object, urged(engine, ctx, command).await).await
}

async fn urged(engine: &Engine, ctx: &Ctx, command: Urge) -> Result<UtcMillis> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let deed = Deed { action: EVENT, object: command.id.0 };
    if let Some(answer) = record::first_answer(engine, ctx, command.key, deed).await? {
        return Ok(answer);
    }
    let mut conn = engine.db().reader().await?;
    let granted = access::order(&mut conn, ctx, command.id).await?;
    let publication = granted.of.id();
    let facts = urge_facts(&mut conn, &granted.order).await?;
    drop(conn);
    judge(&facts, person, ctx.now).map_err(Error::Urge)?;
    let next = UtcMillis(ctx.now.0.saturating_add(URGE_EVERY_MS));
    let plan = Plan {
        engine: engine.clone(),
        ctx: ctx.clone(),
        key: command.key,
        order: command.id.0,
        step: granted.order.step(),
        publication,
        next,
    };
    match write(engine, plan).await {
        Ok(seq) => {
            let publication = PublicationId(publication);
            engine.tell(Happened { seq, publication, order: Some(command.id), switched: false });
            Ok(next)
        }
        // Our own first sending, or another page of the same person, was faster.
        Err(StoreError::Unique(_) | StoreError::Conflict) => {
            record::first_answer(engine, ctx, command.key, deed).await?.ok_or(Error::Conflict)
        }
        Err(other) => Err(other.into()),
    }
}

struct Plan {
    engine: Engine,
    ctx: Ctx,
    key: Uuid,
    order: Uuid,
    step: u8,
    publication: Uuid,
    next: UtcMillis,
}

async fn write(engine: &Engine, plan: Plan) -> std::result::Result<i64, StoreError> {
    let written = engine.db().write(plan, |conn, plan| {
        Box::pin(async move {
            let since = UtcMillis(plan.ctx.now.0.saturating_sub(URGE_EVERY_MS));
            work_order_change::insert_urge(conn, plan.order, plan.step, plan.ctx.now, since).await?;
            let notices = [Notice { audience: Audience::StepPeople, occasion: Occasion::Urged }];
            let told = Told { publication: plan.publication, order: Some(plan.order), notices: &notices };
            let detail = json!({ "order": plan.order, "step": plan.step });
            let record = Record {
                key: plan.key,
                deed: Deed { action: EVENT, object: plan.order },
                answer: json!(plan.next),
                detail,
            };
            record::close(conn, &plan.engine, &plan.ctx, &record, &told).await
        })
    });
    written.await
}
