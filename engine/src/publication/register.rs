//! 注册服务侧名称 / 注册治理侧名称 (lifecycle.md, Registration fields).

use super::{ENV, form};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::icon;
use crate::store::publication::{self, NewPublication};
use crate::store::{StoreError, application_system, command_answer, draft};
use domain::command::publication::Register;
use domain::command::{Checked, Command};
use domain::fields::{FieldErrors, FieldId, Form, NAME_TAKEN, Registration, ValidRegistration, name, validate};
use domain::text::service_id;
use domain::view::publication::Registered;
use domain::{Actor, Facts, PublicationId, Relation, Role, Side, decide};
use serde_json::json;
use uuid::Uuid;

/// Registers. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (an application system out of reach), [`Error::Invalid`] with every error at once; the
/// store fails.
pub async fn register(engine: &Engine, ctx: &Ctx, command: Register) -> Result<Registered> {
    let person = ctx.with_role(&[Role::Staff])?.clone();
    if let Some(answer) = first_answer(engine, ctx, command.key).await? {
        return Ok(answer);
    }
    let registration = checked(engine, command.side, &command.draft).await?;
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
    write(engine, ctx, new, command.key, decision.audit).await
}

/// The registration, or every error of the form at once: those of the rules, and those that only the server knows.
pub(super) async fn checked(engine: &Engine, side: Side, draft: &Registration) -> Result<ValidRegistration> {
    let checked = validate(draft, Form::New { side }, &ENV);
    let mut errors = checked.as_ref().err().cloned().unwrap_or_default();
    if !draft.icon.is_empty() && icon::get(engine, &draft.icon).await?.is_none() {
        errors.add(FieldId::Icon, "图标没有上传成功，请重新选择");
    }
    if let Ok(name) = name::check(&draft.name, &ENV)
        && publication::name_is_taken(&mut engine.db().reader().await?, side, &name::key(&name)).await?
    {
        errors.add(FieldId::Name, NAME_TAKEN);
    }
    errors.sort();
    checked.ok().filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
}

async fn write(engine: &Engine, ctx: &Ctx, new: NewPublication, key: Uuid, action: &'static str) -> Result<Registered> {
    let person = ctx.person()?.person;
    let written = engine.db().write((ctx.clone(), new), move |conn, s| {
        Box::pin(async move {
            let (ctx, new) = &*s;
            let number = publication::insert(conn, new).await?;
            let service_id = service_id(u32::try_from(number).unwrap_or(u32::MAX));
            let answer = Registered { id: PublicationId(new.id), service_id };
            command_answer::insert(conn, key, person, &json!(answer).to_string(), ctx.now).await?;
            draft::delete(conn, person, form::name(new.registration.shape.side)).await?;
            let detail =
                json!({ "service_id": answer.service_id, "name": new.registration.name, "state": new.state.id() });
            let event = Event { detail, ..Event::done(action, "publication", new.id.to_string()) };
            audit::append(conn, ctx, &event).await?;
            Ok(answer)
        })
    });
    match written.await {
        Ok(answer) => Ok(answer),
        // It may be our own first sending that has the name, or the key.
        Err(StoreError::Unique(constraint)) => match first_answer(engine, ctx, key).await? {
            Some(answer) => Ok(answer),
            None if constraint == "publication_side_name_key_key" => Err(invalid(FieldId::Name, NAME_TAKEN)),
            None => Err(Error::Conflict),
        },
        Err(other) => Err(other.into()),
    }
}

async fn first_answer(engine: &Engine, ctx: &Ctx, key: Uuid) -> Result<Option<Registered>> {
    let answer = command_answer::of(&mut engine.db().reader().await?, key, ctx.person()?.person).await?;
    Ok(answer.and_then(|json| serde_json::from_str(&json).ok()))
}

fn invalid(field: FieldId, sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}
