//! 外部域名 that the system administrator decides on, for all applications at once: each may ask it, or none (packages.md, 外链检查).
//!
//! What is decided counts for the next check, and at once for what is served: the policy of every application is made anew.

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::hosting;
use crate::record;
use crate::store::{Conn, StoreResult, system_host as store};
use checks::AllowList;
use domain::Role;
use domain::fields::{FieldErrors, FieldId, HostDraft, SystemHostDraft, validate_system_host};
use domain::view::system_host::SystemHost;
use serde_json::json;
use uuid::Uuid;

/// Hosts that are decided on, at most: every policy has all that are allowed.
const MOST: usize = 200;

const ADMINISTRATOR: [Role; 1] = [Role::SystemAdministrator];

/// All of them, by name.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx) -> Result<Vec<SystemHost>> {
    ctx.with_role(&ADMINISTRATOR)?;
    Ok(store::all(&mut engine.db().reader().await?).await?)
}

/// Those that every application may ask.
///
/// # Errors
/// The store fails.
pub async fn allowed(engine: &Engine) -> Result<Vec<String>> {
    Ok(Decided::read(&mut engine.db().reader().await?).await?.allowed().map(str::to_owned).collect())
}

/// Decides on a host, in place of what was decided before.
///
/// # Errors
/// As [`list`]; [`Error::Invalid`].
pub async fn put(engine: &Engine, ctx: &Ctx, typed: &SystemHostDraft) -> Result<()> {
    record::admitted(engine, ctx, &ADMINISTRATOR, "system_host.put", ("system_host", Uuid::nil())).await?;
    let valid = validate_system_host(typed).map_err(Error::Invalid)?;
    let Some(host) = AllowList::entry(&valid.host) else {
        return Err(invalid("外部域名不是有效的域名，请核对"));
    };
    let new = SystemHost { host, allowed: valid.allowed, purpose: valid.purpose, changed_at: ctx.now };
    let written = engine.db().write((ctx.clone(), new), |conn, s| {
        Box::pin(async move {
            let (ctx, new) = &*s;
            let all = store::all(conn).await?;
            let before = all.iter().find(|known| known.host == new.host);
            if before.is_none() && all.len() >= MOST {
                return Ok(false);
            }
            store::put(conn, new).await?;
            let detail = json!({ "host": new.host, "before": before.map_or_else(nothing, said), "after": said(new) });
            audit::append(conn, ctx, &Event { detail, ..Event::done("system_host.put", "system_host", &new.host) })
                .await?;
            Ok(true)
        })
    });
    if !written.await? {
        return Err(invalid(&format!("最多 {MOST} 个域名，请先移除不再需要的")));
    }
    hosting::policies_changed(engine);
    Ok(())
}

/// Decides nothing of a host any more: each version's own declaration counts.
///
/// # Errors
/// As [`list`]; [`Error::NotFound`].
pub async fn remove(engine: &Engine, ctx: &Ctx, host: &str) -> Result<()> {
    record::admitted(engine, ctx, &ADMINISTRATOR, "system_host.remove", ("system_host", Uuid::nil())).await?;
    let written = engine.db().write((ctx.clone(), host.to_owned()), |conn, s| {
        Box::pin(async move {
            let (ctx, host) = &*s;
            let before = store::all(conn).await?.into_iter().find(|known| known.host == *host);
            let Some(before) = before else { return Ok(false) };
            store::remove(conn, host).await?;
            let detail = json!({ "host": host, "before": said(&before), "after": nothing() });
            audit::append(conn, ctx, &Event { detail, ..Event::done("system_host.remove", "system_host", host) })
                .await?;
            Ok(true)
        })
    });
    if !written.await? {
        return Err(Error::NotFound);
    }
    hosting::policies_changed(engine);
    Ok(())
}

fn invalid(text: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(FieldId::ExternalHosts, text);
    Error::Invalid(errors)
}

fn nothing() -> String {
    "未设置".to_owned()
}

fn said(host: &SystemHost) -> String {
    format!("{}：{}", if host.allowed { "允许" } else { "禁止" }, host.purpose)
}

/// What is decided now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decided(Vec<SystemHost>);

impl Decided {
    pub(crate) async fn read(conn: &mut Conn) -> StoreResult<Self> {
        store::all(conn).await.map(Self)
    }

    fn allowed(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|host| host.allowed).map(|host| host.host.as_str())
    }

    /// Which of them forbids a host.
    pub(crate) fn forbids(&self, host: &str) -> Option<&SystemHost> {
        let is_it = |known: &&SystemHost| !known.allowed && AllowList::new([&known.host]).has(host);
        self.0.iter().find(is_it)
    }

    /// What an application may ask that declares these.
    pub(crate) fn with(&self, declared: &[HostDraft]) -> AllowList {
        let declared = declared.iter().map(|declared| declared.host.as_str());
        AllowList::new(declared.chain(self.allowed()).filter(|host| self.forbids(host).is_none()))
    }
}
