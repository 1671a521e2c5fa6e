//! 待关联的登录: who came from the OpenID provider for the first time, and whose account the system administrator says it is
//! (identity.md, Sign-in). The accounts of administrators are linked with nobody.

use super::{ADMINISTRATOR, touchable, with_seats};
use crate::Engine;
use crate::application_system::containing;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::identity::oidc::{WAITING_MS, code_of, said};
use crate::identity::session;
use crate::publication::ENV;
use crate::record;
use crate::store::oidc::{self as store, Identity};
use crate::store::person_kept::{self, Filter, Part, Shut};
use crate::store::{StoreError, account as credentials};
use domain::text::mask_numbers;
use domain::view::oidc::{OutsideIdentity, WaitingPage};
use domain::{PersonId, UtcMillis};
use serde_json::json;
use uuid::Uuid;

/// Accounts that are offered, at most.
const FOUND_MOST: usize = 10;

/// Who waits; and, with a keyword, the accounts with that name, account or department.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn waiting(engine: &Engine, ctx: &Ctx, keyword: &str) -> Result<WaitingPage> {
    ctx.with_role(&ADMINISTRATOR)?;
    let mut conn = engine.db().reader().await?;
    let rows = store::waiting(&mut conn, UtcMillis(ctx.now.0 - WAITING_MS)).await?;
    let keyword = ENV.clean(keyword);
    let (mut found, mut more) = (Vec::new(), false);
    if !keyword.is_empty() {
        let filter = Filter { pattern: Some(containing(&keyword)), active: Some(true), ..Filter::default() };
        let most = i64::try_from(FOUND_MOST).unwrap_or(i64::MAX);
        let mut accounts = person_kept::rows(&mut conn, &filter, Part::First, most + 1).await?;
        more = accounts.len() > FOUND_MOST;
        accounts.truncate(FOUND_MOST);
        for row in accounts {
            found.push(with_seats(&mut conn, row).await?);
        }
    }
    let rows = rows.into_iter().map(shown).collect();
    Ok(WaitingPage { rows, found, more, now: ctx.now })
}

/// Somebody of the provider's, for screens.
pub(super) fn shown(of: Identity) -> OutsideIdentity {
    OutsideIdentity {
        id: of.id,
        code: code_of(&of.issuer, &of.subject),
        name: mask_numbers(&of.name),
        subject: mask_numbers(&of.subject),
        issuer: of.issuer,
        since: UtcMillis(of.since),
    }
}

/// 关联: from now on they sign in as this person.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]: nobody waits under this id, or there is no such account; [`Error::OfAdministrator`];
/// [`Error::Stopped`]; [`Error::Conflict`]: they are linked already; the store fails.
pub async fn link(engine: &Engine, ctx: &Ctx, id: Uuid, person: PersonId) -> Result<()> {
    touchable(engine, ctx, person, "account.link_sign_in").await?;
    let write = engine.db().write(ctx.clone(), move |conn, ctx| {
        Box::pin(async move {
            match person_kept::hold_open(conn, person).await? {
                Some(Shut::Administrator) => return Ok(Err(Error::OfAdministrator)),
                Some(Shut::Stopped) => return Ok(Err(Error::Stopped)),
                None => {}
            }
            let Some(who) = store::take_waiting(conn, id).await? else { return Ok(Err(Error::NotFound)) };
            store::link(conn, &Identity { since: ctx.now.0, ..who.clone() }, person).await?;
            let event = Event {
                detail: said(&who, &json!({})),
                ..Event::done("account.link_sign_in", "person", person.0.to_string())
            };
            audit::append(conn, &ctx, &event).await?;
            Ok(Ok(()))
        })
    });
    match write.await {
        Ok(done) => done,
        Err(StoreError::Unique(_)) => Err(Error::Conflict),
        Err(other) => Err(other.into()),
    }
}

/// 移除: they wait no longer; when they come again, they wait again.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; the store fails.
pub async fn refuse(engine: &Engine, ctx: &Ctx, id: Uuid) -> Result<()> {
    const ACTION: &str = "account.refuse_sign_in";
    record::admitted(engine, ctx, &ADMINISTRATOR, ACTION, ("account_list", Uuid::nil())).await?;
    let write = engine.db().write(ctx.clone(), move |conn, ctx| {
        Box::pin(async move {
            let Some(who) = store::take_waiting(conn, id).await? else { return Ok(false) };
            let event = Event {
                detail: said(&who, &json!({})),
                ..Event::done(ACTION, "account_list", Uuid::nil().to_string())
            };
            audit::append(conn, &ctx, &event).await?;
            Ok(true)
        })
    });
    if write.await? { Ok(()) } else { Err(Error::NotFound) }
}

/// 解除关联: they do not sign in as this person any more, who is signed out everywhere.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::OfAdministrator`]; the store fails.
pub async fn unlink(engine: &Engine, ctx: &Ctx, id: Uuid, person: PersonId) -> Result<()> {
    const ACTION: &str = "account.unlink_sign_in";
    touchable(engine, ctx, person, ACTION).await?;
    let write = engine.db().write(ctx.clone(), move |conn, ctx| {
        Box::pin(async move {
            if person_kept::hold(conn, person).await? {
                return Ok(Err(Error::OfAdministrator));
            }
            let Some(who) = store::unlink(conn, id, person).await? else { return Ok(Err(Error::NotFound)) };
            credentials::end_sessions(conn, person).await?;
            let event = Event { detail: said(&who, &json!({})), ..Event::done(ACTION, "person", person.0.to_string()) };
            audit::append(conn, &ctx, &event).await?;
            Ok(Ok(()))
        })
    });
    write.await??;
    session::forget_of(engine, person);
    Ok(())
}
