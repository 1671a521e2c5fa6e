//! The approval form (审批表单) of release and upgrade, before it is sent: its draft, who will decide.

use super::{ask, drafts, view};
use crate::Engine;
use crate::access::{self, Granted};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::{Conn, StoreResult, person, version_facts};
use crate::work_order::route;
use domain::decide::submitted_kind;
use domain::fields::{ApprovalDraft, FieldErrors};
use domain::view::publication::ApprovalFormView;
use domain::view::work_order::ReleaseView;
use domain::{Action, Offer, PersonId, PublicationId, Role, UtcMillis, offer};

const ACTION: Action = Action::SubmitForApproval;

/// What opens the form: 联系人 and 联系电话 from the account, or the draft as it was kept. With `check`, the draft's errors, too:
/// a form sent without scripts comes back so.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] where nothing can be submitted now; the store fails.
pub async fn approval_form(engine: &Engine, ctx: &Ctx, id: PublicationId, check: bool) -> Result<ApprovalFormView> {
    ctx.with_role(&[Role::Staff])?;
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, id).await?;
    may_be_sent(&granted, ACTION)?;
    let (draft, saved_at) = match drafts::kept(&mut conn, granted.actor.person, (ACTION, id)).await? {
        Some((draft, at)) => (used(draft), Some(at)),
        None => (from_account(&mut conn, granted.actor.person).await?, None),
    };
    let (hosted, scope) = (granted.facts.hosted, granted.registration()?.scope);
    let errors = match check {
        true => ask::check_approval(&mut conn, &granted, &scope, &draft, ctx.now).await?.err().unwrap_or_default(),
        false => FieldErrors::new(),
    };
    Ok(ApprovalFormView {
        row: view::row(&granted.of.row, &granted.facts, &granted.actor)?,
        kind: submitted_kind(&granted.facts),
        hosted,
        scope,
        draft,
        saved_at,
        release: release(&mut conn, &granted).await?,
        route: route::preview(&mut conn, &granted, ACTION).await?,
        errors,
        key: engine.entropy().id(ctx.now),
        now: ctx.now,
    })
}

/// Without batches that nobody filled in: errors count what the page shows.
fn used(mut draft: ApprovalDraft) -> ApprovalDraft {
    draft.rollout.batches.retain(|batch| !batch.is_blank());
    draft
}

/// Keeps what was typed so far; answers when.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::TooLarge`]; the store fails.
pub async fn save_approval_draft(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    body: &ApprovalDraft,
) -> Result<UtcMillis> {
    drafts::keep(engine, ctx, (ACTION, id), body).await
}

/// Whether a form of this action has a use now.
pub(super) fn may_be_sent(granted: &Granted, action: Action) -> Result<()> {
    match offer(&granted.facts, &granted.actor, action) {
        Offer::Possible => Ok(()),
        Offer::Refused(refusal) => Err(refusal.into()),
        Offer::Never => Err(Error::NotFound),
    }
}

async fn from_account(conn: &mut Conn, who: PersonId) -> StoreResult<ApprovalDraft> {
    let (contact_name, mobile) = person::contact(conn, who).await?.unwrap_or_default();
    Ok(ApprovalDraft { contact_name, contact_phone: mobile.unwrap_or_default(), ..ApprovalDraft::default() })
}

async fn release(conn: &mut Conn, granted: &Granted) -> StoreResult<Option<ReleaseView>> {
    let Some(version) = granted.facts.accepted else { return Ok(None) };
    let found = version_facts::bytes(conn, version.0).await?;
    Ok(found.map(|found| ReleaseView {
        version,
        number: found.number(),
        bundle: found.bundle,
        planned: false,
        configured: None,
    }))
}
