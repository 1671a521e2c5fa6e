//! The one function for every change of a publication: load, decide, write all of it in one transaction, commit, tell.
//!
//! Facts are read outside and written only if the aggregate's version still stands; else they are read and decided again.
//! Start reading at [`apply`].

use super::ask::{self, Ask, Prepared};
use super::contacts::{self, Answered};
use super::{drafts, effects, orders};
use crate::Engine;
use crate::access::{self, Granted};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::live::Happened;
use crate::record::{self, Deed, Record, Told};
use crate::store::publication_change::{self, Step};
use crate::store::work_order::{self as stored, OrderRow};
use crate::store::{Conn, StoreError, StoreResult, publication, turn_time, version_facts};
use crate::version::to_approved;
use crate::work_order::form::OrderForm;
use crate::work_order::route::{self, Asked};
use domain::fields::{FieldErrors, FieldId, NAME_TAKEN, Phones, diff};
use domain::refusal::{At, Reason, Refusal};
use domain::turn::{WhoseTurn, whose_turn};
use domain::view::difference::VersionDifference;
use domain::view::publication::Numbers;
use domain::{
    Action, Decision, Effect, OrderEffect, OrderId, OrderKind, PublicationId, Role, State, VersionId, decide, routing,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// How often a change is decided anew because others came first.
const TRIES: u32 = 5;

/// One change that a person asks for.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) publication: PublicationId,
    /// The aggregate's version that the page showed.
    pub(crate) seen: i64,
    /// The form's idempotency key.
    pub(crate) key: Uuid,
    pub(crate) ask: Ask,
}

impl Change {
    fn deed(&self) -> Deed {
        // What is about one order, or one version of the publication, answers for that alone.
        let of_version = |version: VersionId| Uuid::from_u128(self.publication.0.as_u128() ^ version.0.as_u128());
        let about = self.ask.order().map(|order| order.0).or_else(|| self.ask.version().map(of_version));
        let object = about.unwrap_or(self.publication.0);
        Deed { action: self.ask.action().audit_event(), object }
    }
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The publication.
    pub publication: PublicationId,
    /// Where it stands now.
    pub state: State,
    /// The aggregate's version now.
    pub version: i64,
    /// The order that was filed, decided or withdrawn.
    pub order: Option<OrderId>,
    /// Whether the numbers of contacts that came with it were asked for.
    #[serde(default)]
    pub numbers: Numbers,
}

/// Does it, or says why not. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] with the present state, [`Error::Invalid`] with every error at
/// once, [`Error::Conflict`] when a form rests on what was changed meanwhile, or others were faster again and again; the store
/// fails.
pub(crate) async fn apply(engine: &Engine, ctx: &Ctx, change: Change) -> Result<Done> {
    ctx.person()?;
    let outcome = Box::pin(decided(engine, ctx, &change)).await;
    if let Err(error) = &outcome {
        let object = ("publication", change.publication.0);
        record::refusal(engine, ctx, change.ask.action().audit_event(), object, error).await?;
    }
    outcome
}

/// The role without which the function answers 403.
fn role_of(action: Action) -> Role {
    decide::who_may(action).map_or(Role::Staff, domain::Who::role)
}

