//! The form of an account: how it opens, what is wrong with what was typed, and that none of it is lost.

use super::waiting::shown;
use super::{ADMINISTRATOR, OFFERED_MOST, with_seats};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::ENV;
use crate::refused_form;
use crate::store::person_kept::{self as store, PersonRow};
use crate::store::{Conn, StoreError, StoreResult, department, draft, oidc};
use domain::PersonId;
use domain::fields::{FieldErrors, FieldId, PersonDraft, ValidPerson, validate_person};
use domain::view::account::OpenAccount;
use std::collections::HashMap;
use uuid::Uuid;

/// What the form opens with: of a new account, or of this one. With `check`: as it was typed when it was refused, with its errors.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn form(engine: &Engine, ctx: &Ctx, id: Option<PersonId>, check: bool) -> Result<OpenAccount> {
    let viewer = ctx.with_role(&ADMINISTRATOR)?.person;
    let mut conn = engine.db().reader().await?;
    let (row, mut typed) = match id {
        None => (None, PersonDraft::default()),
        Some(id) => {
            let row = store::of(&mut conn, id).await?.ok_or(Error::NotFound)?;
            let typed = as_typed(&row);
            let row = with_seats(&mut conn, row).await?;
            // Nobody changes those here: their numbers are nobody's business.
            let typed = if row.is_administrator() { PersonDraft::default() } else { typed };
            (Some(row), typed)
        }
    };
    let mut errors = FieldErrors::new();
    if check && let Some(kept) = refused_form::kept(&mut conn, viewer, &kept_as(id)).await? {
        (typed, errors) = kept;
    }
    let departments = department::whole(&mut conn).await?.into_iter().take(OFFERED_MOST).map(|row| row.name).collect();
    let identities = match &row {
        Some(row) if !row.is_administrator() => oidc::linked(&mut conn, row.id).await?,
        _ => Vec::new(),
    };
    let identities = identities.into_iter().map(shown).collect();
    Ok(OpenAccount { row, draft: typed, errors, departments, identities })
}

/// Where what was typed and refused is kept.
fn kept_as(id: Option<PersonId>) -> String {
    id.map_or_else(|| "account".to_owned(), |id| format!("account_{}", id.0))
}

fn as_typed(row: &PersonRow) -> PersonDraft {
    PersonDraft {
        account: row.account.clone(),
        name: row.name.clone(),
        department: row.department.clone().unwrap_or_default(),
        mobile: row.mobile.clone().unwrap_or_default(),
        email: row.email.clone().unwrap_or_default(),
        dingtalk_id: row.dingtalk_id.map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// What was typed, with the department's id.
pub(super) struct Checked {
    pub(super) of: ValidPerson,
    pub(super) department: Option<Uuid>,
}

pub(super) async fn checked(engine: &Engine, ctx: &Ctx, id: Option<PersonId>, typed: &PersonDraft) -> Result<Checked> {
    let found = match validate_person(typed, id.is_none(), &ENV) {
        Ok(of) => match of_department(engine, &of).await? {
            Ok(department) => return Ok(Checked { of, department }),
            Err(errors) => errors,
        },
        Err(errors) => errors,
    };
    refused_form::keep(engine, ctx, kept_as(id), typed, &found).await?;
    Err(Error::Invalid(found))
}

async fn of_department(engine: &Engine, of: &ValidPerson) -> Result<std::result::Result<Option<Uuid>, FieldErrors>> {
    let Some(name) = &of.department else { return Ok(Ok(None)) };
    let all: HashMap<_, _> = department::all(&mut engine.db().reader().await?).await?.into_iter().collect();
    Ok(all.get(name).copied().map(Some).ok_or_else(|| {
        let mut errors = FieldErrors::new();
        errors.add(FieldId::PersonDepartment, format!("没有名为「{name}」的部门，请先导入部门，或者留空"));
        errors
    }))
}

pub(super) async fn forget_draft(conn: &mut Conn, ctx: &Ctx, id: Option<PersonId>) -> StoreResult<()> {
    match &ctx.signed_in {
        Some(viewer) => draft::delete(conn, viewer.person, &kept_as(id)).await,
        None => Ok(()),
    }
}

/// What the database refuses, as the field's error.
pub(super) async fn refused(
    engine: &Engine,
    ctx: &Ctx,
    id: Option<PersonId>,
    typed: &PersonDraft,
    error: StoreError,
) -> Result<Error> {
    let StoreError::Unique(constraint) = &error else { return Ok(error.into()) };
    let (field, text) = match constraint.as_str() {
        "person_account_key" => (FieldId::Account, "账号已被使用，请换一个"),
        "person_mobile_key" => (FieldId::PersonMobile, "手机号已属于另一个账号，请先在那个账号上清除"),
        "person_dingtalk_id_key" => (FieldId::PersonDingtalk, "这个浙政钉ID已属于另一个账号，请先在那个账号上清除"),
        _ => return Ok(Error::Conflict),
    };
    let mut errors = FieldErrors::new();
    errors.add(field, text);
    refused_form::keep(engine, ctx, kept_as(id), typed, &errors).await?;
    Ok(Error::Invalid(errors))
}
