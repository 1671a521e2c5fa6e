//! The form of 关联 before it is sent: what it opens with, its draft, its icon.

use super::decide::form_of;
use super::link::checked;
use super::look::{Looked, look};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::drafts;
use crate::store::Conn;
use crate::work_order::route::{self, Asked};
use crate::{Engine, application_system, icon};
use bytes::Bytes;
use domain::fields::{FieldErrors, Registration};
use domain::refusal::{At, Reason, Refusal};
use domain::stock::offer_stock;
use domain::view::application_system::SystemView;
use domain::view::stock::LinkForm;
use domain::view::work_order::RouteView;
use domain::{Action, Offer, OrderKind, RegionCode, Role, Side, StockId, UtcMillis};

/// What the form opens with. With `check`, the draft's errors, too.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] where it is not possible now; the store fails.
pub async fn link_form(engine: &Engine, ctx: &Ctx, id: StockId, check: bool) -> Result<LinkForm> {
    let looked = within(engine, ctx, id).await?;
    match offer_stock(&looked.facts, &looked.actor, Action::Link) {
        Offer::Possible => {}
        Offer::Refused(refusal) => return Err(refusal.into()),
        // 已关联.
        Offer::Never => {
            let (at, reason) = (At::Stock(looked.facts.state), Reason::WrongState);
            return Err(Refusal { at, action: Action::Link, reason }.into());
        }
    }
    let systems = systems(engine, ctx, &looked).await?;
    let mut conn = engine.db().reader().await?;
    let kept: Option<(Registration, UtcMillis)> = drafts::kept_as(&mut conn, looked.actor.person, &name(id)).await?;
    let route = route(&mut conn, &looked, systems.first()).await?;
    drop(conn);
    let saved_at = kept.as_ref().map(|(_, at)| *at);
    let draft = match kept {
        Some((draft, _)) => draft,
        None => known(engine, &looked, &systems).await?,
    };
    let errors = match check {
        false => FieldErrors::new(),
        true => match checked(engine, &looked, ctx, &draft).await {
            Err(Error::Invalid(errors)) => errors,
            other => other.map(|_| FieldErrors::new())?,
        },
    };
    Ok(LinkForm { key: engine.entropy().id(ctx.now), stock: looked.view(), draft, saved_at, systems, errors, route })
}

/// Keeps what was typed so far; answers when.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::TooLarge`]; the store fails.
pub async fn save_link_draft(engine: &Engine, ctx: &Ctx, id: StockId, draft: &Registration) -> Result<UtcMillis> {
    within(engine, ctx, id).await?;
    drafts::keep_as(engine, ctx, name(id), draft).await
}

/// Puts an icon into the draft, where there are no scripts. PNG or JPG.
///
/// # Errors
/// As [`save_link_draft`]; [`Error::InvalidFile`].
pub async fn keep_icon(engine: &Engine, ctx: &Ctx, id: StockId, file: Bytes) -> Result<()> {
    let looked = within(engine, ctx, id).await?;
    let hash = icon::store(engine, ctx, file, Some(id)).await?;
    let systems = systems(engine, ctx, &looked).await?;
    let kept: Option<(Registration, UtcMillis)> =
        drafts::kept_as(&mut engine.db().reader().await?, looked.actor.person, &name(id)).await?;
    let draft = match kept {
        Some((draft, _)) => draft,
        None => known(engine, &looked, &systems).await?,
    };
    save_link_draft(engine, ctx, id, &Registration { icon: hash, ..draft }).await.map(|_| ())
}

/// Names the draft: one a person and stock application.
pub(super) fn name(id: StockId) -> String {
    format!("{}:{}", Action::Link.id(), id.0)
}

/// The stock application, if it stands in the person's list.
async fn within(engine: &Engine, ctx: &Ctx, id: StockId) -> Result<Looked> {
    let person = ctx.with_role(&[Role::Staff])?;
    look(&mut engine.db().reader().await?, person, id.0).await?.seen()
}

/// The systems of its department that the person administers.
pub(super) async fn systems(engine: &Engine, ctx: &Ctx, looked: &Looked) -> Result<Vec<SystemView>> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let mut conn = engine.db().reader().await?;
    Ok(application_system::administered_in(&mut conn, person, &looked.row.department).await?)
}

/// What the person asked for the last time; else what the stock list knows already.
async fn known(engine: &Engine, looked: &Looked, systems: &[SystemView]) -> Result<Registration> {
    if let Some(order) = looked.row.order_id.filter(|_| looked.row.own_order)
        && let Some(registration) = form_of(&mut engine.db().reader().await?, order).await?
    {
        let system = registration.system.map(|system| system.0.to_string()).unwrap_or_default();
        return Ok(Registration { system, ..Registration::of(&registration) });
    }
    Ok(Registration {
        name: looked.row.name.clone(),
        mobile_url: looked.row.address.clone(),
        system: match systems {
            [only] => only.id.to_string(),
            _ => String::new(),
        },
        ..Registration::default()
    })
}

/// Who will decide, and what stops it.
async fn route(conn: &mut Conn, looked: &Looked, system: Option<&SystemView>) -> Result<RouteView> {
    let Some(system) = system else { return Ok(RouteView::default()) };
    let found = route::find(conn, asked(looked, system.id)).await?;
    let at = At::Stock(looked.facts.state);
    Ok(found.view(|reason| Refusal { at, action: Action::Link, reason }))
}

/// What the routing reads of a 关联.
pub(super) fn asked(looked: &Looked, system: uuid::Uuid) -> Asked {
    Asked {
        system,
        side: Side::Service,
        kind: OrderKind::Link,
        unified: None,
        region: None::<RegionCode>,
        initiator: looked.actor.person,
    }
}
