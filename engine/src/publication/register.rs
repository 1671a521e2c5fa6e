//! 注册服务侧名称 / 注册治理侧名称 (lifecycle.md, Registration fields).

use super::apply::is_name;
use super::contacts::{self, Answered};
use super::{ENV, form, view};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::icon;
use crate::live::Happened;
use crate::record::{self, Deed, Record, Told};
use crate::store::publication::{self, NewPublication};
use crate::store::{StoreError, application_system, draft};
use domain::command::publication::Register;
use domain::command::{Checked, Command};
use domain::fields::{FieldErrors, FieldId, Form, NAME_TAKEN, Registration, ValidRegistration, name, validate};
use domain::view::publication::{Numbers, Registered};
use domain::{Action, Actor, Decision, Facts, PublicationId, Relation, Role, Side, decide};
use serde_json::json;
use uuid::Uuid;

/// Registers. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (an application system out of reach), [`Error::Invalid`] with every error at once; the
/// store fails.
pub async fn register(engine: &Engine, ctx: &Ctx, command: Register) -> Result<Registered> {
    let deed = deed(command.side);
    let object = ("publication", Uuid::nil());
    let person = record::admitted(engine, ctx, &[Role::Staff], deed.action, object).await?.clone();
    if let Some(answer) = record::first_answer(engine, ctx, command.key, deed).await? {
        return Ok(answer);
    }
    let (registration, numbers) = match checked(engine, Form::New { side: command.side }, &command.draft).await {
        Ok(checked) => checked,
        // It may be our own first sending that has taken the name since.
        Err(error) => return record::first_answer(engine, ctx, command.key, deed).await?.ok_or(error),
    };
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
    write(engine, ctx, Plan { new, decision, numbers }, command.key).await
}

struct Plan {
    new: NewPublication,
    decision: Decision,
    numbers: Numbers,
}

/// The registration, and whether its numbers were asked for, or every error of the form at once: those of the rules, and those that
/// only the server and 浙政钉 know.
pub(crate) async fn checked(engine: &Engine, form: Form, draft: &Registration) -> Result<(ValidRegistration, Numbers)> {
    let side = match form {
        Form::New { side } => side,
        Form::Existing(shape) => shape.side,
        Form::Stock => Side::Service,
    };
    let checked = validate(draft, form, &ENV);
    let mut errors = checked.as_ref().err().cloned().unwrap_or_default();
    if !draft.icon.is_empty() && icon::get(engine, &draft.icon).await?.is_none() {
        errors.add(FieldId::Icon, icon::NOT_KEPT);
    }
    if let Ok(name) = name::check(&draft.name, &ENV)
        && publication::name_is_taken(&mut engine.db().reader().await?, side, &name::key(&name)).await?
    {
        errors.add(FieldId::Name, NAME_TAKEN);
    }
    let Answered { errors: unknown, numbers } = contacts::look_up(engine, draft).await;
    errors.join(unknown);
    let checked = checked.map(|valid| (valid, numbers));
    checked.ok().filter(|_| errors.is_empty()).ok_or(Error::Invalid(errors))
}

async fn write(engine: &Engine, ctx: &Ctx, plan: Plan, key: Uuid) -> Result<Registered> {
    let (person, deed) = (ctx.person()?.person, deed(plan.new.registration.shape.side));
    let written = engine.db().write((engine.clone(), ctx.clone(), plan), move |conn, s| {
        Box::pin(async move {
            let (engine, ctx, Plan { new, decision, numbers }) = &*s;
            let number = publication::insert(conn, new).await?;
            let answer =
                Registered { id: PublicationId(new.id), service_id: view::service_id(number), numbers: *numbers };
            draft::delete(conn, person, form::name(new.registration.shape.side)).await?;
            let detail =
                json!({ "service_id": answer.service_id, "name": new.registration.name, "to": new.state.id() });
            let record = Record { key, deed, answer: json!(answer), detail };
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
        Err(StoreError::Unique(constraint)) => match record::first_answer(engine, ctx, key, deed).await? {
            Some(answer) => Ok(answer),
            None if is_name(&constraint) => Err(invalid(FieldId::Name, NAME_TAKEN)),
            None => Err(Error::Conflict),
        },
        Err(other) => Err(other.into()),
    }
}

/// There is nothing yet to which it could be done: the side stands for it.
fn deed(side: Side) -> Deed {
    let object = match side {
        Side::Service => Uuid::nil(),
        Side::Governance => Uuid::max(),
    };
    Deed { action: Action::Register.audit_event(), object }
}

fn invalid(field: FieldId, sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}
