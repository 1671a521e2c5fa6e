//! 路由: the approval rules, changed by the security administrator (identity.md, The three administrators; lifecycle.md, Work orders).
//!
//! Each change is a version of its own. An order keeps the steps that it was filed with, and the number of the version.

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::keyset::COUNT_MOST;
use crate::numbered::{self, Numbered};
use crate::refused_form;
use crate::store::numbered::Table;
use crate::store::seat::NamedSeat;
use crate::store::{Conn, StoreResult, department, seat, stuck_order};
use crate::work_order::route::route_of;
use domain::fields::{ExampleDraft, FieldErrors, FieldId, RoutingDraft, TAKERS, example, validate_routing};
use domain::routing::{Nameable, Named, Route, Routing, SeatHolder, is_away, vacant};
use domain::view::change_pages::ChangePage;
use domain::view::home::Cards;
use domain::view::routing::RoutingPage;
use domain::view::work_order::RouteView;
use domain::{RegionCode, Role, UtcMillis, words};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Orders 无人可审 that the page shows.
const STUCK: i64 = 50;

impl Numbered for Routing {
    const TABLE: Table = Table::Routing;
    const EVENT: &'static str = "routing.change";
    const MAKER: Role = Role::SecurityAdministrator;
    const KEPT_AS: &'static str = "routing";

    fn standard() -> Self {
        Self::standard()
    }

    fn read(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }

    fn detail(_: i64, before: &Self, after: &Self) -> Value {
        json!({ "before": said(before), "after": said(after) })
    }

    fn lines(_: &Self, _: &Self) -> Vec<String> {
        Vec::new()
    }
}

/// A page of 变更记录: the versions below `older`, or the newest.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn versions(engine: &Engine, ctx: &Ctx, older: Option<i64>) -> Result<ChangePage> {
    ctx.with_role(&[Routing::MAKER])?;
    numbered::page::<Routing>(engine, older).await
}

/// The page, with the rules of this version, or of the present one. With `check`: as they were typed when they were refused.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; [`Error::NotFound`]: no such version; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, version: Option<i64>, check: bool) -> Result<RoutingPage> {
    let viewer = ctx.with_role(&[Routing::MAKER])?.person;
    let mut conn = engine.db().reader().await?;
    let (number, now) = numbered::present::<Routing>(&mut conn).await?;
    let shown = version.unwrap_or(number);
    let of_version =
        if shown == number { now.clone() } else { numbered::of(&mut conn, shown).await?.ok_or(Error::NotFound)? };
    let (mut typed, mut errors) = (RoutingDraft::from(&of_version), FieldErrors::new());
    if check && let Some(kept) = refused_form::kept(&mut conn, viewer, Routing::KEPT_AS).await? {
        (typed, errors) = kept;
    }
    let (vacant, away) = vacancies(&mut conn, &now, ctx.now).await?;
    let stuck = Cards {
        rows: stuck_order::rows(&mut conn, STUCK).await?,
        total: stuck_order::count(&mut conn, COUNT_MOST).await?,
    };
    Ok(RoutingPage { number, shown, draft: typed, errors, vacant, away, stuck, now: ctx.now })
}

/// Who may be named in a step.
async fn nameable(conn: &mut Conn) -> StoreResult<Vec<Nameable>> {
    // One line for each region of theirs.
    let mut known = BTreeSet::new();
    let seats = seat::all(conn).await?.into_iter().filter(|held| known.insert((held.seat.person, held.seat.role)));
    let of = |held: NamedSeat| Nameable {
        named: Named { person: held.seat.person, name: held.name, account: held.account },
        role: held.seat.role,
    };
    Ok(seats.map(of).collect())
}

/// Steps, with whose orders meet them.
type Steps = Vec<(String, String)>;

