//! 角色 of each person, given and taken by the security administrator (identity.md, The three administrators).

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::account::with_seats;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::identity::session;
use crate::record;
use crate::refused_form;
use crate::store::{Conn, StoreError, StoreResult, account as credentials, draft, person_kept, seat};
use domain::fields::{FieldErrors, FieldId, RolesDraft, SeatDraft, validate_roles};
use domain::view::account::OpenRoles;
use domain::{PersonId, Role, Seat, words};
use serde_json::json;

const SECURITY: [Role; 1] = [Role::SecurityAdministrator];

/// What the form opens with. With `check`: as it was typed when it was refused, with its errors.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn form(engine: &Engine, ctx: &Ctx, id: PersonId, check: bool) -> Result<OpenRoles> {
    let viewer = ctx.with_role(&SECURITY)?.person;
    let mut conn = engine.db().reader().await?;
    let row = person_kept::of(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let row = with_seats(&mut conn, row).await?;
    let mut typed = RolesDraft { seats: row.seats.iter().map(as_typed).collect() };
    let mut errors = FieldErrors::new();
    if check && let Some(kept) = refused_form::kept(&mut conn, viewer, &kept_as(id)).await? {
        (typed, errors) = kept;
    }
    let seen = seen_as(&row.seats);
    Ok(OpenRoles { row, seen, draft: typed, errors, own: viewer == id })
}

/// Where what was typed and refused is kept.
fn kept_as(id: PersonId) -> String {
    format!("roles_{}", id.0)
}

/// Roles as a form names those that it opened with.
fn seen_as(seats: &[Seat]) -> String {
    let one = |seat: &Seat| format!("{}:{}", seat.role.id(), seat.region.map(|it| it.to_string()).unwrap_or_default());
    seats.iter().map(one).collect::<Vec<_>>().join(",")
}

fn as_typed(seat: &Seat) -> SeatDraft {
    let region = seat.region.map(|region| region.to_string()).unwrap_or_default();
    SeatDraft { role: seat.role.id().to_owned(), region }
}

/// The person has these roles from now on, and no other; all their sessions end at once. `seen`: the ones that the form opened with.
/// Who becomes an administrator needs a link from the server's terminal, who is none any more another one: what they signed in with
/// before holds no longer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Invalid`]: the roles, one's own, or the last of an administrator;
/// [`Error::Conflict`]: somebody else changed them meanwhile; the store fails.
pub async fn change(engine: &Engine, ctx: &Ctx, id: PersonId, seen: &str, typed: &RolesDraft) -> Result<()> {
    let viewer = record::admitted(engine, ctx, &SECURITY, "role.change", ("person", id.0)).await?.person;
    let person = person_kept::of(&mut engine.db().reader().await?, id).await?.ok_or(Error::NotFound)?;
    let seats = match validate_roles(typed) {
        Ok(_) if id == viewer => Err(wrong("自己的角色要由另一位安全管理员更改".to_owned())),
        Ok(seats) if !person.active && seats.iter().any(|seat| seat.role.is_administrator()) => {
            Err(wrong("账号已停用，不能担任管理员，请先由系统管理员启用".to_owned()))
        }
        other => other,
    };
    let refused = match seats {
        Ok(seats) => {
            let plan = Plan { ctx: ctx.clone(), id, seen: seen.to_owned(), seats, demo: engine.is_demo() };
            let write = engine.db().write(plan, |conn, plan| Box::pin(async move { write(conn, &plan).await }));
            write.await?.err().map(|role| wrong(format!("这是最后一位{}，请先让另一个人担任", words::role(role))))
        }
        Err(errors) => Some(errors),
    };
    match refused {
        None => {
            session::forget_of(engine, id);
            Ok(())
        }
        Some(errors) => {
            refused_form::keep(engine, ctx, kept_as(id), typed, &errors).await?;
            Err(Error::Invalid(errors))
        }
    }
}

fn wrong(text: String) -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.add(FieldId::Seats, text);
    errors
}

struct Plan {
    ctx: Ctx,
    id: PersonId,
    seen: String,
    seats: Vec<Seat>,
    demo: bool,
}

/// An error: an administrator's role that nobody else has.
async fn write(conn: &mut Conn, plan: &Plan) -> StoreResult<Result<(), Role>> {
    let Plan { ctx, id, seats, .. } = plan;
    let id = *id;
    // Two who are the last two must not both go.
    seat::lock(conn).await?;
    // Nobody signs in meanwhile as who has other roles.
    person_kept::lock(conn, id).await?;
    let before = seat::of(conn, id).await?;
    if seen_as(&before) != plan.seen {
        return Err(StoreError::Conflict);
    }
    let taken = before.iter().filter(|seat| !seats.contains(seat));
    for seat in taken.clone().filter(|seat| seat.role.is_administrator()) {
        if !seat::has_another(conn, id, seat.role, plan.demo).await? {
            return Ok(Err(seat.role));
        }
    }
    let given = seats.iter().filter(|seat| !before.contains(seat));
    if taken.clone().next().is_none() && given.clone().next().is_none() {
        return Ok(Ok(()));
    }
    let administrator = |seats: &[Seat]| seats.iter().any(|seat| seat.role.is_administrator());
    let (was, is) = (administrator(&before), administrator(seats));
    for seat in taken {
        seat::take(conn, id, *seat).await?;
    }
    for seat in given {
        seat::give(conn, id, *seat).await?;
    }
    credentials::end_sessions(conn, id).await?;
    if was || is {
        // A link or a token from before must not open what an administrator has.
        person_kept::shut_out(conn, id, ctx.now).await?;
    }
    if was && !is {
        credentials::forget_credentials(conn, id).await?;
    }
    if let Some(viewer) = &ctx.signed_in {
        draft::delete(conn, viewer.person, &kept_as(id)).await?;
    }
    let named = |seats: &[Seat]| seats.iter().map(|seat| words::seat(*seat)).collect::<Vec<_>>().join("、");
    let event = Event {
        detail: json!({ "before": named(&before), "after": named(seats) }),
        ..Event::done("role.change", "person", id.0.to_string())
    };
    audit::append(conn, ctx, &event).await?;
    Ok(Ok(()))
}
