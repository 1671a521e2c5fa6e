//! The one function for every change of a stock application: look, decide, write all of it in one transaction, commit, tell. As
//! [`crate::publication::apply`] does for publications.

use super::form;
use super::link::{Linked, checked};
use super::look::{Looked, look};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::live::Happened;
use crate::publication::apply::{is_name, name_taken};
use crate::publication::ask::as_invalid;
use crate::record::{self, Deed, Record, Told};
use crate::store::publication::{self, NewPublication};
use crate::store::stock::{self as store, Step};
use crate::store::work_order_change::{self as orders, NewDecision, NewOrder};
use crate::store::{Conn, StoreError, StoreResult, draft, publication_change, work_order};
use crate::work_order::form::OrderForm;
use crate::work_order::{reason, route};
use domain::command::{Checked, StockCommand};
use domain::fields::{FieldErrors, Registration, ValidRegistration, validate_reason};
use domain::refusal::{At, Refusal};
use domain::routing::Step as RouteStep;
use domain::stock::decide_stock;
use domain::view::publication::Numbers;
use domain::{Action, Decision, Effect, OrderEffect, OrderId, OrderStatus, PublicationId, Role, StockId, StockState};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// How often a change is decided anew because others came first.
const TRIES: u32 = 5;

/// One change that a person asks for.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    stock: StockId,
    /// The aggregate's version that the page showed; of 关联, whose form rests on it.
    seen: Option<i64>,
    key: Uuid,
    ask: Ask,
}

#[derive(Debug, Clone)]
enum Ask {
    Link(Box<Registration>),
    /// With a comment.
    Approve(OrderId, String),
    /// With a reason.
    Refuse(OrderId, String),
    Withdraw(OrderId),
}

impl Ask {
    fn action(&self) -> Action {
        match self {
            Self::Link(_) => Action::Link,
            Self::Approve(..) => Action::Approve,
            Self::Refuse(..) => Action::Refuse,
            Self::Withdraw(_) => Action::Withdraw,
        }
    }

    fn said(&self) -> &str {
        match self {
            Self::Approve(_, said) | Self::Refuse(_, said) => said.trim(),
            Self::Link(_) | Self::Withdraw(_) => "",
        }
    }
}

impl Change {
    pub(super) fn link(stock: StockId, seen: i64, key: Uuid, draft: Registration) -> Self {
        Self { stock, seen: Some(seen), key, ask: Ask::Link(Box::new(draft)) }
    }

    fn deed(&self) -> Deed {
        let object = match &self.ask {
            Ask::Link(_) => self.stock.0,
            Ask::Approve(order, _) | Ask::Refuse(order, _) | Ask::Withdraw(order) => order.0,
        };
        Deed { action: self.ask.action().audit_event(), object }
    }

    fn role(&self) -> Role {
        match self.ask {
            Ask::Approve(..) | Ask::Refuse(..) => Role::Operator,
            Ask::Link(_) | Ask::Withdraw(_) => Role::Staff,
        }
    }
}

/// 同意 (with a comment), 拒绝 (with a reason) or 撤回申请 of a link order.
///
/// # Errors
/// As [`super::link()`].
pub(crate) async fn on_order(
    engine: &Engine,
    ctx: &Ctx,
    (stock, order): (StockId, OrderId),
    key: Uuid,
    action: Action,
    said: String,
) -> Result<()> {
    let ask = match action {
        Action::Approve => Ask::Approve(order, said),
        Action::Refuse => Ask::Refuse(order, said),
        _ => Ask::Withdraw(order),
    };
    Box::pin(apply(engine, ctx, Change { stock, seen: None, key, ask })).await.map(|_| ())
}

/// Does it, or says why not.
pub(super) async fn apply(engine: &Engine, ctx: &Ctx, change: Change) -> Result<Linked> {
    let outcome = Box::pin(decided(engine, ctx, &change)).await;
    if let Err(error) = &outcome {
        let object = ("publication", change.stock.0);
        record::refusal(engine, ctx, change.ask.action().audit_event(), object, error).await?;
    }
    outcome
}

async fn decided(engine: &Engine, ctx: &Ctx, change: &Change) -> Result<Linked> {
    ctx.with_role(&[change.role()])?;
    let deed = change.deed();
    for _ in 0..TRIES {
        let plan = match Box::pin(plan(engine, ctx, change)).await {
            Ok(plan) => plan,
            // Our own first sending may have been committed since.
            Err(error) => return record::first_answer(engine, ctx, change.key, deed).await?.ok_or(error),
        };
        let linked = plan.answer();
        match Box::pin(engine.db().write(plan, |conn, plan| Box::pin(write(conn, plan)))).await {
            Ok((seq, switched)) => {
                let publication = PublicationId(change.stock.0);
                engine.tell(Happened { seq, publication, order: Some(linked.order), switched });
                return Ok(linked);
            }
            Err(StoreError::Conflict) => {}
            Err(StoreError::Unique(constraint)) => match record::first_answer(engine, ctx, change.key, deed).await? {
                Some(answer) => return Ok(answer),
                None if is_name(&constraint) => return Err(name_taken()),
                // Somebody filed or decided at the same time: look again.
                None => {}
            },
            Err(other) => return Err(other.into()),
        }
    }
    Err(Error::Conflict)
}

