//! What the forms about one publication open with, and their drafts: 修改登记信息, 信息变更, 下线, 版本回退, 渠道申请.

#[cfg(test)]
mod tests;

use super::approval_form::may_be_sent;
use super::{ask, contacts, detail, drafts, view};
use crate::Engine;
use crate::access::{self, Granted};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::{Conn, further_channel, seat, version_facts};
use crate::work_order::route;
use domain::fields::{
    ChannelsDraft, FieldErrors, OfflineDraft, Parts, Registration, RollBackDraft, validate_channels, validate_offline,
    validate_roll_back,
};
use domain::view::directory::FurtherChannel;
use domain::view::publication::{ChangeForm, RequestForm};
use domain::view::work_order::{ReleaseView, RouteView};
use domain::{Action, PublicationId, Role, UtcMillis};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A draft of a change, over what was registered when it was typed: over something else it would undo that.
#[derive(Serialize, Deserialize)]
struct Over {
    before: Registration,
    draft: Registration,
}

/// What 修改登记信息 or 信息变更 opens with. With `check`, the draft's errors, too.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] where it is not possible now; the store fails.
pub async fn change_form(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    action: Action,
    check: bool,
) -> Result<ChangeForm> {
    let parts_of = parts_of(action)?;
    let mut conn = engine.db().reader().await?;
    let granted = granted(&mut conn, ctx, id, action).await?;
    let before = granted.registration()?;
    let now = Registration::of(&before);
    let kept: Option<(Over, UtcMillis)> = drafts::kept(&mut conn, granted.actor.person, (action, id)).await?;
    let kept = kept.filter(|(over, _)| over.before == now).map(|(over, at)| (over.draft, at));
    let department = seat::department(&mut conn, granted.of.system_id).await?.ok_or(Error::NotFound)?;
    let request = open(engine, ctx, &mut conn, &granted, action, kept, now).await?;
    let live_address = detail::live_address(&granted, &before);
    // Nobody waits for the connection while the gateway is asked.
    drop(conn);
    let mut errors = FieldErrors::new();
    if check {
        let parts = parts_of(&request.draft);
        errors = ask::registration_errors(engine, &request.draft, parts, &before).await?;
        errors.join(contacts::of_parts(engine, &request.draft, parts).await.errors);
    }
    Ok(ChangeForm {
        request: RequestForm { errors, ..request },
        live_address,
        system_name: department.system_name,
        department: department.name,
        department_id: department.dingtalk_id,
        before,
    })
}

/// Keeps a change as typed so far; answers when.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::TooLarge`]; the store fails.
pub async fn save_change_draft(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    action: Action,
    draft: Registration,
) -> Result<UtcMillis> {
    parts_of(action)?;
    ctx.with_role(&[Role::Staff])?;
    let granted = access::publication(&mut engine.db().reader().await?, ctx, id).await?;
    let over = Over { before: Registration::of(&granted.registration()?), draft };
    drafts::keep(engine, ctx, (action, id), &over).await
}

/// What 下线 opens with. With `check`, the draft's errors, too.
///
/// # Errors
/// As [`change_form`].
pub async fn offline_form(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    check: bool,
) -> Result<RequestForm<OfflineDraft>> {
    let check = |draft: &OfflineDraft| validate_offline(draft).err().filter(|_| check);
    let mut conn = engine.db().reader().await?;
    let granted = granted(&mut conn, ctx, id, Action::TakeOffline).await?;
    plain(engine, ctx, &mut conn, &granted, Action::TakeOffline, check).await
}

/// Keeps it as typed so far; answers when.
///
/// # Errors
/// As [`save_change_draft`].
pub async fn save_offline_draft(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    draft: &OfflineDraft,
) -> Result<UtcMillis> {
    drafts::keep(engine, ctx, (Action::TakeOffline, id), draft).await
}

