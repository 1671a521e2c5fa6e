//! 账号, kept by the system administrator (identity.md, The three administrators). Start at [`list`].
//!
//! The accounts of the three administrators are looked at and not touched: whoever could hand out their links, or shut them out,
//! would be all three. New links for them come from the server's terminal; the security administrator takes their role first.

mod form;
#[cfg(test)]
mod tests;
mod waiting;

pub use form::form;
pub use waiting::{link, refuse, unlink, waiting};

use crate::Engine;
use crate::application_system::containing;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::identity::{activation, session};
use crate::keyset::{COUNT_MOST, Page, Window};
use crate::publication::ENV;
use crate::record;
use crate::store::oidc as waiting_sign_ins;
use crate::store::person::{self, Person};
use crate::store::person_kept::{self as store, Filter, KnownPerson, PersonRow};
use crate::store::{Conn, StoreResult, account as credentials, seat};
use domain::fields::PersonDraft;
use domain::fields::phone::mobile;
use domain::query::{HasRole, PAGE_SIZE, PersonQuery};
use domain::text::mask_phone;
use domain::view::account::{AccountPage, AccountRow, NewLink, Standing};
use domain::{PersonId, Role, Seat};
use form::{Checked, checked, forget_draft, refused};
use serde_json::{Value, json};
use uuid::Uuid;

/// Links that are made at once, at most.
pub const LINKS_MOST: usize = 100;

/// Departments that the form offers, at most; any other may be typed.
const OFFERED_MOST: usize = 500;

const ADMINISTRATOR: [Role; 1] = [Role::SystemAdministrator];

/// A page of the accounts; also what the security administrator chooses from.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, query: &PersonQuery) -> Result<AccountPage> {
    ctx.with_role(&[Role::SystemAdministrator, Role::SecurityAdministrator])?;
    let filter = filter(query);
    let window = Window::new(query.from, PAGE_SIZE);
    let mut conn = engine.db().reader().await?;
    let rows = store::rows(&mut conn, &filter, window.part(), window.limit()).await?;
    let total = store::count(&mut conn, &filter, COUNT_MOST).await?;
    let links = engine.workshop().oidc.is_some() && ctx.with_role(&ADMINISTRATOR).is_ok();
    let waiting = if links { Some(waiting_sign_ins::count_waiting(&mut conn).await?) } else { None };
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        shown.push(with_seats(&mut conn, row).await?);
    }
    Ok(AccountPage { rows: shown, total, newer, older, waiting })
}

fn filter(query: &PersonQuery) -> Filter {
    let keyword = ENV.clean(&query.keyword);
    let mobile = mobile(&keyword, &ENV).ok();
    let (active, activated) = match query.standing {
        Some(Standing::Active) => (Some(true), Some(true)),
        Some(Standing::NoPassword) => (Some(true), Some(false)),
        Some(Standing::Stopped) => (Some(false), None),
        None => (None, None),
    };
    Filter {
        pattern: Some(keyword).filter(|text| !text.is_empty()).map(|text| containing(&text)),
        mobile,
        active,
        activated,
        role: query.role.and_then(|role| match role {
            HasRole::Is(role) => Some(role),
            HasRole::Nothing => None,
        }),
        region: query.region.map(|region| region.to_string()),
        without_role: query.role == Some(HasRole::Nothing),
    }
}

/// An account with what the person may be.
pub(crate) async fn with_seats(conn: &mut Conn, row: PersonRow) -> StoreResult<AccountRow> {
    let seats = seat::of(conn, PersonId(row.id)).await?;
    Ok(view(row, seats))
}

fn view(row: PersonRow, seats: Vec<Seat>) -> AccountRow {
    let standing = match (row.active, row.activated) {
        (false, _) => Standing::Stopped,
        (true, true) => Standing::Active,
        (true, false) => Standing::NoPassword,
    };
    AccountRow {
        id: PersonId(row.id),
        account: row.account,
        name: row.name,
        department: row.department.unwrap_or_default(),
        mobile: row.mobile.as_deref().map(mask_phone).unwrap_or_default(),
        in_dingtalk: row.dingtalk_id.is_some(),
        standing,
        seats,
    }
}

/// A new account, without a role; answers the link with which the person chooses a password.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; the store fails.
pub async fn create(engine: &Engine, ctx: &Ctx, typed: &PersonDraft) -> Result<NewLink> {
    record::admitted(engine, ctx, &ADMINISTRATOR, "account.create", ("account_list", Uuid::nil())).await?;
    let valid = checked(engine, ctx, None, typed).await?;
    let (token, stored) = activation::new(engine);
    let row = Person {
        id: engine.entropy().id(ctx.now),
        account: valid.of.account.clone(),
        name: valid.of.name.clone(),
        department_id: valid.department,
        mobile: valid.of.mobile.clone(),
        active: true,
        created_at: ctx.now.0,
        password_hash: None,
        password_set_at: None,
        totp_secret: None,
        totp_step: 0,
        email: valid.of.email.clone(),
        dingtalk_id: valid.of.dingtalk_id,
    };
    let made = NewLink {
        name: valid.of.name.clone(),
        account: valid.of.account.clone(),
        link: activation::link(engine, &token),
    };
    let event = Event {
        detail: json!({ "account": row.account, "after": said(&valid) }),
        ..Event::done("account.create", "person", row.id.to_string())
    };
    let write = engine.db().write((ctx.clone(), row, event), move |conn, s| {
        Box::pin(async move {
            let (ctx, row, event) = &*s;
            person::insert(conn, row).await?;
            credentials::put_activation(conn, row.person_id(), stored, ctx.now).await?;
            forget_draft(conn, ctx, None).await?;
            audit::append(conn, ctx, event).await
        })
    });
    match write.await {
        Ok(_) => Ok(made),
        Err(error) => Err(refused(engine, ctx, None, typed, error).await?),
    }
}

