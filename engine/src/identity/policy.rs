//! 登录策略: what passwords must be, kept in versions by the security administrator (identity.md, Sign-in).

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::record;
use crate::refused_form;
use crate::store::sign_in_policy::{self as store, PolicyRow};
use crate::store::{Conn, StoreError, StoreResult, draft};
use domain::fields::{FieldErrors, PolicyDraft, validate_policy};
use domain::password::PasswordPolicy;
use domain::view::change_pages::{CHANGES, ChangePages, below};
use domain::view::policy::{PolicyChange, PolicyPage};
use domain::{Role, UtcMillis};
use serde_json::json;

const SECURITY: [Role; 1] = [Role::SecurityAdministrator];

/// Where what was typed and refused is kept.
const KEPT_AS: &str = "sign_in_policy";

/// What a new password must be now. Open to everybody.
///
/// # Errors
/// The store fails.
pub async fn present(engine: &Engine) -> Result<PasswordPolicy> {
    Ok(now(&mut engine.db().reader().await?).await?.1)
}

/// The present version, its number, and who made it.
async fn now(conn: &mut Conn) -> StoreResult<(i64, PasswordPolicy, Option<PolicyRow>)> {
    match store::newest(conn).await? {
        None => Ok((0, PasswordPolicy::default(), None)),
        Some(row) => Ok((row.number, read(&row)?, Some(row))),
    }
}

fn read(row: &PolicyRow) -> StoreResult<PasswordPolicy> {
    serde_json::from_str(&row.policy)
        .map_err(|error| StoreError::Unreadable { what: "sign_in_policy.policy", value: error.to_string() })
}

/// A policy in words.
fn said(policy: &PasswordPolicy) -> String {
    format!("{}；{} 天；动态口令：{}", policy.hint(), policy.days, policy.authenticator.word())
}

/// What the page opens with, and the changes below `older`, or the newest. With `check`: as it was typed when it was refused, with its
/// errors.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, check: bool, older: Option<i64>) -> Result<PolicyPage> {
    let viewer = ctx.with_role(&SECURITY)?.person;
    let mut conn = engine.db().reader().await?;
    let (number, policy, row) = now(&mut conn).await?;
    let (mut typed, mut errors) = (PolicyDraft::from(&policy), FieldErrors::new());
    if check && let Some(kept) = refused_form::kept(&mut conn, viewer, KEPT_AS).await? {
        (typed, errors) = kept;
    }
    let rows = store::below(&mut conn, below(number, older), CHANGES).await?;
    let change = |row: PolicyRow| {
        let said = said(&read(&row)?);
        Ok(PolicyChange { number: row.number, by: row.by, at: UtcMillis(row.made_at), said })
    };
    let changes = rows.into_iter().map(change).collect::<StoreResult<Vec<_>>>()?;
    let (made, pages) = (row.map(|row| (row.by, UtcMillis(row.made_at))), ChangePages::around(number, older));
    Ok(PolicyPage { number, draft: typed, errors, made, changes, pages })
}

/// Makes a new version; `seen` is the present one as the form knew it. Passwords that are set stay until they are over.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`]; [`Error::Conflict`]: somebody else made another version meanwhile; the store fails.
pub async fn change(engine: &Engine, ctx: &Ctx, seen: i64, typed: &PolicyDraft) -> Result<()> {
    const EVENT: &str = "sign_in_policy.change";
    let viewer = record::admitted(engine, ctx, &SECURITY, EVENT, ("sign_in_policy", uuid::Uuid::nil())).await?.person;
    let policy = match validate_policy(typed) {
        Ok(policy) => policy,
        Err(errors) => {
            refused_form::keep(engine, ctx, KEPT_AS.to_owned(), typed, &errors).await?;
            return Err(Error::Invalid(errors));
        }
    };
    let (number, before, _) = now(&mut engine.db().reader().await?).await?;
    if number != seen {
        return Err(Error::Conflict);
    }
    if policy == before {
        return Ok(());
    }
    let number = number + 1;
    let detail = json!({ "before": said(&before), "after": said(&policy) });
    let event = Event { detail, ..Event::done(EVENT, "sign_in_policy", number.to_string()) };
    let write = engine.db().write((ctx.clone(), event, json!(policy).to_string()), move |conn, s| {
        Box::pin(async move {
            let (ctx, event, policy) = &*s;
            store::insert(conn, number, policy, viewer.0, ctx.now).await?;
            draft::delete(conn, viewer, KEPT_AS).await?;
            audit::append(conn, ctx, event).await
        })
    });
    match write.await {
        Ok(_) => Ok(()),
        // Somebody else made this number first.
        Err(StoreError::Unique(_)) => Err(Error::Conflict),
        Err(other) => Err(other.into()),
    }
}
