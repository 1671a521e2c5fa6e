//! 渠道: the list of further channels, kept by the system administrator (lifecycle.md, Channels).

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::ENV;
use crate::record;
use crate::store::{Conn, StoreError, StoreResult, further_channel as store};
use domain::fields::{FieldErrors, FieldId, validate_channel_name};
use domain::view::directory::ChannelRow;
use domain::{FurtherChannelId, Role};
use serde_json::{Value, json};
use uuid::Uuid;

/// All of them, in order of creation.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx) -> Result<Vec<ChannelRow>> {
    ctx.with_role(&[Role::SystemAdministrator])?;
    Ok(store::all(&mut engine.db().reader().await?).await?)
}

/// One more: from now on it may be applied for.
///
/// # Errors
/// As [`list`]; [`Error::Invalid`]: the name.
pub async fn add(engine: &Engine, ctx: &Ctx, name: &str) -> Result<()> {
    record::admitted(engine, ctx, &[Role::SystemAdministrator], "channel.add", ("channel", Uuid::nil())).await?;
    let name = named(name)?;
    let id = FurtherChannelId(engine.entropy().id(ctx.now));
    change(engine, ctx, Change { id, action: "channel.add", detail: json!({ "name": name }), what: What::Add(name) })
        .await
}

/// Another name. What was filed before keeps the one of its day.
///
/// # Errors
/// As [`add`]; [`Error::NotFound`].
pub async fn rename(engine: &Engine, ctx: &Ctx, id: FurtherChannelId, name: &str) -> Result<()> {
    record::admitted(engine, ctx, &[Role::SystemAdministrator], "channel.rename", ("channel", id.0)).await?;
    let name = named(name)?;
    let detail = json!({ "name": name });
    change(engine, ctx, Change { id, action: "channel.rename", detail, what: What::Rename(name) }).await
}

/// 停用 or 启用. What is stopped takes no applications and its directory is gone; what was given stands for when it comes back.
///
/// # Errors
/// As [`list`]; [`Error::NotFound`].
pub async fn set_active(engine: &Engine, ctx: &Ctx, id: FurtherChannelId, active: bool) -> Result<()> {
    let action = if active { "channel.resume" } else { "channel.stop" };
    record::admitted(engine, ctx, &[Role::SystemAdministrator], action, ("channel", id.0)).await?;
    change(engine, ctx, Change { id, action, detail: json!({}), what: What::Active(active) }).await
}

fn named(typed: &str) -> Result<String> {
    validate_channel_name(typed, &ENV).map_err(Error::Invalid)
}

struct Change {
    id: FurtherChannelId,
    action: &'static str,
    detail: Value,
    what: What,
}

enum What {
    Add(String),
    Rename(String),
    Active(bool),
}

async fn change(engine: &Engine, ctx: &Ctx, change: Change) -> Result<()> {
    let written = engine.db().write((ctx.clone(), change), |conn, s| {
        Box::pin(async move {
            let (ctx, change) = &*s;
            let before = store::name(conn, change.id).await?;
            let there = write(conn, ctx, change).await?;
            if there {
                let mut detail = change.detail.clone();
                if let (What::Rename(_), Some(before)) = (&change.what, before) {
                    detail = json!({ "before": before, "after": detail["name"] });
                }
                let event = Event { detail, ..Event::done(change.action, "channel", change.id.0.to_string()) };
                audit::append(conn, ctx, &event).await?;
            }
            Ok(there)
        })
    });
    match written.await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::NotFound),
        Err(StoreError::Unique(_)) => {
            let mut errors = FieldErrors::new();
            errors.add(FieldId::ChannelName, "已有同名的渠道，请换一个名称");
            Err(Error::Invalid(errors))
        }
        Err(other) => Err(other.into()),
    }
}

async fn write(conn: &mut Conn, ctx: &Ctx, change: &Change) -> StoreResult<bool> {
    match &change.what {
        What::Add(name) => store::insert(conn, change.id.0, name, ctx.now).await.map(|()| true),
        What::Rename(name) => store::rename(conn, change.id, name).await,
        What::Active(active) => store::set_active(conn, change.id, *active).await,
    }
}

#[cfg(test)]
mod tests;