/// Those without enough people; and those that have them, but away.
async fn vacancies(conn: &mut Conn, routing: &Routing, at: UtcMillis) -> StoreResult<(Steps, Steps)> {
    let seats = seat::all(conn).await?;
    let holders: Vec<SeatHolder> = seats.iter().map(|named| named.seat).collect();
    let there: Vec<SeatHolder> =
        seats.iter().filter(|named| !is_away(named.seen_at, at)).map(|named| named.seat).collect();
    let named: BTreeSet<&str> = routing.routes.iter().filter_map(|route| route.when.department.as_deref()).collect();
    let known = department::whole(conn).await?.into_iter().filter(|row| named.contains(row.dingtalk_id.as_str()));
    let departments: Vec<_> =
        known.map(|row| (row.dingtalk_id, RegionCode::parse(&row.region).unwrap_or(RegionCode::PROVINCE))).collect();
    let empty = vacant(routing, &holders, None, &departments);
    let mut away = vacant(routing, &holders, Some(&there), &departments);
    away.retain(|(step, _)| empty.iter().all(|(known, _)| known != step));
    Ok((empty, away))
}

/// Makes a new version; `seen` is the present one as the form knew it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`]; [`Error::Conflict`]: somebody else made another version meanwhile; the store fails.
pub async fn change(engine: &Engine, ctx: &Ctx, seen: i64, typed: &RoutingDraft) -> Result<()> {
    let viewer = numbered::admitted::<Routing>(engine, ctx).await?;
    let routing = match checked(engine, typed).await? {
        Ok(routing) => routing,
        Err(errors) => {
            refused_form::keep(engine, ctx, Routing::KEPT_AS.to_owned(), typed, &errors).await?;
            return Err(Error::Invalid(errors));
        }
    };
    numbered::change(engine, ctx, viewer, seen, |_| Ok(routing)).await
}

/// The rules as typed, checked with the people and departments that are there.
pub(crate) async fn checked(
    engine: &Engine,
    typed: &RoutingDraft,
) -> Result<std::result::Result<Routing, FieldErrors>> {
    let people = nameable(&mut engine.db().reader().await?).await?;
    match validate_routing(typed, Some(&people)) {
        Ok(routing) => Ok(of_departments(engine, &routing).await?.map(|()| routing)),
        Err(errors) => Ok(Err(errors)),
    }
}

/// The rules in words, one a line, for the audit log.
fn said(routing: &Routing) -> String {
    let takes = RoutingDraft::from(routing).takes;
    let takes = TAKERS.iter().zip(takes).map(|(kind, take)| format!("{}：{take}", words::order_kind(*kind)));
    routing.routes.iter().map(Route::sentence).chain(takes).collect::<Vec<_>>().join("\n")
}

/// A rule for a department names one that is there.
async fn of_departments(engine: &Engine, routing: &Routing) -> Result<std::result::Result<(), FieldErrors>> {
    let known: BTreeSet<String> =
        department::whole(&mut engine.db().reader().await?).await?.into_iter().map(|row| row.dingtalk_id).collect();
    let mut errors = FieldErrors::new();
    for id in routing.routes.iter().filter_map(|route| route.when.department.as_ref()) {
        if !known.contains(id) {
            errors.add(FieldId::Routes, format!("没有浙政钉ID为「{id}」的部门，请核对"));
        }
    }
    Ok(if errors.is_empty() { Ok(()) } else { Err(errors) })
}

/// The steps that these rules give an example, with who may decide them, and what stops it.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; [`Error::Invalid`]: the rules; the store fails.
pub async fn preview(engine: &Engine, ctx: &Ctx, typed: &RoutingDraft, asked: &ExampleDraft) -> Result<RouteView> {
    ctx.with_role(&[Routing::MAKER])?;
    let mut conn = engine.db().reader().await?;
    let routing = validate_routing(typed, Some(&nameable(&mut conn).await?)).map_err(Error::Invalid)?;
    Ok(route_of(&mut conn, &routing, &example(asked)).await?)
}
