//! What a decision makes of the work order: files it, records a vote, ends it.

use super::apply::Plan;
use crate::store::publication_change;
use crate::store::work_order_change::{self as change, NewDecision, NewOrder};
use crate::store::{Conn, StoreResult};
use crate::work_order::form::OrderForm;
use crate::work_order::reason;
use domain::{OrderEffect, OrderId, OrderStatus};
use uuid::Uuid;

/// Carries it out; returns the order that it was about.
pub(super) async fn carry_out(conn: &mut Conn, plan: &Plan) -> StoreResult<Option<Uuid>> {
    let open = plan.order.as_ref().map(|order| order.id);
    match (plan.decision.order, open) {
        (OrderEffect::File { kind, version }, _) => {
            let new = NewOrder {
                id: plan.engine.entropy().id(plan.ctx.now),
                kind,
                publication: Some(plan.publication()),
                stock: None,
                version: version.map(|version| version.0),
                bundle: plan.sealed.as_ref().map(|(_, bundle)| bundle.clone()),
                initiator: plan.granted.actor.person,
                form: plan.prepared.form.as_ref().map_or_else(|| "null".to_owned(), OrderForm::stored),
                steps: plan.steps.clone(),
                routing: plan.routing,
                now: plan.ctx.now,
            };
            change::insert(conn, &new).await?;
            hold_name(conn, plan).await?;
            Ok(Some(new.id))
        }
        (OrderEffect::Vote { advance, step }, Some(order)) => {
            vote(conn, plan, order, true).await?;
            if advance {
                change::advance(conn, order, step, plan.ctx.now).await?;
            }
            Ok(Some(order))
        }
        (OrderEffect::Close { status }, Some(order)) => {
            match status {
                OrderStatus::Approved => vote(conn, plan, order, true).await?,
                OrderStatus::Refused => {
                    vote(conn, plan, order, false).await?;
                    reason::forget(conn, plan.granted.actor.person, OrderId(order)).await?;
                }
                OrderStatus::Withdrawn | OrderStatus::InReview => {}
            }
            change::close(conn, order, status, plan.ctx.now).await?;
            if status != OrderStatus::Approved {
                publication_change::keep_name(conn, plan.publication(), &plan.prepared.before.name_key()).await?;
            }
            Ok(Some(order))
        }
        (OrderEffect::None | OrderEffect::Vote { .. } | OrderEffect::Close { .. }, _) => Ok(None),
    }
}

/// The name that an information change asks for is taken until it is decided.
async fn hold_name(conn: &mut Conn, plan: &Plan) -> StoreResult<()> {
    let Some(OrderForm::InfoChange { after, .. }) = &plan.prepared.form else { return Ok(()) };
    publication_change::take_name(conn, after.shape.side, &after.name_key(), plan.publication()).await
}

async fn vote(conn: &mut Conn, plan: &Plan, order: Uuid, approved: bool) -> StoreResult<()> {
    let decision = NewDecision {
        person: plan.granted.actor.person,
        step: plan.granted.facts.order.map_or(1, |open| open.step),
        approved,
        comment: &plan.prepared.said,
        now: plan.ctx.now,
    };
    change::insert_decision(conn, order, &decision).await
}
