//! 限制: what packages and builds may take, as the system administrator sets it (identity.md: detection rules and limits). They are read
//! from the database whenever a package or a build begins, by each process: what is changed counts from the next one on. What this
//! process was told by its settings is fixed, whatever the screen says. Start reading at [`present`].

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::record;
use crate::refused_form;
use crate::store::limit_set::{self as store, LimitSetRow};
use crate::store::{Conn, StoreError, StoreResult, draft};
use crate::workshop::{BuildLimits, MB, PackageLimits, Workshop};
use domain::fields::FieldErrors;
use domain::limit::{Limit, LimitDraft, Typed, errors, validate};
use domain::view::change_pages::{CHANGES, ChangePages, below};
use domain::view::limit::{LimitChange, LimitPage, LimitRow};
use domain::view::setting::Source;
use domain::{Role, UtcMillis, words};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// Where what was typed and refused is kept.
const KEPT_AS: &str = "limits";

const ADMINISTRATOR: [Role; 1] = [Role::SystemAdministrator];

/// What is set on the screen.
type Set = BTreeMap<Limit, u32>;

/// What counts for a package and its build.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    pub(crate) package: PackageLimits,
    pub(crate) build: BuildLimits,
}

/// What counts now, in this process.
///
/// # Errors
/// The store fails.
pub(crate) async fn present(engine: &Engine, conn: &mut Conn) -> StoreResult<Limits> {
    let mut limits = Limits::of(engine.workshop());
    for (limit, value) in set_here(engine, conn).await? {
        limits.put(limit, value);
    }
    Ok(limits)
}

/// What is set on the screen and counts in this process.
///
/// # Errors
/// The store fails.
pub(crate) async fn set_here(engine: &Engine, conn: &mut Conn) -> StoreResult<BTreeMap<Limit, u32>> {
    let (_, set) = now(conn).await?;
    Ok(set.into_iter().filter(|(limit, _)| fixed(engine, *limit).is_none()).collect())
}

/// Where this process was told it; `None`: the screen's value counts.
fn fixed(engine: &Engine, limit: Limit) -> Option<Source> {
    let place = engine.workshop().place.as_ref()?;
    let setting = place.settings.iter().find(|setting| setting.name == limit.id())?;
    Some(setting.source).filter(|source| *source != Source::Default)
}

async fn now(conn: &mut Conn) -> StoreResult<(i64, Set)> {
    match store::newest(conn).await? {
        Some(row) => Ok((row.number, set(&row)?)),
        None => Ok((0, Set::new())),
    }
}

fn set(row: &LimitSetRow) -> StoreResult<Set> {
    // One that this version does not know is another version's.
    let all: BTreeMap<String, u32> = serde_json::from_str(&row.changed)
        .map_err(|_| StoreError::Unreadable { what: "limit_set.changed", value: row.changed.clone() })?;
    Ok(all.into_iter().filter_map(|(id, value)| Some((Limit::from_id(&id)?, value))).collect())
}

/// What the page opens with, and the changes below `older`, or the newest. With `check`: as it was typed when it was refused.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, check: bool, older: Option<i64>) -> Result<LimitPage> {
    let viewer = ctx.with_role(&ADMINISTRATOR)?.person;
    let mut conn = engine.db().reader().await?;
    let newest = store::newest(&mut conn).await?;
    let number = newest.as_ref().map_or(0, |row| row.number);
    let sets = store::below(&mut conn, below(number, older), CHANGES + 1).await?;
    let refused = match check {
        true => refused_form::kept::<LimitDraft>(&mut conn, viewer, KEPT_AS).await?.map(|(typed, _)| typed),
        false => None,
    };
    let present_set = newest.as_ref().map_or(Ok(Set::new()), set)?;
    let (limits, standard) = (present(engine, &mut conn).await?, Limits::of(engine.workshop()));
    let wrong = refused.as_ref().and_then(|typed| validate(typed).err()).unwrap_or_default();
    let row = |limit: Limit| LimitRow {
        limit,
        value: limits.get(limit),
        fixed: fixed(engine, limit),
        standard: standard.get(limit),
        typed: match refused.as_ref().and_then(|typed| typed.values.get(limit.id())) {
            Some(typed) => typed.clone(),
            None => present_set.get(&limit).map(ToString::to_string).unwrap_or_default(),
        },
        wrong: wrong.iter().find(|(which, _)| *which == limit).map(|(_, sentence)| sentence.clone()),
    };
    Ok(LimitPage {
        came_back: refused.is_some(),
        number,
        made: newest.map(|row| (row.by, UtcMillis(row.made_at))),
        rows: Limit::ALL.map(row).into(),
        changes: changes(&sets)?,
        pages: ChangePages::around(number, older),
    })
}

