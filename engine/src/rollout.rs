//! 发布方式: carries out the plan by which an approved version goes live, site by site (packages.md, When an approved version goes live).
//! What is live stays live at a site until its batch starts; with the last batch the version is live everywhere, and the plan is
//! over. Start at [`steer`], which people call, and [`work`], which the clock does.

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::access::{self, Granted};
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::leader::{self, Job};
use crate::live::Happened;
use crate::pipeline::recompress;
use crate::publication::Done;
use crate::publication::view::label;
use crate::record::{self, Deed, Record, Told};
use crate::store::publication_change::{self, Step};
use crate::store::reach::Reached;
use crate::store::rollout::{self as store, NewPlan, OpenPlan};
use crate::store::{Conn, StoreError, StoreResult, version_facts};
use domain::command::rollout::Steer;
use domain::fields::ValidRollout;
use domain::rollout::{RolloutAction, RolloutEffect, RolloutRefusal, goes_on, steer as decide};
use domain::view::publication::Numbers;
use domain::view::rollout::{BatchView, Before, RolloutView};
use domain::{Audience, Notice, Occasion, PublicationId, RegionCode, Role, UtcMillis, VersionId, Who};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// How often a step is decided anew because others came first.
const TRIES: u32 = 5;

/// The audit event of a batch that the clock started.
const STARTED: &str = RolloutAction::StartBatch { batch: 0 }.audit_event();

/// How often is looked whether a batch's time has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Who leads starts all that is due within this time: if it dies at that, another starts the rest half as long after.
const LEAD_FOR: Duration = Duration::from_secs(10);

/// Writes the plan of a version that was approved. 定时 is a plan of one batch.
pub(crate) async fn begin(
    conn: &mut Conn,
    (of, scope): (&Reached, &BTreeSet<RegionCode>),
    (version, bundle): (Uuid, &str),
    rollout: ValidRollout,
    now: UtcMillis,
) -> StoreResult<()> {
    let batches = rollout.batches(scope);
    let (publication, publication_key) = (of.row.id, of.row.key);
    let new = NewPlan { publication, publication_key, version, bundle, listed_before: of.listed, batches, now };
    store::insert(conn, &new).await
}

/// 暂停, 继续, 回到旧版本, or the start of a batch. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Rollout`], [`Error::Conflict`]; the store fails.
pub async fn steer(engine: &Engine, ctx: &Ctx, command: Steer) -> Result<Done> {
    let outcome = Box::pin(steered(engine, ctx, &command)).await;
    if let Err(error) = &outcome {
        record::refusal(engine, ctx, "rollout.steer", ("publication", command.id.0), error).await?;
    }
    outcome
}

