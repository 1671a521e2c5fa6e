//! Forms that were refused: what was typed is kept with its errors, so that the page that comes back has both, with or without scripts.

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::{Conn, StoreResult, draft};
use domain::PersonId;
use domain::fields::FieldErrors;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Keeps it for who is signed in, in place of the last of this name.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub(crate) async fn keep(
    engine: &Engine,
    ctx: &Ctx,
    name: String,
    typed: &impl Serialize,
    errors: &FieldErrors,
) -> Result<()> {
    let (viewer, body) = (ctx.person()?.person, json!((typed, errors)).to_string());
    let write = engine.db().write((name, body, ctx.now), move |conn, s| {
        Box::pin(async move { draft::save(conn, viewer, &s.0, &s.1, s.2).await })
    });
    Ok(write.await?)
}

/// What the person typed last under this name, with its errors; `None`: nothing, or nothing that can be read any more.
pub(crate) async fn kept<T: DeserializeOwned>(
    conn: &mut Conn,
    viewer: PersonId,
    name: &str,
) -> StoreResult<Option<(T, FieldErrors)>> {
    let kept = draft::of(conn, viewer, name).await?;
    Ok(kept.and_then(|(body, _)| serde_json::from_str(&body).ok()))
}