/// All that the transaction needs.
struct Plan {
    engine: Engine,
    ctx: Ctx,
    key: Uuid,
    deed: Deed,
    looked: Looked,
    decision: Decision<StockState>,
    /// The order that is filed or decided.
    order: Uuid,
    /// Of an order to file.
    steps: Vec<RouteStep>,
    /// The version of the rules that they follow from.
    routing: i64,
    /// What was asked for: by the form, or by the order.
    registration: ValidRegistration,
    numbers: Numbers,
    said: String,
}

impl Plan {
    fn answer(&self) -> Linked {
        Linked { order: OrderId(self.order), numbers: self.numbers }
    }
}

/// Reads, checks and decides.
async fn plan(engine: &Engine, ctx: &Ctx, change: &Change) -> Result<Plan> {
    let person = ctx.person()?;
    let looked = look(&mut engine.db().reader().await?, person, change.stock.0).await?;
    let sees = looked.row.sees || looked.actor.roles.has(Role::Operator) || initiated(&looked);
    if !sees {
        return Err(Error::NotFound);
    }
    let Prepared { command, errors, registration, numbers } = prepared(engine, ctx, &looked, &change.ask).await?;
    let decision = match decide_stock(&looked.facts, &looked.actor, &command) {
        Ok(_) if !errors.is_empty() => return Err(Error::Invalid(errors)),
        Ok(decision) => decision,
        Err(refusal) => return Err(as_invalid(&errors, &refusal.reason).unwrap_or_else(|| refusal.into())),
    };
    if change.seen.is_some_and(|seen| seen != looked.facts.version) {
        return Err(Error::Conflict);
    }
    let mut conn = engine.db().reader().await?;
    let (mut steps, mut routing, mut registration) = (Vec::new(), 0, registration);
    let order = match looked.facts.order {
        Some(open) => {
            registration = form_of(&mut conn, open.id.0).await?;
            open.id.0
        }
        None => engine.entropy().id(ctx.now),
    };
    let registration = registration.ok_or(Error::NotFound)?;
    if matches!(decision.order, OrderEffect::File { .. }) {
        let system = registration.system.ok_or(Error::NotFound)?;
        let found = route::find(&mut conn, form::asked(&looked, system.0)).await?;
        if let Some(reason) = found.blocked {
            let at = At::Stock(looked.facts.state);
            return Err(Refusal { at, action: decision.action, reason }.into());
        }
        (steps, routing) = (found.steps, found.number);
    }
    let (engine, ctx, deed, said) = (engine.clone(), ctx.clone(), change.deed(), change.ask.said().to_owned());
    let key = change.key;
    Ok(Plan { engine, ctx, key, deed, looked, decision, order, steps, routing, registration, numbers, said })
}

fn initiated(looked: &Looked) -> bool {
    looked.facts.order.is_some_and(|order| order.initiator == looked.actor.person)
}

/// The command, what is wrong with its form, and what a 关联 asks for.
struct Prepared {
    command: StockCommand,
    errors: FieldErrors,
    registration: Option<ValidRegistration>,
    numbers: Numbers,
}

async fn prepared(engine: &Engine, ctx: &Ctx, looked: &Looked, ask: &Ask) -> Result<Prepared> {
    let said = |command, checked: std::result::Result<String, FieldErrors>| Prepared {
        command,
        errors: checked.err().unwrap_or_default(),
        registration: None,
        numbers: Numbers::Asked,
    };
    Ok(match ask {
        Ask::Link(draft) => match checked(engine, looked, ctx, draft).await {
            Ok((valid, numbers)) => Prepared {
                command: StockCommand::Link { form: Checked::valid(0) },
                errors: FieldErrors::new(),
                registration: Some(valid),
                numbers,
            },
            Err(Error::Invalid(errors)) => {
                let command = StockCommand::Link { form: Checked::invalid(&errors) };
                Prepared { command, errors, registration: None, numbers: Numbers::Asked }
            }
            Err(other) => return Err(other),
        },
        Ask::Approve(order, comment) => {
            let checked = if comment.trim().is_empty() { Ok(String::new()) } else { validate_reason(comment) };
            said(StockCommand::Approve { order: *order }, checked)
        }
        Ask::Refuse(order, reason) => {
            said(StockCommand::Refuse { order: *order, reason: reason.clone() }, validate_reason(reason))
        }
        Ask::Withdraw(order) => said(StockCommand::Withdraw { order: *order }, Ok(String::new())),
    })
}

