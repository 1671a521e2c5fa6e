//! The reason of a 拒绝 that is not decided yet: kept so that nothing typed is lost where there are no scripts.

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::{Conn, StoreResult, draft as drafts};
use domain::{OrderId, PersonId, Role};

/// Longest that is kept. Bytes.
const LONGEST: usize = 65_536;

/// Keeps what was typed, for this person and order.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::TooLarge`]; the store fails.
pub async fn keep(engine: &Engine, ctx: &Ctx, id: OrderId, text: &str) -> Result<()> {
    let person = ctx.with_role(&[Role::Reviewer, Role::Operator])?.person;
    access::order(&mut engine.db().reader().await?, ctx, id).await?;
    if text.len() > LONGEST {
        return Err(Error::TooLarge);
    }
    let save = engine.db().write((person, form_name(id), text.to_owned(), ctx.now), |conn, s| {
        Box::pin(async move { drafts::save(conn, s.0, &s.1, &s.2, s.3).await })
    });
    Ok(save.await?)
}

/// What was kept; empty, if nothing.
pub(super) async fn kept(conn: &mut Conn, person: PersonId, id: OrderId) -> StoreResult<String> {
    Ok(drafts::of(conn, person, &form_name(id)).await?.map(|(text, _)| text).unwrap_or_default())
}

/// The 拒绝 is done: what was kept for it is not needed any more.
pub(crate) async fn forget(conn: &mut Conn, person: PersonId, id: OrderId) -> StoreResult<()> {
    drafts::delete(conn, person, &form_name(id)).await
}

fn form_name(id: OrderId) -> String {
    format!("refuse:{}", id.0)
}
