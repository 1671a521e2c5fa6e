//! 收件箱: what a person was told of, and what of it they have read.

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::keyset::{COUNT_MOST, Page, Window};
use crate::store::notice as store;
use crate::store::{Conn, StoreResult};
use domain::query::{InboxQuery, PAGE_SIZE};
use domain::view::inbox::InboxPage;

/// A page of the signed-in person's notices, newest first.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, query: InboxQuery) -> Result<InboxPage> {
    let person = ctx.person()?.person;
    let mut conn = engine.db().reader().await?;
    let window = Window::new(query.from, PAGE_SIZE);
    let rows = store::page(&mut conn, person, query.unread, window.part(), window.limit()).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    Ok(InboxPage {
        newer,
        older,
        rows: rows.iter().map(store::ListedNotice::view).collect::<StoreResult<_>>()?,
        unread: unread(&mut conn, ctx).await?,
        now: ctx.now,
    })
}

/// How many are unread: at most 1,000 are counted.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub(crate) async fn unread(conn: &mut Conn, ctx: &Ctx) -> Result<i64> {
    Ok(store::unread(conn, ctx.person()?.person, COUNT_MOST).await?)
}

/// The person has read the notice with this key or, with `all`, it and every earlier one. What is not theirs stays as it is.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn read(engine: &Engine, ctx: &Ctx, key: i64, all: bool) -> Result<()> {
    let (person, now) = (ctx.person()?.person, ctx.now);
    let mark = engine.db().write((), move |conn, _| Box::pin(store::mark_read(conn, person, key, all, now)));
    Ok(mark.await?)
}

#[cfg(test)]
mod tests;
