//! 登录策略: what passwords must be, kept in versions by the security administrator (identity.md, Sign-in).

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::numbered::{self, Numbered};
use crate::refused_form;
use crate::store::numbered::Table;
use domain::Role;
use domain::fields::{FieldErrors, PolicyDraft, validate_policy};
use domain::password::PasswordPolicy;
use domain::view::change_pages::ChangePage;
use domain::view::policy::PolicyPage;
use serde_json::{Value, json};

impl Numbered for PasswordPolicy {
    const TABLE: Table = Table::SignInPolicy;
    const EVENT: &'static str = "sign_in_policy.change";
    const MAKER: Role = Role::SecurityAdministrator;
    const KEPT_AS: &'static str = "sign_in_policy";

    fn standard() -> Self {
        Self::default()
    }

    fn read(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }

    fn detail(_: i64, before: &Self, after: &Self) -> Value {
        json!({ "before": said(before), "after": said(after) })
    }

    fn lines(_: &Self, after: &Self) -> Vec<String> {
        vec![said(after)]
    }
}

/// A version in words.
fn said(policy: &PasswordPolicy) -> String {
    format!("{}；{} 天；动态口令：{}", policy.hint(), policy.days, policy.authenticator.word())
}

/// What a new password must be now. Open to everybody.
///
/// # Errors
/// The store fails.
pub async fn present(engine: &Engine) -> Result<PasswordPolicy> {
    Ok(numbered::present(&mut engine.db().reader().await?).await?.1)
}

/// A page of 变更记录: the versions below `older`, or the newest.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn versions(engine: &Engine, ctx: &Ctx, older: Option<i64>) -> Result<ChangePage> {
    ctx.with_role(&[PasswordPolicy::MAKER])?;
    numbered::page::<PasswordPolicy>(engine, older).await
}

/// What the page opens with. With `check`: as it was typed when it was refused, with its errors.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, check: bool) -> Result<PolicyPage> {
    let viewer = ctx.with_role(&[PasswordPolicy::MAKER])?.person;
    let mut conn = engine.db().reader().await?;
    let newest = numbered::newest::<PasswordPolicy>(&mut conn).await?;
    let (number, policy) = newest.as_ref().map_or_else(Default::default, |version| (version.number, version.content));
    let (mut typed, mut errors) = (PolicyDraft::from(&policy), FieldErrors::new());
    if check && let Some(kept) = refused_form::kept(&mut conn, viewer, PasswordPolicy::KEPT_AS).await? {
        (typed, errors) = kept;
    }
    Ok(PolicyPage { number, draft: typed, errors, made: newest.map(|version| (version.by, version.at)) })
}

/// Makes a new version; `seen` is the present one as the form knew it. Passwords that are set stay until they are over.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`]; [`Error::Conflict`]: somebody else made another version meanwhile; the store fails.
pub async fn change(engine: &Engine, ctx: &Ctx, seen: i64, typed: &PolicyDraft) -> Result<()> {
    let viewer = numbered::admitted::<PasswordPolicy>(engine, ctx).await?;
    let policy = match validate_policy(typed) {
        Ok(policy) => policy,
        Err(errors) => {
            refused_form::keep(engine, ctx, PasswordPolicy::KEPT_AS.to_owned(), typed, &errors).await?;
            return Err(Error::Invalid(errors));
        }
    };
    numbered::change(engine, ctx, viewer, seen, |_| Ok(policy)).await
}