async fn decided(engine: &Engine, ctx: &Ctx, change: &Change) -> Result<Done> {
    ctx.with_role(&[role_of(change.ask.action())])?;
    // Whether the form was sent before shows when it is refused, or when its key is taken.
    let deed = change.deed();
    let answered = match contacts::of_change(engine, ctx, change.publication, &change.ask).await {
        Ok(answered) => answered,
        Err(error) => return record::first_answer(engine, ctx, change.key, deed).await?.ok_or(error),
    };
    for _ in 0..TRIES {
        let plan = match Box::pin(plan(engine, ctx, change, &answered)).await {
            Ok(plan) => plan,
            // Our own first sending may have been committed since: then it is no refusal that its time has passed.
            Err(error) => return record::first_answer(engine, ctx, change.key, deed).await?.ok_or(error),
        };
        match Box::pin(carry_out(engine, plan)).await {
            Ok(done) => return Ok(done),
            Err(StoreError::Conflict) => {}
            // It may be our own first sending that has the key.
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

/// Whether the constraint says that a name is taken.
pub(crate) fn is_name(constraint: &str) -> bool {
    matches!(constraint, "publication_name_side_name_key_key" | "publication_side_name_key_key")
}

/// The error of the form whose name was taken meanwhile.
pub(crate) fn name_taken() -> Error {
    let mut errors = FieldErrors::new();
    errors.add(FieldId::Name, NAME_TAKEN);
    Error::Invalid(errors)
}

/// All that the transaction needs.
pub(super) struct Plan {
    pub(super) engine: Engine,
    pub(super) ctx: Ctx,
    pub(super) key: Uuid,
    pub(super) deed: Deed,
    pub(super) granted: Granted,
    pub(super) prepared: Prepared,
    pub(super) decision: Decision,
    /// Where it begins; there is none of a registration, which goes its own way.
    pub(super) from: State,
    /// The open order, before the change.
    pub(super) order: Option<OrderRow>,
    /// The steps of an order to file.
    pub(super) steps: Vec<routing::Step>,
    /// The version of the rules that they follow from.
    pub(super) routing: i64,
    /// What an order is about, or what becomes live: the version and its bytes.
    pub(super) sealed: Option<(VersionId, String)>,
    /// Of 配置完成.
    pub(super) configured: Option<Configured>,
    /// Of a form with contacts.
    numbers: Numbers,
}

/// What 配置完成 uses up.
pub(super) struct Configured {
    /// The order whose approval it was.
    pub(super) order: Uuid,
    /// From the version that was approved to the one that goes live.
    pub(super) difference: Option<VersionDifference>,
}

impl Plan {
    pub(super) fn publication(&self) -> Uuid {
        self.granted.of.row.id
    }
}

/// Reads, checks and decides.
async fn plan(engine: &Engine, ctx: &Ctx, change: &Change, answered: &Answered) -> Result<Plan> {
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, change.publication).await?;
    let mut prepared = ask::prepare(engine, &mut conn, &granted, &change.ask, ctx.now).await?;
    prepared.errors.join(answered.errors.clone());
    let decision = match decide(&granted.facts, &granted.actor, &prepared.command) {
        Ok(_) if !prepared.errors.is_empty() => return Err(Error::Invalid(prepared.errors)),
        Ok(decision) => decision,
        Err(refusal) => {
            return Err(ask::as_invalid(&prepared.errors, &refusal.reason).unwrap_or_else(|| refusal.into()));
        }
    };
    if change.ask.rests_on_what_was_seen() && change.seen != granted.facts.version {
        return Err(Error::Conflict);
    }
    let refused = |reason| {
        let at = At::Publication(granted.facts.state);
        Error::from(Refusal { at, action: decision.action, reason })
    };
    let (mut steps, mut routing) = (Vec::new(), 0);
    if let OrderEffect::File { kind, .. } = decision.order {
        let route = route::find(&mut conn, Asked::of(&granted, &prepared.before, kind)).await?;
        if let Some(reason) = route.blocked {
            return Err(refused(reason));
        }
        (steps, routing) = (route.steps, route.number);
    }
    let order = match granted.facts.order {
        Some(open) => stored::of(&mut conn, open.id.0).await?,
        None => None,
    };
    let sealed = sealed(&mut conn, &granted, &decision, order.as_ref()).await?.map_err(refused)?;
    let configured = match (decision.action, &sealed) {
        (Action::CompleteConfiguration, Some((version, _))) => configured(engine, conn, &granted, version.0).await?,
        _ => None,
    };
    let from = decision.from.ok_or_else(|| refused(Reason::WrongState))?;
    let (engine, ctx, key, deed) = (engine.clone(), ctx.clone(), change.key, change.deed());
    let numbers = answered.numbers;
    Ok(Plan {
        engine,
        ctx,
        key,
        deed,
        granted,
        prepared,
        decision,
        from,
        order,
        steps,
        routing,
        sealed,
        configured,
        numbers,
    })
}

async fn configured(engine: &Engine, mut conn: Conn, granted: &Granted, version: Uuid) -> Result<Option<Configured>> {
    let Some(order) = stored::last_approved(&mut conn, granted.of.row.id).await? else { return Ok(None) };
    let approved = stored::of(&mut conn, order).await?.and_then(|order| order.version_id);
    drop(conn);
    let difference = match approved {
        Some(approved) => Some(to_approved(engine, approved, version).await?),
        None => None,
    };
    Ok(Some(Configured { order, difference }))
}

/// The version that the decision is about, with its bytes: those that were accepted are approved, and those go live.
async fn sealed(
    conn: &mut Conn,
    granted: &Granted,
    decision: &Decision,
    order: Option<&OrderRow>,
) -> Result<std::result::Result<Option<(VersionId, String)>, Reason>> {
    let live = decision.effects.iter().find_map(|effect| match effect {
        Effect::MakeLive { version, .. } => Some(*version),
        _ => None,
    });
    let accepted = granted.of.accepted_bundle.as_deref();
    // What it must be; a version that was live once, or was made in 配置中, is taken as it is.
    let (version, seal) = match (decision.order, live) {
        (OrderEffect::File { kind: OrderKind::Release | OrderKind::Upgrade, version: Some(version) }, _) => {
            (version, Seal::Is(accepted))
        }
        (OrderEffect::File { version: Some(version), .. }, _) | (_, Some(Some(version))) => (version, Seal::Any),
        (_, Some(None)) => match order.and_then(|order| Some((order.version_id?, order.bundle.as_deref()))) {
            Some((version, bundle)) => (VersionId(version), Seal::Is(bundle)),
            None => return Ok(Err(Reason::OtherBundle)),
        },
        _ => return Ok(Ok(None)),
    };
    let bundle = version_facts::bytes(conn, version.0).await?.and_then(|bytes| bytes.bundle);
    Ok(match (bundle, seal) {
        (Some(bundle), Seal::Any) => Ok(Some((version, bundle))),
        (Some(bundle), Seal::Is(seal)) if seal == Some(bundle.as_str()) => Ok(Some((version, bundle))),
        _ => Err(Reason::OtherBundle),
    })
}

/// Which bytes a version must have.
enum Seal<'a> {
    Any,
    Is(Option<&'a str>),
}

async fn carry_out(engine: &Engine, plan: Plan) -> StoreResult<Done> {
    let switched = plan.decision.effects.iter().any(switches);
    let (done, seq) = Box::pin(engine.db().write(plan, |conn, plan| Box::pin(write(conn, plan)))).await?;
    engine.tell(Happened { seq, publication: done.publication, order: done.order, switched });
    Ok(done)
}

/// What is served, or where it is listed, is another afterwards: also by what changes 运行参数 and 前端路由.
fn switches(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::MakeLive { .. }
            | Effect::StopServing
            | Effect::List
            | Effect::Delist
            | Effect::GrantChannels
            | Effect::ApplyCorrection
            | Effect::ApplyInfoChange
    )
}

/// The transaction: the row first, so that whoever comes second finds out at once; the audit event last.
async fn write(conn: &mut Conn, plan: Arc<Plan>) -> StoreResult<(Done, i64)> {
    let decision = &plan.decision;
    let turns = decision.to != plan.from
        || matches!(
            decision.order,
            OrderEffect::File { .. } | OrderEffect::Vote { advance: true, .. } | OrderEffect::Close { .. }
        );
    let (publication, now) = (plan.publication(), plan.ctx.now);
    let step = Step { publication, expects: decision.expects, from: plan.from, to: decision.to, turns, now };
    publication_change::advance(conn, &step).await?;
    if turns {
        turn_ended(conn, &plan).await?;
    }
    if decision.to != plan.from {
        let (system, side) = (plan.granted.of.system_id, plan.granted.facts.side);
        publication::count_move(conn, system, side, plan.from, decision.to).await?;
    }
    plan.engine.may_fail()?;
    let order = orders::carry_out(conn, &plan).await?;
    plan.engine.may_fail()?;
    for effect in &decision.effects {
        effects::carry_out(conn, &plan, effect, order).await?;
        plan.engine.may_fail()?;
    }
    if drafts::has_form(decision.action) {
        drafts::forget(conn, plan.granted.actor.person, (decision.action, publication)).await?;
    }
    let publication = PublicationId(publication);
    let (state, version) = (decision.to, decision.expects + 1);
    let done = Done { publication, state, version, order: order.map(OrderId), numbers: plan.numbers };
    // Who is told of 配置完成 is led to what it changed.
    let about = order.or(plan.configured.as_ref().map(|of| of.order));
    let told = Told { publication: publication.0, order: about, notices: &decision.notices };
    let record = Record { key: plan.key, deed: plan.deed, answer: json!(done), detail: detail(&plan, order) };
    let seq = record::close(conn, &plan.engine, &plan.ctx, &record, &told).await?;
    Ok((done, seq))
}

/// How long it was somebody's turn. The row's version is the one that was read, so its time stands.
async fn turn_ended(conn: &mut Conn, plan: &Plan) -> StoreResult<()> {
    let facts = &plan.granted.facts;
    if whose_turn(facts) == WhoseTurn::Nobody {
        return Ok(());
    }
    let (step, now) = (facts.order.map_or(0, |order| order.step), plan.ctx.now);
    turn_time::insert(conn, plan.from, step, now, (now.0 - plan.granted.of.row.turn_since).max(0)).await
}

/// Before, after, and what explains it; numbers are masked.
fn detail(plan: &Plan, order: Option<Uuid>) -> serde_json::Value {
    let mut detail = json!({
        "name": plan.granted.of.row.name,
        "from": plan.from.id(),
        "to": plan.decision.to.id(),
        "version": plan.decision.expects + 1,
    });
    let mut add = |name: &str, value: serde_json::Value| {
        if let Some(map) = detail.as_object_mut() {
            map.insert(name.to_owned(), value);
        }
    };
    if let Some(order) = order {
        add("order", json!(order));
    }
    if !plan.prepared.said.is_empty() {
        add("said", json!(plan.prepared.said));
    }
    if let Some((version, bundle)) = &plan.sealed {
        add("release", json!({ "version": version, "bundle": bundle }));
    } else if let Some(version) = plan.prepared.command.version() {
        add("about", json!(version));
    }
    if let Some(configured) = &plan.configured {
        add("approved_by", json!(configured.order));
        add("difference", json!(configured.difference));
    }
    if let Some(after) = &plan.prepared.after {
        add("changes", json!(diff(&plan.prepared.before, after, Phones::Masked)));
    }
    if let Some(form @ OrderForm::InfoChange { .. }) = &plan.prepared.form {
        add("changes", json!(form.changes(Phones::Masked)));
    }
    detail
}
