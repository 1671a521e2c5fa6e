//! What was typed into a form and not sent yet: one a person and form; of a form about one publication, one an action, too.

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::{Conn, StoreResult, draft as store};
use domain::{Action, PersonId, PublicationId, Role, UtcMillis};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Longest draft, in bytes of JSON. A form with all fields at their limits has less than a tenth.
const LONGEST: usize = 262_144;

/// Keeps it; answers when.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::TooLarge`]; the store fails.
pub(super) async fn keep(
    engine: &Engine,
    ctx: &Ctx,
    (action, id): (Action, PublicationId),
    body: &impl Serialize,
) -> Result<UtcMillis> {
    ctx.with_role(&[Role::Staff])?;
    access::publication(&mut engine.db().reader().await?, ctx, id).await?;
    keep_as(engine, ctx, name(action, id.0), body).await
}

/// The same, of a form with this name.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::TooLarge`]; the store fails.
pub(crate) async fn keep_as(engine: &Engine, ctx: &Ctx, name: String, body: &impl Serialize) -> Result<UtcMillis> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let body = serde_json::to_string(body).map_err(|_| Error::TooLarge)?;
    if body.len() > LONGEST {
        return Err(Error::TooLarge);
    }
    let save = engine.db().write((person, name, body, ctx.now), move |conn, s| {
        Box::pin(async move { store::save(conn, s.0, &s.1, &s.2, s.3).await })
    });
    save.await?;
    Ok(ctx.now)
}

/// What was kept, and when. A draft of an older form that can't be read any more is none.
pub(super) async fn kept<T: DeserializeOwned>(
    conn: &mut Conn,
    person: PersonId,
    (action, id): (Action, PublicationId),
) -> StoreResult<Option<(T, UtcMillis)>> {
    kept_as(conn, person, &name(action, id.0)).await
}

/// The same, of a form with this name.
pub(crate) async fn kept_as<T: DeserializeOwned>(
    conn: &mut Conn,
    person: PersonId,
    name: &str,
) -> StoreResult<Option<(T, UtcMillis)>> {
    let kept = store::of(conn, person, name).await?;
    Ok(kept.and_then(|(body, at)| Some((serde_json::from_str(&body).ok()?, UtcMillis(at)))))
}

/// The form was sent: its draft is not needed any more.
pub(super) async fn forget(
    conn: &mut Conn,
    person: PersonId,
    (action, publication): (Action, Uuid),
) -> StoreResult<()> {
    store::delete(conn, person, &name(action, publication)).await
}

/// Whether the action has a form with a draft.
pub(super) const fn has_form(action: Action) -> bool {
    matches!(
        action,
        Action::SubmitForApproval
            | Action::CorrectRegistration
            | Action::RequestInfoChange
            | Action::TakeOffline
            | Action::RollBack
            | Action::ApplyForChannels
    )
}

fn name(action: Action, publication: Uuid) -> String {
    format!("{}:{publication}", action.id())
}