/// What the order asks for.
pub(super) async fn form_of(conn: &mut Conn, order: Uuid) -> StoreResult<Option<ValidRegistration>> {
    let row = work_order::of(conn, order).await?;
    let form = row.map(|row| OrderForm::read(&row.form)).transpose()?;
    Ok(form.and_then(OrderForm::link))
}

/// The transaction; answers the number of the audit event, and whether a directory has one more.
async fn write(conn: &mut Conn, plan: Arc<Plan>) -> StoreResult<(i64, bool)> {
    let (decision, stock, now) = (&plan.decision, plan.looked.row.id, plan.ctx.now);
    let from = decision.from.unwrap_or(plan.looked.facts.state);
    store::advance(conn, &Step { stock, expects: decision.expects, from, to: decision.to, now }).await?;
    plan.engine.may_fail()?;
    carry_order(conn, &plan).await?;
    plan.engine.may_fail()?;
    for effect in &decision.effects {
        carry_out(conn, &plan, effect).await?;
        plan.engine.may_fail()?;
    }
    let told = Told { publication: stock, order: Some(plan.order), notices: &decision.notices };
    let detail = json!({
        "name": plan.registration.name,
        "stock": plan.looked.row.original_id,
        "from": from.id(),
        "to": decision.to.id(),
        "order": plan.order,
        "said": plan.said,
    });
    let record = Record { key: plan.key, deed: plan.deed, answer: json!(plan.answer()), detail };
    let seq = record::close(conn, &plan.engine, &plan.ctx, &record, &told).await?;
    Ok((seq, decision.effects.contains(&Effect::List)))
}

/// Files it, records a vote, or ends it.
async fn carry_order(conn: &mut Conn, plan: &Plan) -> StoreResult<()> {
    let (stock, now, person) = (plan.looked.row.id, plan.ctx.now, plan.looked.actor.person);
    match plan.decision.order {
        OrderEffect::File { kind, .. } => {
            let form = OrderForm::Link { registration: Box::new(plan.registration.clone()) };
            let new = NewOrder {
                id: plan.order,
                kind,
                publication: None,
                stock: Some(stock),
                version: None,
                bundle: None,
                initiator: person,
                form: form.stored(),
                steps: plan.steps.clone(),
                routing: plan.routing,
                now,
            };
            orders::insert(conn, &new).await?;
            if let Some(system) = plan.registration.system {
                store::ask_for(conn, stock, system.0).await?;
            }
            let side = plan.registration.shape.side;
            publication_change::take_name(conn, side, &plan.registration.name_key(), stock).await?;
            draft::delete(conn, person, &form::name(StockId(stock))).await
        }
        OrderEffect::Vote { step, advance } => {
            vote(conn, plan, true).await?;
            if advance { orders::advance(conn, plan.order, step, now).await } else { Ok(()) }
        }
        OrderEffect::Close { status } => {
            if status == OrderStatus::Approved || status == OrderStatus::Refused {
                vote(conn, plan, status == OrderStatus::Approved).await?;
            }
            if status == OrderStatus::Refused {
                reason::forget(conn, person, OrderId(plan.order)).await?;
            }
            if status != OrderStatus::Approved {
                publication_change::keep_name(conn, stock, "").await?;
            }
            orders::close(conn, plan.order, status, now).await
        }
        OrderEffect::None => Ok(()),
    }
}

async fn vote(conn: &mut Conn, plan: &Plan, approved: bool) -> StoreResult<()> {
    let decision = NewDecision {
        person: plan.looked.actor.person,
        step: plan.looked.facts.order.map_or(1, |open| open.step),
        approved,
        comment: &plan.said,
        now: plan.ctx.now,
    };
    orders::insert_decision(conn, plan.order, &decision).await
}

async fn carry_out(conn: &mut Conn, plan: &Plan, effect: &Effect) -> StoreResult<()> {
    let (id, now) = (plan.looked.row.id, plan.ctx.now);
    match effect {
        Effect::CreateLinked(state) => {
            let system = plan.registration.system.ok_or(StoreError::Conflict)?.0;
            let new = NewPublication { id, system, state: *state, registration: plan.registration.clone(), now };
            publication::insert(conn, &new).await?;
            orders::set_publication(conn, plan.order, id).await
        }
        Effect::List => publication_change::list(conn, id).await,
        Effect::RecordStockRefusal => store::set_refusal(conn, id, &plan.said).await,
        // The small table has no others.
        _ => Err(StoreError::Conflict),
    }
}
