//! The end of every change's transaction: the answer to the form's key, the notices, and last the audit event.

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::notice::{self, NewNotice};
use crate::store::{Conn, StoreResult, command_answer, work_order};
use domain::{Audience, Notice, words};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is kept of a change.
pub(crate) struct Record {
    /// The form's key.
    pub(crate) key: Uuid,
    /// JSON: what the same key is answered from now on.
    pub(crate) answer: String,
    /// The audit event's name.
    pub(crate) action: &'static str,
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
    if let Some(person) = &ctx.signed_in {
        command_answer::insert(conn, record.key, person.person, &record.answer, ctx.now).await?;
    }
    tell(conn, engine, ctx, told).await?;
    engine.may_fail()?;
    let event = Event {
        detail: record.detail.clone(),
        ..Event::done(record.action, "publication", told.publication.to_string())
    };
    audit::append(conn, ctx, &event).await
}

/// Nobody is told twice of one change, and nobody of what they did themselves.
async fn tell(conn: &mut Conn, engine: &Engine, ctx: &Ctx, told: &Told<'_>) -> StoreResult<()> {
    let mut known: BTreeSet<Uuid> = ctx.signed_in.iter().map(|person| person.person.0).collect();
    for Notice { audience, occasion } in told.notices {
        for person in people(conn, *audience, told).await? {
            if !known.insert(person) {
                continue;
            }
            let id = engine.entropy().id(ctx.now);
            let (publication, order, at) = (told.publication, told.order, ctx.now);
            notice::insert(conn, &NewNotice { id, person, occasion: *occasion, publication, order, at }).await?;
        }
    }
    Ok(())
}

async fn people(conn: &mut Conn, audience: Audience, told: &Told<'_>) -> StoreResult<Vec<Uuid>> {
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

/// What was answered to this key of this person before.
///
/// # Errors
/// The store fails.
pub(crate) async fn first_answer<T: DeserializeOwned>(engine: &Engine, ctx: &Ctx, key: Uuid) -> Result<Option<T>> {
    let answer = command_answer::of(&mut engine.db().reader().await?, key, ctx.person()?.person).await?;
    Ok(answer.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Notes in the audit log that something was refused, and why (identity.md, Audit). What is no refusal (a form with errors, a
/// failure) is not noted.
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
        Error::Forbidden => "forbidden".to_owned(),
        Error::NotFound => "not found".to_owned(),
        _ => return Ok(()),
    };
    let event = Event { detail: json!({ "why": why }), ..Event::refused(action, object.0, object.1.to_string()) };
    let append = engine.db().write((ctx.clone(), event), |conn, s| {
        Box::pin(async move { audit::append(conn, &s.0, &s.1).await.map(|_| ()) })
    });
    Ok(append.await?)
}