/// Writes over what is kept of an account. Another mobile number asks the person to sign in anew.
///
/// # Errors
/// As [`create`]; [`Error::NotFound`]; [`Error::OfAdministrator`].
pub async fn change(engine: &Engine, ctx: &Ctx, id: PersonId, typed: &PersonDraft) -> Result<()> {
    let (before, department) = touchable(engine, ctx, id, "account.change").await?;
    let valid = checked(engine, ctx, Some(id), typed).await?;
    let after = KnownPerson {
        name: valid.of.name.clone(),
        department_id: valid.department,
        mobile: valid.of.mobile.clone(),
        email: valid.of.email.clone(),
        dingtalk_id: valid.of.dingtalk_id,
        ..before.clone()
    };
    let (was, is) = (of_row(&before, department), said(&valid));
    let event = Event {
        detail: json!({ "before": was, "after": is }),
        ..Event::done("account.change", "person", id.0.to_string())
    };
    let asks_again = (&before.mobile, before.dingtalk_id) != (&after.mobile, after.dingtalk_id);
    let write = engine.db().write((ctx.clone(), after, event), move |conn, s| {
        Box::pin(async move {
            let (ctx, after, event) = &*s;
            if store::hold(conn, id).await? {
                return Ok(false);
            }
            store::update(conn, after).await?;
            if asks_again {
                credentials::end_sessions(conn, id).await?;
            }
            forget_draft(conn, ctx, Some(id)).await?;
            audit::append(conn, ctx, event).await?;
            Ok(true)
        })
    });
    match write.await {
        Ok(true) => {
            session::forget_of(engine, id);
            Ok(())
        }
        Ok(false) => Err(Error::OfAdministrator),
        Err(error) => Err(refused(engine, ctx, Some(id), typed, error).await?),
    }
}

/// 停用 or 启用. Whoever is stopped is out at once: sessions, links and API tokens end.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::OfAdministrator`]; the store fails.
pub async fn set_active(engine: &Engine, ctx: &Ctx, id: PersonId, active: bool) -> Result<()> {
    let action = if active { "account.resume" } else { "account.stop" };
    touchable(engine, ctx, id, action).await?;
    let event = Event::done(action, "person", id.0.to_string());
    let write = engine.db().write((ctx.clone(), event), move |conn, s| {
        Box::pin(async move {
            let (ctx, event) = &*s;
            if store::hold(conn, id).await? {
                return Ok(false);
            }
            if store::set_active(conn, id, active).await? {
                if !active {
                    store::shut_out(conn, id, ctx.now).await?;
                }
                audit::append(conn, ctx, event).await?;
            }
            Ok(true)
        })
    });
    if !write.await? {
        return Err(Error::OfAdministrator);
    }
    session::forget_of(engine, id);
    Ok(())
}

/// New activation links, in place of the last, for accounts that are active; with one, a forgotten password is chosen anew. At
/// most [`LINKS_MOST`].
///
/// # Errors
/// As [`set_active`]; [`Error::Stopped`].
pub async fn new_links(engine: &Engine, ctx: &Ctx, ids: &[PersonId]) -> Result<Vec<NewLink>> {
    record::admitted(engine, ctx, &ADMINISTRATOR, "account.new_link", ("account_list", Uuid::nil())).await?;
    let mut links = Vec::new();
    let mut stored = Vec::new();
    for id in ids.iter().take(LINKS_MOST) {
        let (person, _) = touchable(engine, ctx, *id, "account.new_link").await?;
        if !person.active {
            return Err(Error::Stopped);
        }
        let (token, of) = activation::new(engine);
        stored.push((*id, of));
        links.push(NewLink { name: person.name, account: person.account, link: activation::link(engine, &token) });
    }
    let write = engine.db().write((ctx.clone(), stored), |conn, s| {
        Box::pin(async move {
            let (ctx, stored) = &*s;
            for (id, _) in stored {
                if store::hold(conn, *id).await? {
                    return Ok(false);
                }
            }
            for (id, of) in stored {
                credentials::put_activation(conn, *id, *of, ctx.now).await?;
            }
            let event = |(id, _): &(PersonId, _)| Event::done("account.new_link", "person", id.0.to_string());
            let events: Vec<Event> = stored.iter().map(event).collect();
            audit::append_all(conn, ctx, &events).await?;
            Ok(true)
        })
    });
    if write.await? { Ok(links) } else { Err(Error::OfAdministrator) }
}

/// An account that the system administrator may touch, and its department's name. Asked once more where it is written.
async fn touchable(
    engine: &Engine,
    ctx: &Ctx,
    id: PersonId,
    action: &'static str,
) -> Result<(KnownPerson, Option<String>)> {
    record::admitted(engine, ctx, &ADMINISTRATOR, action, ("person", id.0)).await?;
    let mut conn = engine.db().reader().await?;
    let row = store::of(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let is_administrator = seat::of(&mut conn, id).await?.iter().any(|seat| seat.role.is_administrator());
    if is_administrator {
        drop(conn);
        record::refusal(engine, ctx, action, ("person", id.0), &Error::OfAdministrator).await?;
        return Err(Error::OfAdministrator);
    }
    Ok((row.kept(false), row.department))
}

/// For the audit log: numbers masked.
fn said(valid: &Checked) -> Value {
    let of = &valid.of;
    json!([of.name, of.department, of.mobile.as_deref().map(mask_phone), of.email, of.dingtalk_id])
}

fn of_row(row: &KnownPerson, department: Option<String>) -> Value {
    json!([row.name, department, row.mobile.as_deref().map(mask_phone), row.email, row.dingtalk_id])
}
