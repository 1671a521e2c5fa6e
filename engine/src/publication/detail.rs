//! The page of one publication (screens.md, Publication).

use super::view;
use crate::Engine;
use crate::access::{self, Granted, Orders};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::kept::{Answer, Question, What};
use crate::limit;
use crate::rollout;
use crate::store::{
    Conn, StoreResult, audit_event, further_channel, publication, seat, turn_time, version_facts, work_order,
};
use crate::work_order::list as orders;
use domain::dashboard::{DAY_MS, DAYS, percentile};
use domain::fields::ValidRegistration;
use domain::text::mask_phone;
use domain::turn::{LastRefusal, WhoseTurn, comes_from_refusal, line};
use domain::view::publication::{PublicationDetail, RefusedOrder};
use domain::view::{PublicationRow, VersionRow};
use domain::{
    Action, Offer, OrderId, OrderKind, PublicationId, Role, Stage, StageStatus, SystemId, UtcMillis, VersionId, offer,
};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Fewer cases say nothing of what is usual; more than so many say no more.
const CASES_LEAST: usize = 5;
const CASES_MOST: i64 = 500;

/// Versions and orders on the page, at most; the newest.
const MOST: i64 = 50;

/// The publication, for whoever may see it.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn detail(engine: &Engine, ctx: &Ctx, id: PublicationId) -> Result<PublicationDetail> {
    let question = Question::new(engine, ctx, ctx.person()?, What::Detail(id));
    if let Some(Answer::Detail(page)) = question.as_ref().and_then(Question::answer) {
        let key = engine.entropy().id(ctx.now);
        return Ok(PublicationDetail { now: ctx.now, heard: ctx.heard, key, ..(*page).clone() });
    }
    let page = Box::pin(read(engine, ctx, id)).await?;
    if let Some(question) = question {
        question.keep(Answer::Detail(Arc::new(page.clone())));
    }
    Ok(page)
}

async fn read(engine: &Engine, ctx: &Ctx, id: PublicationId) -> Result<PublicationDetail> {
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, id).await?;
    let (of, facts) = (&granted.of, &granted.facts);
    let department = seat::department(&mut conn, of.system_id).await?.ok_or(Error::NotFound)?;
    let registration = granted.registration()?;
    let row = view::row(&of.row, facts, &granted.actor)?;
    let seen = Orders::of(&mut conn, &granted).await?;
    Ok(PublicationDetail {
        usual_ms: usual(&mut conn, &row, ctx.now).await?,
        row,
        side: facts.side,
        hosted: facts.hosted,
        linked: facts.linked,
        system: SystemId(of.system_id),
        system_name: department.system_name,
        department: department.name,
        live_address: live_address(&granted, &registration),
        test_parameters: access::parameters_of(&of.test_parameters)?,
        suspended: suspended(&mut conn, &granted).await?,
        registration: shown(&granted, registration),
        further_channels: further_channel::given(&mut conn, of.row.key).await?,
        plan: rollout::of(&mut conn, &granted).await?,
        line: line(facts),
        workbench: workbench(&granted),
        package_most: limit::present(engine, &mut conn).await?.package.packed_bytes,
        versions: versions(&mut conn, of.row.id, of.live_version.filter(|_| !of.stopped)).await?,
        submitted: facts.submitted.map(|version| version.id),
        rejection: rejection(&mut conn, of.row.id).await?,
        refused: refused(&mut conn, &granted, &seen).await?,
        orders: orders_of(&mut conn, &seen, id).await?,
        now: ctx.now,
        heard: ctx.heard,
        key: engine.entropy().id(ctx.now),
    })
}

/// How long this step usually takes (issue 4: the median of 30 days, none under 5 cases).
async fn usual(conn: &mut Conn, row: &PublicationRow, now: UtcMillis) -> StoreResult<Option<i64>> {
    let step = match row.turn {
        WhoseTurn::Nobody => return Ok(None),
        WhoseTurn::Reviewer { step, .. } => step,
        WhoseTurn::Developer { .. } | WhoseTurn::Staff { .. } => 0,
    };
    let since = UtcMillis(now.0 - DAYS * DAY_MS);
    let mut took = turn_time::since(conn, row.state, step, since, CASES_MOST).await?;
    took.sort_unstable();
    Ok(percentile(&took, 50).filter(|_| took.len() >= CASES_LEAST))
}

