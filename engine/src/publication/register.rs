//! 注册服务侧名称 / 注册治理侧名称, and its draft (lifecycle.md, Registration fields).

use super::apply::is_name;
use super::{ENV, view};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::icon;
use crate::record::{self, Record, Told};
use crate::store::publication::{self, NewPublication};
use crate::store::{StoreError, application_system, draft as drafts};
use crate::{Engine, Happened};
use domain::command::publication::Register;
use domain::command::{Checked, Command};
use domain::fields::{FieldErrors, FieldId, Form, NAME_TAKEN, Registration, ValidRegistration, validate};
use domain::view::publication::Draft;
use domain::{Actor, Decision, Facts, PublicationId, Relation, Role, Side, UtcMillis, decide};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Longest draft, in bytes of JSON. A form with all fields at their limits has less than a tenth.
const LONGEST_DRAFT: usize = 262_144;

/// What the person is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The new publication.
    pub id: PublicationId,
    /// Its 服务ID.
    pub service_id: String,
}

/// Registers. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (an application system out of reach), [`Error::Invalid`] with every error at once; the
/// store fails.
pub async fn register(engine: &Engine, ctx: &Ctx, command: Register) -> Result<Registered> {
    let person = ctx.with_role(&[Role::Staff])?.clone();
    if let Some(answer) = record::first_answer(engine, ctx, command.key).await? {
        return Ok(answer);
    }
    let registration = checked(engine, &command).await?;
    let system = registration.system.map(|system| system.0).ok_or(Error::NotFound)?;
    let administers =
        application_system::is_administered_by(&mut engine.db().reader().await?, system, person.person).await?;
    if !administers {
        return Err(Error::NotFound);
    }
    let shape = registration.shape;
    let facts = Facts::unregistered(shape.side, shape.channels, shape.kind, shape.hosted);
    let relation = Relation { administers, ..Relation::default() };
    let actor = Actor { person: person.person, roles: person.roles, relation };
    let decision = decide(&facts, &actor, &Command::Register { form: Checked::valid(0) })?;
    let new =
        NewPublication { id: engine.entropy().id(ctx.now), system, state: decision.to, registration, now: ctx.now };
    write(engine, ctx, new, command.key, decision).await
}

/// The form's draft, if there is one.
///
/// # Errors
/// [`Error::Forbidden`]; the store fails.
pub async fn draft(engine: &Engine, ctx: &Ctx, side: Side) -> Result<Option<Draft>> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let kept = drafts::of(&mut engine.db().reader().await?, person, form_name(side)).await?;
    // A draft of an older form that can't be read any more is none.
    Ok(kept.and_then(|(body, at)| Some(Draft { body: serde_json::from_str(&body).ok()?, saved_at: UtcMillis(at) })))
}

/// Keeps what was typed so far; answers when.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::TooLarge`]; the store fails.
pub async fn save_draft(engine: &Engine, ctx: &Ctx, side: Side, body: &Registration) -> Result<UtcMillis> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let body = serde_json::to_string(body).map_err(|_| Error::TooLarge)?;
    if body.len() > LONGEST_DRAFT {
        return Err(Error::TooLarge);
    }
    let save = engine.db().write((person, body, ctx.now), move |conn, s| {
        Box::pin(async move { drafts::save(conn, s.0, form_name(side), &s.1, s.2).await })
    });
    save.await?;
    Ok(ctx.now)
}

/// Every error of the form, and those that only the server knows.
async fn checked(engine: &Engine, command: &Register) -> Result<ValidRegistration> {
    let registration = validate(&command.draft, Form::New { side: command.side }, &ENV).map_err(Error::Invalid)?;
    if icon::is_kept(engine, &registration.icon).await? {
        Ok(registration)
    } else {
        Err(invalid(FieldId::Icon, icon::NOT_KEPT))
    }
}

async fn write(engine: &Engine, ctx: &Ctx, new: NewPublication, key: Uuid, decision: Decision) -> Result<Registered> {
    let person = ctx.person()?.person;
    let written = engine.db().write((engine.clone(), ctx.clone(), new, decision), move |conn, s| {
        Box::pin(async move {
            let (engine, ctx, new, decision) = &*s;
            let number = publication::insert(conn, new).await?;
            let answer = Registered { id: PublicationId(new.id), service_id: view::service_id(number) };
            drafts::delete(conn, person, form_name(new.registration.shape.side)).await?;
            let detail =
                json!({ "service_id": answer.service_id, "name": new.registration.name, "to": new.state.id() });
            let record = Record { key, answer: json!(answer).to_string(), action: decision.audit, detail };
            let told = Told { publication: new.id, order: None, notices: &decision.notices };
            let seq = record::close(conn, engine, ctx, &record, &told).await?;
            Ok((answer, seq))
        })
    });
    match written.await {
        Ok((answer, seq)) => {
            engine.tell(Happened { seq, publication: answer.id, order: None, switched: false });
            Ok(answer)
        }
        // It may be our own first sending that has the name, or the key.
        Err(StoreError::Unique(constraint)) => match record::first_answer(engine, ctx, key).await? {
            Some(answer) => Ok(answer),
            None if is_name(&constraint) => Err(invalid(FieldId::Name, NAME_TAKEN)),
            None => Err(Error::Conflict),
        },
        Err(other) => Err(other.into()),
    }
}

fn invalid(field: FieldId, sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}

/// Names the draft: one a person and side.
fn form_name(side: Side) -> &'static str {
    match side {
        Side::Service => "register_service",
        Side::Governance => "register_governance",
    }
}