fn changes(sets: &[LimitSetRow]) -> StoreResult<Vec<LimitChange>> {
    let values = sets.iter().map(set).collect::<StoreResult<Vec<Set>>>()?;
    let before = values.iter().skip(1).cloned().chain([Set::new()]);
    let change = |((row, after), before): ((&LimitSetRow, &Set), Set)| LimitChange {
        number: row.number,
        by: row.by.clone(),
        at: UtcMillis(row.made_at),
        moves: moves(&before, after),
    };
    // The oldest that was read is there for what it was before.
    let shown = usize::try_from(CHANGES).unwrap_or_default();
    Ok(sets.iter().zip(&values).zip(before).take(shown).map(change).collect())
}

fn moves(before: &Set, after: &Set) -> Vec<(Limit, Option<u32>, Option<u32>)> {
    let moved = Limit::ALL.into_iter().map(|limit| (limit, before.get(&limit).copied(), after.get(&limit).copied()));
    moved.filter(|(_, from, to)| from != to).collect()
}

/// Makes a new set; `seen` is the present one as the form knew it. A limit that is fixed here is left as it was.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; [`Error::Invalid`]; [`Error::Conflict`]: somebody else made another set meanwhile; the
/// store fails.
pub async fn change(engine: &Engine, ctx: &Ctx, seen: i64, typed: &LimitDraft) -> Result<()> {
    let all = ("limit_set", Uuid::nil());
    let viewer = record::admitted(engine, ctx, &ADMINISTRATOR, "limit_set.change", all).await?.person;
    let valid = match validate(typed) {
        Ok(valid) => valid,
        Err(wrong) => {
            let errors = errors(&wrong);
            refused_form::keep(engine, ctx, KEPT_AS.to_owned(), typed, &errors).await?;
            return Err(Error::Invalid(errors));
        }
    };
    let (number, before) = now(&mut engine.db().reader().await?).await?;
    if number != seen {
        refused_form::keep(engine, ctx, KEPT_AS.to_owned(), typed, &FieldErrors::new()).await?;
        return Err(Error::Conflict);
    }
    let after = with(engine, &before, valid);
    if after == before {
        return Ok(());
    }
    let number = number + 1;
    let said = |value: Option<u32>| value.map_or_else(|| "默认".to_owned(), |value| value.to_string());
    let moved = moves(&before, &after).into_iter();
    let moved: Vec<_> = moved.map(|(limit, from, to)| json!([words::limit(limit), said(from), said(to)])).collect();
    let detail = json!({ "set": number.to_string(), "changes": moved });
    let event = Event { detail, ..Event::done("limit_set.change", "limit_set", number.to_string()) };
    let write = engine.db().write((ctx.clone(), event, json!(after).to_string()), move |conn, s| {
        Box::pin(async move {
            let (ctx, event, changed) = &*s;
            store::insert(conn, number, changed, viewer.0, ctx.now).await?;
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

fn with(engine: &Engine, before: &Set, typed: Typed) -> Set {
    let mut after = before.clone();
    for (limit, value) in typed.into_iter().filter(|(limit, _)| fixed(engine, *limit).is_none()) {
        match value {
            Some(value) => after.insert(limit, value),
            None => after.remove(&limit),
        };
    }
    after
}

impl Limits {
    /// As the server was told, or not.
    fn of(workshop: &Workshop) -> Self {
        Self { package: workshop.package.clone(), build: workshop.limits.clone() }
    }

    fn get(&self, limit: Limit) -> u32 {
        let (package, build) = (&self.package, &self.build);
        let value = match limit {
            Limit::PackageMegabytes => package.packed_bytes / MB,
            Limit::PackageUnpackedMegabytes => package.unpacked_bytes / MB,
            Limit::PackageFileMegabytes => package.file_bytes / MB,
            Limit::PackageEntries => package.entries.into(),
            Limit::PackagePathCharacters => package.path_chars.into(),
            Limit::PackagePathLevels => package.path_levels.into(),
            Limit::PackageRatio => package.ratio.into(),
            Limit::BuildMinutes => build.time.as_secs() / 60,
            Limit::BuildMemoryMegabytes => build.memory / MB,
            Limit::BuildProcesses => build.processes,
            Limit::BuildOutputMegabytes => build.output / MB,
            Limit::BuildDiskMegabytes => build.disk / MB,
        };
        u32::try_from(value).unwrap_or(u32::MAX)
    }

    fn put(&mut self, limit: Limit, value: u32) {
        let (package, build, bytes) = (&mut self.package, &mut self.build, u64::from(value) * MB);
        match limit {
            Limit::PackageMegabytes => package.packed_bytes = bytes,
            Limit::PackageUnpackedMegabytes => package.unpacked_bytes = bytes,
            Limit::PackageFileMegabytes => package.file_bytes = bytes,
            Limit::PackageEntries => package.entries = value,
            Limit::PackagePathCharacters => package.path_chars = value,
            Limit::PackagePathLevels => package.path_levels = value,
            Limit::PackageRatio => package.ratio = value,
            Limit::BuildMinutes => build.time = Duration::from_secs(u64::from(value) * 60),
            Limit::BuildMemoryMegabytes => build.memory = bytes,
            Limit::BuildProcesses => build.processes = value.into(),
            Limit::BuildOutputMegabytes => build.output = bytes,
            Limit::BuildDiskMegabytes => build.disk = bytes,
        }
    }
}