/// 上传, 提交验收 and 配置完成: those that this person could ever take.
pub(crate) fn workbench(granted: &Granted) -> Vec<(Action, Offer)> {
    let offered = Action::WORKBENCH.map(|action| (action, offer(&granted.facts, &granted.actor, action)));
    offered.into_iter().filter(|(_, offer)| *offer != Offer::Never).collect()
}

/// See [`view::live_address`]; empty while nothing is live.
pub(super) fn live_address(granted: &Granted, registration: &ValidRegistration) -> String {
    let of = &granted.of;
    if of.stopped || !of.listed {
        return String::new();
    }
    view::live_address(of.row.key, of.row.hosted && of.live_version.is_some(), registration)
}

/// For its administrators alone.
async fn suspended(conn: &mut Conn, granted: &Granted) -> StoreResult<Vec<(String, String)>> {
    let theirs = granted.actor.roles.has(Role::Staff) && granted.actor.relation.administers;
    if theirs { publication::suspended(conn, granted.of.row.id).await } else { Ok(Vec::new()) }
}

/// Mobile numbers are whole for whoever administers it and for its contacts (identity.md, Audit).
fn shown(granted: &Granted, mut registration: ValidRegistration) -> ValidRegistration {
    if !granted.sees_phones() {
        for contact in &mut registration.contacts {
            contact.phone = mask_phone(&contact.phone);
        }
    }
    registration
}

async fn versions(conn: &mut Conn, publication: Uuid, live: Option<Uuid>) -> StoreResult<Vec<VersionRow>> {
    let mut stages: HashMap<Uuid, HashMap<Stage, StageStatus>> = HashMap::new();
    for (version, stage, status) in version_facts::stages(conn, publication).await? {
        if let (Some(stage), Some(status)) = (Stage::from_id(&stage), StageStatus::from_id(&status)) {
            stages.entry(version).or_default().insert(stage, status);
        }
    }
    let rows = version_facts::listed(conn, publication, MOST).await?;
    let view = |row: version_facts::ListedVersion| {
        let of = stages.get(&row.id);
        let status = |stage| of.and_then(|of| of.get(&stage)).copied().unwrap_or(StageStatus::Waiting);
        VersionRow {
            id: VersionId(row.id),
            number: row.number(),
            stages: Stage::ALL.into_iter().map(|stage| (stage, status(stage))).collect(),
            uploaded_at: UtcMillis(row.uploaded_at),
            uploaded_by: row.uploaded_by,
            bundle: row.bundle,
            note: row.note,
            live: live == Some(row.id),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn rejection(conn: &mut Conn, publication: Uuid) -> StoreResult<Option<String>> {
    let last = version_facts::last_acceptance(conn, publication).await?;
    Ok(last.filter(|(accepted, _)| !accepted).map(|(_, reason)| reason))
}

/// The refusal that the turn comes from. Developers read why their version was not let through; the order itself is not for them.
async fn refused(conn: &mut Conn, granted: &Granted, seen: &Orders) -> StoreResult<Option<RefusedOrder>> {
    let row = &granted.of.row;
    let Some(refused) = work_order::last_refused(conn, row.id).await? else { return Ok(None) };
    let (kind, at, opens) = (refused.kind()?, UtcMillis(refused.at), seen.has(refused.id));
    let of_their_version = matches!(kind, OrderKind::Release | OrderKind::Upgrade) && granted.is_theirs();
    let begun = audit_event::last_done(conn, row.id, Action::Upgrade.audit_event()).await?.map(UtcMillis);
    let last = LastRefusal { kind, at, turn_since: UtcMillis(row.turn_since), begun };
    let shown = (opens || of_their_version) && comes_from_refusal(&granted.facts, last);
    let order = opens.then_some(OrderId(refused.id));
    Ok(shown.then_some(RefusedOrder { order, reason: refused.reason, by: refused.by, at }))
}

async fn orders_of(conn: &mut Conn, seen: &Orders, id: PublicationId) -> StoreResult<Vec<domain::view::WorkOrderRow>> {
    let mut rows = orders::of_publication(conn, id, MOST).await?;
    rows.retain(|row| seen.has(row.id.0));
    Ok(rows)
}
