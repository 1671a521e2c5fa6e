//! Which steps an order will take, who may decide them, and whether somebody can (lifecycle.md, Work orders).

use crate::Engine;
use crate::access::{self, Granted};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::numbered;
use crate::store::seat::NamedSeat;
use crate::store::{Conn, StoreResult, seat};
use domain::fields::ValidRegistration;
use domain::refusal::{At, Reason, Refusal};
use domain::routing::{Example, Routing, SeatHolder, Step, pick, undecidable};
use domain::view::work_order::{RouteStep, RouteView};
use domain::{Action, OrderKind, PersonId, PublicationId, RegionCode, Role, Side, words};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The steps, and what stops them.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Of the version of the rules.
    pub(crate) number: i64,
    pub(crate) steps: Vec<Step>,
    /// Why nothing can be filed.
    pub(crate) blocked: Option<Reason>,
    seats: Vec<NamedSeat>,
    initiator: PersonId,
}

/// What the routing reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// 应用系统: its department is the building one.
    pub(crate) system: Uuid,
    pub(crate) side: Side,
    pub(crate) kind: OrderKind,
    /// 是否统建 and 所属区域, of the governance side.
    pub(crate) unified: Option<bool>,
    pub(crate) region: Option<RegionCode>,
    pub(crate) initiator: PersonId,
}

impl Asked {
    /// Of an order about a publication that `granted.actor` would file. An information change is routed by what is registered before
    /// it.
    pub(crate) fn of(granted: &Granted, registration: &ValidRegistration, kind: OrderKind) -> Self {
        Self {
            system: granted.of.system_id,
            side: granted.facts.side,
            kind,
            unified: registration.unified,
            region: registration.region,
            initiator: granted.actor.person,
        }
    }
}

/// The route of such an order.
///
/// # Errors
/// [`Error::NotFound`]: the application system is gone; the store fails.
pub(crate) async fn find(conn: &mut Conn, asked: Asked) -> Result<Found> {
    let department = seat::department(conn, asked.system).await?.ok_or(Error::NotFound)?;
    let (number, routing) = numbered::present::<Routing>(conn).await?;
    let initiator = asked.initiator;
    let example = Example {
        side: asked.side,
        kind: asked.kind,
        unified: asked.unified,
        region: asked.region,
        department: department.dingtalk_id,
        department_region: RegionCode::parse(&department.region).unwrap_or(RegionCode::PROVINCE),
    };
    Ok(Found { number, ..by(conn, &routing, &example, initiator).await? })
}

/// The steps of an example by these rules, filed by nobody who could decide: what the security administrator tries.
///
/// # Errors
/// The store fails.
pub(crate) async fn route_of(conn: &mut Conn, routing: &Routing, example: &Example) -> StoreResult<RouteView> {
    let found = by(conn, routing, example, PersonId(Uuid::nil())).await?;
    let blocked = found.blocked.as_ref().map(|reason| match reason {
        Reason::NobodyForStep { step } => format!("「{}」没有足够的人可以审批", step.name()),
        _ => "没有适用的规则".to_owned(),
    });
    Ok(RouteView { steps: found.steps.iter().map(|step| found.step(step)).collect(), blocked })
}

async fn by(conn: &mut Conn, routing: &Routing, example: &Example, initiator: PersonId) -> StoreResult<Found> {
    let seats = seat::all(conn).await?;
    let holders: Vec<SeatHolder> = seats.iter().map(|named| named.seat).collect();
    let Ok(steps) = pick(routing, example, &holders, Some(initiator)) else {
        return Ok(Found { number: 0, steps: Vec::new(), blocked: Some(Reason::NoRoute), seats, initiator });
    };
    let short = undecidable(&steps, &holders, initiator);
    let blocked = short.first().and_then(|at| steps.get(*at)).cloned().map(|step| Reason::NobodyForStep { step });
    Ok(Found { number: 0, steps, blocked, seats, initiator })
}

/// Who will decide what the person is about to ask for, and what stops it: before 提交审批, 信息变更, 下线 or 版本回退.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn route(engine: &Engine, ctx: &Ctx, id: PublicationId, action: Action) -> Result<RouteView> {
    ctx.with_role(&[Role::Staff])?;
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, id).await?;
    preview(&mut conn, &granted, action).await
}

/// As [`route`], of a publication that is granted.
pub(crate) async fn preview(conn: &mut Conn, granted: &Granted, action: Action) -> Result<RouteView> {
    let kind = action.order_kind().unwrap_or_else(|| domain::decide::submitted_kind(&granted.facts));
    let found = find(conn, Asked::of(granted, &granted.registration()?, kind)).await?;
    let at = At::Publication(granted.facts.state);
    Ok(found.view(|reason| Refusal { at, action, reason }))
}

impl Found {
    /// As it is shown before filing.
    pub(crate) fn view(&self, refused: impl Fn(Reason) -> Refusal) -> RouteView {
        RouteView {
            steps: self.steps.iter().map(|step| self.step(step)).collect(),
            blocked: self.blocked.clone().map(|reason| refused(reason).sentence()),
        }
    }

    fn step(&self, step: &Step) -> RouteStep {
        let theirs = self.seats.iter().filter(|named| step.is_seat(&named.seat) && named.seat.person != self.initiator);
        // Who is named may hold seats of several regions.
        let mut known = BTreeSet::new();
        let once = theirs.filter(|named| known.insert(named.seat.person));
        RouteStep {
            name: step.name(),
            need: words::need(step.need),
            people: once.map(|named| named.name.clone()).collect(),
        }
    }
}