async fn steered(engine: &Engine, ctx: &Ctx, command: &Steer) -> Result<Done> {
    ctx.with_role(&[Role::Staff])?;
    for _ in 0..TRIES {
        let mut conn = engine.db().reader().await?;
        let granted = access::publication(&mut conn, ctx, command.id).await?;
        let open = store::open(&mut conn, command.id.0).await?;
        drop(conn);
        let open = open.filter(|_| goes_on(granted.facts.state));
        let plan = open.as_ref().map(OpenPlan::plan).unwrap_or_default();
        let decided = decide(&plan, &granted.actor, command.action);
        let deed = deed(command);
        let is_another = open.as_ref().is_some_and(|open| open.of.version_id != command.version.0);
        if is_another && decided.is_ok() {
            return record::first_answer(engine, ctx, command.key, deed).await?.ok_or(Error::Conflict);
        }
        let (effect, open) = match (decided, open) {
            (Ok(effect), Some(open)) => (effect, open),
            (decided, _) => {
                let refusal = decided.err().unwrap_or(RolloutRefusal::Finished);
                let first = record::first_answer(engine, ctx, command.key, deed).await?;
                return first.ok_or(Error::Rollout(refusal));
            }
        };
        let step = Taken::of(open, vec![effect], ctx.now)?;
        let taken = (engine.clone(), ctx.clone(), step, command.key, deed);
        let write = engine.db().write(taken, move |conn, taken| {
            Box::pin(async move {
                let (engine, ctx, step, key, deed) = &*taken;
                step.write(conn, engine).await?;
                let (publication, notices) = (step.done.publication.0, notices(effect));
                let record = Record { key: *key, deed: *deed, answer: json!(step.done), detail: step.detail(effect) };
                let told = Told { publication, order: None, notices: &notices };
                Ok((step.done.clone(), record::close(conn, engine, ctx, &record, &told).await?))
            })
        });
        match Box::pin(write).await {
            Ok((done, seq)) => {
                engine.tell(Happened { seq, publication: done.publication, order: None, switched: true });
                return Ok(done);
            }
            Err(StoreError::Conflict) => {}
            Err(StoreError::Unique(_)) => {
                if let Some(answer) = record::first_answer(engine, ctx, command.key, deed).await? {
                    return Ok(answer);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    Err(Error::Conflict)
}

/// What the form's key stands for: of this plan, and of a batch this one alone.
fn deed(command: &Steer) -> Deed {
    let batch = match command.action {
        RolloutAction::StartBatch { batch } => u128::from(batch) + 1,
        _ => 0,
    };
    let object = Uuid::from_u128(command.version.0.as_u128().wrapping_add(batch));
    Deed { action: command.action.audit_event(), object }
}

/// Developers and staff are told when their version goes.
fn notices(effect: RolloutEffect) -> Vec<Notice> {
    let occasion = Occasion::ReturnedToOld;
    let told = [Audience::Administrators, Audience::Contacts].map(|audience| Notice { audience, occasion });
    if effect == RolloutEffect::ReturnToOld { told.into() } else { Vec::new() }
}

/// Starts what is due, for ever, if this process leads those of its database in it.
pub async fn work(engine: Engine) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = lead(&engine).await {
            tracing::error!(error = %error, "batches whose time has come could not be started");
        }
    }
}

/// The lead is asked for when there is something to do: a look writes nothing.
async fn lead(engine: &Engine) -> Result<()> {
    if !store::due(&mut engine.db().reader().await?, engine.now()).await?.is_empty() {
        leader::led(engine, Job::Plans, LEAD_FOR, start_due).await?;
    }
    Ok(())
}

/// Starts each batch whose time has come.
pub(crate) async fn start_due(engine: &Engine) -> Result<()> {
    let due = store::due(&mut engine.db().reader().await?, engine.now()).await?;
    for publication in due {
        match Box::pin(start_of(engine, publication)).await {
            Ok(()) => {}
            Err(Error::Conflict) => tracing::debug!(
                publication.id = %publication, "another process, or a person, was faster at publication {publication}"
            ),
            Err(error) => tracing::error!(
                error = %error, publication.id = %publication, "a batch of publication {publication} could not be started"
            ),
        }
    }
    Ok(())
}

async fn start_of(engine: &Engine, id: Uuid) -> Result<()> {
    let Some(open) = store::open(&mut engine.db().reader().await?, id).await? else { return Ok(()) };
    if !goes_on(Some(open.state()?)) {
        return Ok(());
    }
    let now = engine.now();
    let effects: Vec<_> = open.plan().due(now).into_iter().map(|batch| RolloutEffect::Start { batch }).collect();
    if effects.is_empty() {
        return Ok(());
    }
    let step = Taken::of(open, effects, now)?;
    let write = engine.db().write((engine.clone(), step), |conn, taken| {
        Box::pin(async move {
            let (engine, step) = &*taken;
            step.write(conn, engine).await?;
            let ctx = Ctx::of_the_clock(step.now, "rollout");
            let mut seq = 0;
            for effect in &step.effects {
                let event = Event {
                    detail: step.detail(*effect),
                    ..Event::done(STARTED, "publication", step.done.publication.0.to_string())
                };
                seq = audit::append(conn, &ctx, &event).await?;
            }
            Ok(seq)
        })
    });
    let seq = Box::pin(write).await?;
    tracing::info!(publication.id = %id, "a batch of publication {id} was started as planned");
    engine.tell(Happened { seq, publication: PublicationId(id), order: None, switched: true });
    Ok(())
}

/// Steps of a plan, on their way into the store.
struct Taken {
    open: OpenPlan,
    effects: Vec<RolloutEffect>,
    done: Done,
    now: UtcMillis,
}

impl Taken {
    fn of(open: OpenPlan, effects: Vec<RolloutEffect>, now: UtcMillis) -> StoreResult<Self> {
        let (publication, state) = (PublicationId(open.of.publication_id), open.state()?);
        let version = open.of.publication_version + 1;
        let done = Done { publication, state, version, order: None, numbers: Numbers::Asked };
        Ok(Self { open, effects, done, now })
    }

    /// Writes them; the row first, so that whoever comes second finds out at once.
    async fn write(&self, conn: &mut Conn, engine: &Engine) -> StoreResult<()> {
        let (of, publication, now) = (&self.open.of, self.open.of.publication_id, self.now);
        let (state, expects) = (self.done.state, of.publication_version);
        let step = Step { publication, expects, from: state, to: state, turns: false, now };
        publication_change::advance(conn, &step).await?;
        let mut plan = self.open.plan();
        for effect in &self.effects {
            engine.may_fail()?;
            plan.apply(*effect);
            match effect {
                RolloutEffect::Start { batch } => store::start(conn, of, *batch, now).await?,
                RolloutEffect::Pause => store::set_paused(conn, of, true).await?,
                RolloutEffect::Resume => store::set_paused(conn, of, false).await?,
                RolloutEffect::ReturnToOld if of.listed_before => {}
                RolloutEffect::ReturnToOld => publication_change::delist(conn, publication).await?,
            }
        }
        engine.may_fail()?;
        match plan.phase() {
            Some(phase) => store::set_phase(conn, publication, Some(phase)).await,
            None if plan.returned => store::end(conn, of, now).await,
            None => {
                store::end(conn, of, now).await?;
                version_facts::make_live(conn, publication, of.version_id, &of.bundle, now).await?;
                recompress::later(conn, of.version_id, now).await
            }
        }
    }

    fn detail(&self, effect: RolloutEffect) -> serde_json::Value {
        let batch = match effect {
            RolloutEffect::Start { batch } => self.open.batches.get(usize::from(batch)).map(|batch| &batch.name),
            _ => None,
        };
        json!({ "about": self.open.of.version_id, "subject": batch, "version": self.done.version })
    }
}

/// The open plan, as the publication's page shows it.
pub(crate) async fn of(conn: &mut Conn, granted: &Granted) -> Result<Option<RolloutView>> {
    let row = &granted.of.row;
    // Most have none: the row says so.
    let Some(phase) = row.rollout()? else { return Ok(None) };
    let Some(open) = store::open(conn, row.id).await? else { return Ok(None) };
    let sites = store::sites(conn, row.key).await?;
    let Some(version) = version_facts::bytes(conn, open.of.version_id).await? else { return Ok(None) };
    let batch = |(number, of): (i64, store::BatchRow)| BatchView {
        name: of.name,
        sites: sites.iter().filter(|(batch, _)| *batch == number).map(|(_, site)| *site).collect(),
        at: of.at.map(UtcMillis),
        started_at: of.started_at.map(UtcMillis),
    };
    Ok(Some(RolloutView {
        version: version.number(),
        phase,
        version_id: VersionId(open.of.version_id),
        before: match granted.of.live_version.filter(|_| !granted.of.stopped) {
            Some(_) => Before::Version,
            None if open.of.listed_before => Before::Address,
            None => Before::Nothing,
        },
        address: label(row.key),
        batches: (0..).zip(open.batches).map(batch).collect(),
        steers: Who::Staff.reaches(&granted.actor).is_ok(),
    }))
}
