//! The page of one work order (screens.md, Work order).

use super::form::OrderForm;
use super::{list, reason};
use crate::Engine;
use crate::access::{self, GrantedOrder, OrderOf};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::work_order::{self as store, OrderRow};
use crate::store::{Conn, StoreResult, version_facts};
use domain::fields::Phones;
use domain::view::work_order::{AttachmentView, ReleaseView, StepPerson, TimelineStep, WorkOrderDetail};
use domain::work_order::{URGE_EVERY_MS, UrgeFacts, UrgeRefusal, urge};
use domain::{Action, Offer, OrderId, PersonId, Role, UtcMillis, VersionId, words};

/// The order, for whoever may see it.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn detail(engine: &Engine, ctx: &Ctx, id: OrderId) -> Result<WorkOrderDetail> {
    let mut conn = engine.db().reader().await?;
    let granted = access::order(&mut conn, ctx, id).await?;
    let row = list::one(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let form = OrderForm::read(&granted.order.form)?;
    let of = &granted.of;
    let phones = if of.sees_phones() { Phones::Whole } else { Phones::Masked };
    // Whoever decides may have to call the contact of the form.
    let contact = if of.actor().roles.has(Role::Reviewer) { Phones::Whole } else { phones };
    Ok(WorkOrderDetail {
        timeline: timeline(&mut conn, &granted.order).await?,
        release: release(&mut conn, &granted.order, &form).await?,
        urge_wait_ms: urge_wait(&mut conn, &granted, ctx.now).await?,
        offers: offers(of, id),
        form: form.lines(contact),
        changes: form.changes(phones),
        attachments: attachments(&form),
        icon: form.icon().map(str::to_owned),
        reason: reason::kept(&mut conn, of.actor().person, id).await?,
        next: next(&mut conn, of, id).await?,
        opens_publication: of.opens(),
        key: engine.entropy().id(ctx.now),
        urge_key: engine.entropy().id(ctx.now),
        now: ctx.now,
        heard: ctx.heard,
        row,
    })
}

/// The oldest that waits for the viewer, but this one.
async fn next(conn: &mut Conn, of: &OrderOf, id: OrderId) -> StoreResult<Option<(OrderId, String)>> {
    if ![Role::Reviewer, Role::Operator].iter().any(|role| of.actor().roles.has(*role)) {
        return Ok(None);
    }
    let (oldest, _) = list::oldest(conn, of.actor().person, 2).await?;
    Ok(oldest.into_iter().find(|row| row.id != id).map(|row| (row.id, row.name)))
}

/// 同意, 拒绝 and 撤回申请, in this order: those that this person could ever take, while the order is open.
fn offers(of: &OrderOf, id: OrderId) -> Vec<(Action, Offer)> {
    let offered = Action::ORDER.map(|action| (action, of.offer(id, action)));
    offered.into_iter().filter(|(_, offer)| *offer != Offer::Never).collect()
}

fn attachments(form: &OrderForm) -> Vec<AttachmentView> {
    let view = |(index, file): (u16, &domain::fields::AttachmentDraft)| AttachmentView {
        index,
        name: file.name.clone(),
        size: file.size,
        kind: file.kind,
    };
    (0..).zip(form.attachments()).map(view).collect()
}

async fn timeline(conn: &mut Conn, order: &OrderRow) -> StoreResult<Vec<TimelineStep>> {
    let steps = store::steps(conn, order.id).await?;
    let decisions = store::decisions(conn, order.id).await?;
    let may_decide = store::may_decide(conn, order.id).await?;
    let urges = store::urges(conn, order.id).await?;
    let over = order.status()?.is_over();
    let step = |(number, step): (u8, domain::routing::Step)| {
        let current = !over && number == order.step();
        let may_decide: Vec<String> = may_decide
            .iter()
            .filter(|(of, _, _)| !over && *of == number && number >= order.step())
            .map(|(_, _, name)| name.clone())
            .collect();
        let decided: Vec<StepPerson> =
            decisions.iter().filter(|decision| decision.step() == number).map(person).collect();
        let some = |many: usize| u16::try_from(many).unwrap_or(u16::MAX);
        let lacks = step.need.wanted(some(decided.len()), some(may_decide.len())).saturating_sub(some(decided.len()));
        TimelineStep {
            name: step.name(),
            need: words::need(step.need),
            current,
            lacks: if current { lacks } else { 0 },
            may_decide,
            decided,
            urged_at: urges.iter().filter(|(of, _)| *of == number).map(|(_, at)| UtcMillis(*at)).collect(),
        }
    };
    Ok((1..).zip(steps).map(step).collect())
}

fn person(decision: &store::DecisionRow) -> StepPerson {
    StepPerson {
        person: PersonId(decision.person_id),
        name: decision.name.clone(),
        approved: decision.approved,
        at: UtcMillis(decision.at),
        comment: decision.comment.clone(),
    }
}

async fn release(conn: &mut Conn, order: &OrderRow, form: &OrderForm) -> StoreResult<Option<ReleaseView>> {
    let Some(version) = order.version_id else { return Ok(None) };
    let Some(asked) = version_facts::bytes(conn, version).await? else { return Ok(None) };
    let configured = match order.configured_id {
        Some(id) => version_facts::bytes(conn, id).await?,
        None => None,
    };
    let configured = configured.map(|found| (VersionId(found.id), found.number(), found.bundle));
    Ok(Some(ReleaseView {
        version: VersionId(version),
        number: asked.number(),
        bundle: order.bundle.clone(),
        planned: form.is_planned(),
        configured,
    }))
}

/// What 催办 reads.
pub(super) async fn urge_facts(conn: &mut Conn, order: &OrderRow) -> StoreResult<UrgeFacts> {
    let urges = store::urges(conn, order.id).await?;
    let last = urges.iter().rev().find(|(step, _)| *step == order.step());
    Ok(UrgeFacts {
        status: order.status()?,
        initiator: PersonId(order.initiator_id),
        last_urged_at: last.map(|(_, at)| UtcMillis(*at)),
    })
}

async fn urge_wait(conn: &mut Conn, granted: &GrantedOrder, now: UtcMillis) -> StoreResult<Option<i64>> {
    let facts = urge_facts(conn, &granted.order).await?;
    Ok(match urge(&facts, granted.of.actor().person, now) {
        Ok(()) => Some(0),
        Err(UrgeRefusal::TooSoon { wait_ms }) => Some(wait_ms.min(URGE_EVERY_MS)),
        Err(UrgeRefusal::NotInReview | UrgeRefusal::NotInitiator) => None,
    })
}