/// What 版本回退 opens with, and the versions to choose from, the last one first. With `check`, the draft's errors, too.
///
/// # Errors
/// As [`change_form`].
pub async fn roll_back_form(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    check: bool,
) -> Result<(RequestForm<RollBackDraft>, Vec<ReleaseView>)> {
    let check = |draft: &RollBackDraft| validate_roll_back(draft).err().filter(|_| check);
    let mut conn = engine.db().reader().await?;
    let granted = granted(&mut conn, ctx, id, Action::RollBack).await?;
    let form = plain(engine, ctx, &mut conn, &granted, Action::RollBack, check).await?;
    let mut versions = Vec::new();
    for version in granted.facts.rollback {
        let bytes = version_facts::bytes(&mut conn, version.0).await?;
        versions.extend(bytes.map(|it| ReleaseView {
            version,
            number: it.number(),
            bundle: it.bundle,
            planned: false,
            configured: None,
        }));
    }
    Ok((form, versions))
}

/// Keeps it as typed so far; answers when.
///
/// # Errors
/// As [`save_change_draft`].
pub async fn save_roll_back_draft(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    draft: &RollBackDraft,
) -> Result<UtcMillis> {
    drafts::keep(engine, ctx, (Action::RollBack, id), draft).await
}

/// What 渠道申请 opens with, and the channels to choose from. With `check`, the draft's errors, too.
///
/// # Errors
/// As [`change_form`].
pub async fn channels_form(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    check: bool,
) -> Result<(RequestForm<ChannelsDraft>, Vec<FurtherChannel>)> {
    let check = |draft: &ChannelsDraft| validate_channels(draft).err().filter(|_| check);
    let mut conn = engine.db().reader().await?;
    let granted = granted(&mut conn, ctx, id, Action::ApplyForChannels).await?;
    let form = plain(engine, ctx, &mut conn, &granted, Action::ApplyForChannels, check).await?;
    let mut channels = further_channel::active(&mut conn).await?;
    channels.retain(|channel| granted.facts.further_channels.contains(&channel.id));
    Ok((form, channels))
}

/// Keeps it as typed so far; answers when.
///
/// # Errors
/// As [`save_change_draft`].
pub async fn save_channels_draft(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    draft: &ChannelsDraft,
) -> Result<UtcMillis> {
    drafts::keep(engine, ctx, (Action::ApplyForChannels, id), draft).await
}

async fn plain<D: Default + DeserializeOwned>(
    engine: &Engine,
    ctx: &Ctx,
    conn: &mut Conn,
    granted: &Granted,
    action: Action,
    check: impl Fn(&D) -> Option<FieldErrors>,
) -> Result<RequestForm<D>> {
    let id = PublicationId(granted.of.row.id);
    let kept = drafts::kept(conn, granted.actor.person, (action, id)).await?;
    let form = open(engine, ctx, conn, granted, action, kept, D::default()).await?;
    Ok(RequestForm { errors: check(&form.draft).unwrap_or_default(), ..form })
}

async fn granted(conn: &mut Conn, ctx: &Ctx, id: PublicationId, action: Action) -> Result<Granted> {
    ctx.with_role(&[Role::Staff])?;
    let granted = access::publication(conn, ctx, id).await?;
    may_be_sent(&granted, action)?;
    Ok(granted)
}

async fn open<D>(
    engine: &Engine,
    ctx: &Ctx,
    conn: &mut Conn,
    granted: &Granted,
    action: Action,
    kept: Option<(D, UtcMillis)>,
    otherwise: D,
) -> Result<RequestForm<D>> {
    let (draft, saved_at) = match kept {
        Some((draft, at)) => (draft, Some(at)),
        None => (otherwise, None),
    };
    let route = match action.files() {
        true => route::preview(conn, granted, action).await?,
        // A correction needs nobody else.
        false => RouteView::default(),
    };
    let row = view::row(&granted.of.row, &granted.facts, &granted.actor)?;
    let key = engine.entropy().id(ctx.now);
    Ok(RequestForm { row, draft, saved_at, route, errors: FieldErrors::new(), key })
}

/// Which parts of the form the action takes.
fn parts_of(action: Action) -> Result<fn(&Registration) -> Parts> {
    match action {
        Action::CorrectRegistration => Ok(|_| Parts::BOTH),
        Action::RequestInfoChange => Ok(Registration::chosen_parts),
        _ => Err(Error::NotFound),
    }
}
