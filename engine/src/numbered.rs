//! What administrators change in numbered versions: 检测规则, 限制, 审批路由, 登录策略. Each change is the next version; number 0 is what
//! counts before anybody changed anything. Start reading at [`change`].

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::record;
use crate::store::numbered::{self as store, Table, VersionRow};
use crate::store::{Conn, StoreError, StoreResult, draft};
use domain::view::change_pages::{self, CHANGES, ChangePage, ChangePages, ChangeRow};
use domain::{PersonId, Role, UtcMillis, words};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// What is kept so.
pub(crate) trait Numbered: Serialize + Clone + PartialEq + Send + Sync + 'static {
    /// Where.
    const TABLE: Table;
    /// A change in the audit log.
    const EVENT: &'static str;
    /// Who may make one.
    const MAKER: Role;
    /// Where what was typed and refused is kept until a version is made.
    const KEPT_AS: &'static str;

    /// Number 0.
    fn standard() -> Self;

    /// As it was written, also by another release.
    fn read(json: &str) -> serde_json::Result<Self>;

    /// The change that made this version, for the audit log.
    fn detail(number: i64, before: &Self, after: &Self) -> Value;

    /// What a version is called on screens.
    fn word(number: i64) -> String {
        words::numbered_version(number)
    }

    /// What the change changed, or what it says now, a line each: 变更记录.
    fn lines(before: &Self, after: &Self) -> Vec<String>;
}

/// A version that was made.
#[derive(Debug, Clone)]
pub(crate) struct Version<T> {
    /// From 1.
    pub(crate) number: i64,
    pub(crate) content: T,
    pub(crate) by: String,
    pub(crate) at: UtcMillis,
}

/// Who asks, if they may make a version; the refusal is in the audit log.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub(crate) async fn admitted<T: Numbered>(engine: &Engine, ctx: &Ctx) -> Result<PersonId> {
    let all = (T::TABLE.id(), Uuid::nil());
    Ok(record::admitted(engine, ctx, &[T::MAKER], T::EVENT, all).await?.person)
}

/// Makes what `next` makes of the present version the next one, if it is another; `seen` is the present one as the form knew it.
///
/// # Errors
/// What `next` refuses; [`Error::Conflict`]: somebody else made another version meanwhile; the store fails.
pub(crate) async fn change<T: Numbered>(
    engine: &Engine,
    ctx: &Ctx,
    by: PersonId,
    seen: i64,
    next: impl FnOnce(&T) -> Result<T>,
) -> Result<()> {
    let (number, before) = present::<T>(&mut engine.db().reader().await?).await?;
    if number != seen {
        return Err(Error::Conflict);
    }
    let after = next(&before)?;
    if after == before {
        return Ok(());
    }
    let write = engine.db().write((ctx.clone(), before, after), move |conn, s| {
        Box::pin(async move {
            let (ctx, before, after) = &*s;
            draft::delete(conn, by, T::KEPT_AS).await?;
            make(conn, ctx, by, (number, before), after).await
        })
    });
    match write.await {
        // Somebody else made this number first.
        Err(StoreError::Unique(_)) => Err(Error::Conflict),
        other => Ok(other?),
    }
}

/// Writes the version after `number`, and notes it: the last statements of a transaction.
///
/// # Errors
/// [`StoreError::Unique`]: somebody else made that version first.
pub(crate) async fn make<T: Numbered>(
    conn: &mut Conn,
    ctx: &Ctx,
    by: PersonId,
    (number, before): (i64, &T),
    after: &T,
) -> StoreResult<()> {
    let number = number + 1;
    store::insert(conn, T::TABLE, number, &json!(after).to_string(), by.0, ctx.now).await?;
    let detail = T::detail(number, before, after);
    let event = Event { detail, ..Event::done(T::EVENT, T::TABLE.id(), number.to_string()) };
    audit::append(conn, ctx, &event).await.map(|_| ())
}

/// What counts now, and its number.
///
/// # Errors
/// The store fails.
pub(crate) async fn present<T: Numbered>(conn: &mut Conn) -> StoreResult<(i64, T)> {
    let newest = newest::<T>(conn).await?;
    Ok(newest.map_or_else(|| (0, T::standard()), |version| (version.number, version.content)))
}

/// What the version of this number is; `None`: there is none.
///
/// # Errors
/// The store fails.
pub(crate) async fn of<T: Numbered>(conn: &mut Conn, number: i64) -> StoreResult<Option<T>> {
    if number == 0 {
        return Ok(Some(T::standard()));
    }
    let row = store::of(conn, T::TABLE, number).await?;
    row.map(|row| Ok(version(row)?.content)).transpose()
}

/// The newest version; `None`: nobody made one.
///
/// # Errors
/// The store fails.
pub(crate) async fn newest<T: Numbered>(conn: &mut Conn) -> StoreResult<Option<Version<T>>> {
    Ok(below(conn, i64::MAX, 1).await?.pop())
}

/// A page of 变更记录: the versions below `older`, or the newest. Who may see it, the caller knows.
///
/// # Errors
/// The store fails.
pub(crate) async fn page<T: Numbered>(engine: &Engine, older: Option<i64>) -> Result<ChangePage> {
    let mut conn = engine.db().reader().await?;
    let number = store::newest_number(&mut conn, T::TABLE).await?;
    let changes = changes::<T>(&mut conn, change_pages::below(number, older)).await?;
    let row = |(made, before): (Version<T>, T)| ChangeRow {
        number: made.number,
        word: T::word(made.number),
        moves: T::lines(&before, &made.content),
        by: made.by,
        at: made.at,
    };
    Ok(ChangePage { number, rows: changes.into_iter().map(row).collect(), pages: ChangePages::around(number, older) })
}

/// The versions below this number, newest first, at most so many.
async fn below<T: Numbered>(conn: &mut Conn, number: i64, most: i64) -> StoreResult<Vec<Version<T>>> {
    let rows = store::below(conn, T::TABLE, number, most).await?;
    rows.into_iter().map(version).collect()
}

/// A page of them, each with what counted before it.
async fn changes<T: Numbered>(conn: &mut Conn, number: i64) -> StoreResult<Vec<(Version<T>, T)>> {
    // The oldest that is read is there for what it was before.
    let versions = below::<T>(conn, number, CHANGES + 1).await?;
    let before: Vec<T> =
        versions.iter().skip(1).map(|version| version.content.clone()).chain([T::standard()]).collect();
    Ok(versions.into_iter().zip(before).take(usize::try_from(CHANGES).unwrap_or_default()).collect())
}

fn version<T: Numbered>(row: VersionRow) -> StoreResult<Version<T>> {
    let content = T::read(&row.content).map_err(|error| T::TABLE.unreadable(error.to_string()))?;
    Ok(Version { number: row.number, content, by: row.by, at: UtcMillis(row.made_at) })
}
