//! The end of every change's transaction: the answer to the form's key, the notices, and last the audit event.

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::{Ctx, SignedIn};
use crate::error::{Error, Result};
use crate::outbox::{self, About};
use crate::store::notice::{self, NewNotice, Recipient};
use crate::store::{Conn, StoreResult, command_answer, work_order};
use domain::{Audience, Notice, Role, words};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a form's key stands for: it answers for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deed {
    /// The audit event's name.
    pub(crate) action: &'static str,
    /// To what it is done.
    pub(crate) object: Uuid,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    action: String,
    object: Uuid,
    answer: serde_json::Value,
}

/// What is kept of a change.
pub(crate) struct Record {
    /// The form's key.
    pub(crate) key: Uuid,
    pub(crate) deed: Deed,
    /// What the same key is answered from now on.
    pub(crate) answer: serde_json::Value,
    pub(crate) detail: serde_json::Value,
}

/// Who is told, and of which publication and order.
pub(crate) struct Told<'a> {
    pub(crate) publication: Uuid,
    pub(crate) order: Option<Uuid>,
    pub(crate) notices: &'a [Notice],
}

/// Writes it; returns the number of the audit event.
pub(crate) async fn close(
    conn: &mut Conn,
    engine: &Engine,
    ctx: &Ctx,
    record: &Record,
    told: &Told<'_>,
) -> StoreResult<i64> {
    keep_answer(conn, ctx, record.key, record.deed, record.answer.clone()).await?;
    tell(conn, engine, ctx, told).await?;
    engine.may_fail()?;
    let event = Event {
        detail: record.detail.clone(),
        ..Event::done(record.deed.action, "publication", told.publication.to_string())
    };
    audit::append(conn, ctx, &event).await
}

/// Nobody is told twice of one change, and nobody of what they did themselves.
pub(crate) async fn tell(conn: &mut Conn, engine: &Engine, ctx: &Ctx, told: &Told<'_>) -> StoreResult<()> {
    let mut known: BTreeSet<Uuid> = ctx.signed_in.iter().map(|person| person.person.0).collect();
    let (publication, order, at) = (told.publication, told.order, ctx.now);
    let mut of = Vec::new();
    for Notice { audience, occasion } in told.notices {
        let mut people = people(conn, *audience, told).await?;
        people.retain(|person| known.insert(person.id));
        for person in &people {
            let (id, person) = (engine.entropy().id(at), person.id);
            notice::insert(conn, &NewNotice { id, person, occasion: *occasion, publication, order, at }).await?;
        }
        of.push((*occasion, people));
    }
    outbox::put(conn, engine, &About { publication, order, at }, of).await
}

async fn people(conn: &mut Conn, audience: Audience, told: &Told<'_>) -> StoreResult<Vec<Recipient>> {
    match (audience, told.order) {
        (Audience::StepPeople, Some(order)) => notice::step_people(conn, order).await,
        (Audience::Initiator, Some(order)) => notice::initiator(conn, order).await,
        (Audience::StepPeople | Audience::Initiator, None) => Ok(Vec::new()),
        (Audience::Administrators, _) => notice::administrators(conn, told.publication).await,
        (Audience::Contacts, _) => notice::contacts(conn, told.publication).await,
        (Audience::DecidingReviewers, _) => match work_order::last_approved(conn, told.publication).await? {
            Some(order) => notice::approvers(conn, order).await,
            None => Ok(Vec::new()),
        },
    }
}

/// Keeps what a deed was answered, under the form's key.
pub(crate) async fn keep_answer(
    conn: &mut Conn,
    ctx: &Ctx,
    key: Uuid,
    deed: Deed,
    answer: serde_json::Value,
) -> StoreResult<()> {
    let Some(person) = &ctx.signed_in else { return Ok(()) };
    let kept = Kept { action: deed.action.to_owned(), object: deed.object, answer };
    command_answer::insert(conn, key, person.person, &json!(kept).to_string(), ctx.now).await
}

/// What was answered to this key of this person before.
///
/// # Errors
/// [`Error::Conflict`]: the key has answered for another deed; the store fails.
pub(crate) async fn first_answer<T: DeserializeOwned>(
    engine: &Engine,
    ctx: &Ctx,
    key: Uuid,
    deed: Deed,
) -> Result<Option<T>> {
    let answer = command_answer::of(&mut engine.db().reader().await?, key, ctx.person()?.person).await?;
    let Some(kept) = answer.and_then(|json| serde_json::from_str::<Kept>(&json).ok()) else { return Ok(None) };
    if (kept.action.as_str(), kept.object) != (deed.action, deed.object) {
        return Err(Error::Conflict);
    }
    Ok(serde_json::from_value(kept.answer).ok())
}

/// The signed-in person, if they hold one of these roles; that they do not is noted, as [`refusal`] has it.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub(crate) async fn admitted<'c>(
    engine: &Engine,
    ctx: &'c Ctx,
    roles: &[Role],
    action: &'static str,
    object: (&'static str, Uuid),
) -> Result<&'c SignedIn> {
    match ctx.with_role(roles) {
        Ok(person) => Ok(person),
        Err(error) => {
            refusal(engine, ctx, action, object, &error).await?;
            Err(error)
        }
    }
}

/// What came of a change; if it was refused, that is noted, as [`refusal`] has it.
///
/// # Errors
/// What came of it; the store fails.
pub(crate) async fn noted<T>(
    engine: &Engine,
    ctx: &Ctx,
    action: &'static str,
    object: (&'static str, Uuid),
    outcome: Result<T>,
) -> Result<T> {
    if let Err(error) = &outcome {
        refusal(engine, ctx, action, object, error).await?;
    }
    outcome
}

/// Notes in the audit log that something was refused, and why (identity.md, Audit); what comes on and on is counted there
/// ([`audit::note_refusal`]). What is no refusal (a form with errors, a failure) is not noted.
///
/// # Errors
/// The store fails.
pub(crate) async fn refusal(
    engine: &Engine,
    ctx: &Ctx,
    action: &'static str,
    object: (&'static str, Uuid),
    error: &Error,
) -> Result<()> {
    let why = match error {
        Error::Refused(refusal) => refusal.sentence(),
        Error::Urge(refusal) => words::urge_refusal(*refusal),
        Error::Rollout(refusal) => words::rollout_refusal(refusal),
        Error::OfAdministrator | Error::Stopped | Error::Demanded => error.to_string(),
        Error::Forbidden => "forbidden".to_owned(),
        Error::NotFound => "not found".to_owned(),
        _ => return Ok(()),
    };
    let event = Event { detail: json!({ "why": why }), ..Event::refused(action, object.0, object.1.to_string()) };
    Ok(audit::note_refusal(engine, ctx, action, event).await?)
}
