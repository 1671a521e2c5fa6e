//! The net below all functions: a change that was forbidden is in the log, even where its function forgot to say so (identity.md,
//! Audit). Most say it themselves, with their own action and object (`record.rs`); whoever answers 403 asks here.

use super::{Event, note};
use crate::Engine;
use crate::ctx::Ctx;
use crate::store::StoreResult;
use crate::store::audit_event as store;
use serde_json::json;

/// Longest name of what was asked that is kept, in characters.
const NAME_MOST: usize = 200;

/// Notes that a change which this request asked for was forbidden, unless that was noted. `what` is its path. Who is not
/// signed in is nobody whose refusal could be told from another's: that is not noted.
///
/// # Errors
/// The store fails.
pub async fn note_forbidden(engine: &Engine, ctx: &Ctx, what: &str) -> StoreResult<()> {
    if ctx.signed_in.is_none() || is_refused_under(engine, &ctx.request_id).await? {
        return Ok(());
    }
    let what: String = what.chars().take(NAME_MOST).collect();
    let event = Event { detail: json!({ "why": "forbidden" }), ..Event::refused("request.send", "request", what) };
    note(engine, ctx, event).await
}

/// Whether the log says that something was refused under this request's id.
///
/// # Errors
/// The store fails.
pub async fn is_refused_under(engine: &Engine, request_id: &str) -> StoreResult<bool> {
    store::is_refused_under(&mut engine.db().reader().await?, request_id).await
}
