//! 收件箱: what a person was told of, and what of it they have read.

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::notice::{self as store, Part};
use crate::store::{Conn, StoreResult};
use domain::query::{From, InboxQuery};
use domain::view::inbox::InboxPage;

/// Notices of a page.
const PAGE: usize = 20;

/// Counts stop here ("999+").
const COUNT_MOST: i64 = 1_000;

/// A page of the signed-in person's notices, newest first.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, query: InboxQuery) -> Result<InboxPage> {
    let person = ctx.person()?.person;
    let mut conn = engine.db().reader().await?;
    let (part, upwards) = match query.from {
        From::Start => (Part::First, false),
        From::Before(key) => (Part::Before(key), false),
        From::After(key) => (Part::After(key), true),
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = store::page(&mut conn, person, query.unread, part, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    if upwards {
        rows.reverse();
    }
    let (above, below) = (upwards && more || matches!(query.from, From::Before(_)), more || upwards);
    Ok(InboxPage {
        newer: rows.first().filter(|_| above).map(|row| row.key),
        older: rows.last().filter(|_| below).map(|row| row.key),
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
