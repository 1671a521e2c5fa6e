//! 限制: what packages and builds may take, as the system administrator sets it (identity.md: detection rules and limits). They are read
//! from the database whenever a package or a build begins, by each process: what is changed counts from the next one on. What this
//! process was told by its settings is fixed, whatever the screen says. Start reading at [`present`].

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::numbered::{self, Numbered};
use crate::refused_form;
use crate::store::numbered::Table;
use crate::store::{Conn, StoreResult};
use crate::workshop::{BuildLimits, MB, PackageLimits, Workshop};
use domain::fields::FieldErrors;
use domain::limit::{Limit, LimitDraft, Typed, errors, validate};
use domain::view::change_pages::ChangePage;
use domain::view::limit::{LimitPage, LimitRow};
use domain::view::setting::Source;
use domain::{Role, words};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

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
    Ok(in_force(engine, &numbered::present::<Set>(conn).await?.1))
}

fn in_force(engine: &Engine, set: &Set) -> Limits {
    let mut limits = Limits::of(engine.workshop());
    for (limit, value) in counting(engine, set) {
        limits.put(limit, value);
    }
    limits
}

/// What is set on the screen and counts in this process.
///
/// # Errors
/// The store fails.
pub(crate) async fn set_here(engine: &Engine, conn: &mut Conn) -> StoreResult<BTreeMap<Limit, u32>> {
    Ok(counting(engine, &numbered::present::<Set>(conn).await?.1).collect())
}

/// What of a set counts in this process.
fn counting(engine: &Engine, set: &Set) -> impl Iterator<Item = (Limit, u32)> {
    set.iter().map(|(limit, value)| (*limit, *value)).filter(move |(limit, _)| fixed(engine, *limit).is_none())
}

/// Where this process was told it; `None`: the screen's value counts.
fn fixed(engine: &Engine, limit: Limit) -> Option<Source> {
    let place = engine.workshop().place.as_ref()?;
    let setting = place.settings.iter().find(|setting| setting.name == limit.id())?;
    Some(setting.source).filter(|source| *source != Source::Default)
}

impl Numbered for Set {
    const TABLE: Table = Table::LimitSet;
    const EVENT: &'static str = "limit_set.change";
    const MAKER: Role = Role::SystemAdministrator;
    const KEPT_AS: &'static str = "limits";

    fn standard() -> Self {
        Self::new()
    }

    fn read(json: &str) -> serde_json::Result<Self> {
        // One that this version does not know is another version's.
        let all: BTreeMap<String, u32> = serde_json::from_str(json)?;
        Ok(all.into_iter().filter_map(|(id, value)| Some((Limit::from_id(&id)?, value))).collect())
    }

    fn detail(number: i64, before: &Self, after: &Self) -> Value {
        let said = |value: Option<u32>| value.map_or_else(|| "默认".to_owned(), |value| value.to_string());
        let moved = moves(before, after).into_iter();
        let moved: Vec<_> = moved.map(|(limit, from, to)| json!([words::limit(limit), said(from), said(to)])).collect();
        json!({ "set": number.to_string(), "changes": moved })
    }

    fn lines(before: &Self, after: &Self) -> Vec<String> {
        let said = |limit: Limit, value: Option<u32>| match value {
            Some(value) => format!("{value} {}", words::limit_unit(limit)),
            None => "默认".to_owned(),
        };
        let moved = moves(before, after).into_iter();
        moved
            .map(|(limit, from, to)| format!("{}：{} → {}", words::limit(limit), said(limit, from), said(limit, to)))
            .collect()
    }
}

/// A page of 变更记录: the versions below `older`, or the newest.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn versions(engine: &Engine, ctx: &Ctx, older: Option<i64>) -> Result<ChangePage> {
    ctx.with_role(&[Set::MAKER])?;
    numbered::page::<Set>(engine, older).await
}

/// What the page opens with. With `check`: as it was typed when it was refused.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, check: bool) -> Result<LimitPage> {
    let viewer = ctx.with_role(&[Set::MAKER])?.person;
    let mut conn = engine.db().reader().await?;
    let (number, set, made) = match numbered::newest::<Set>(&mut conn).await? {
        Some(version) => (version.number, version.content, Some((version.by, version.at))),
        None => (0, Set::new(), None),
    };
    let refused = match check {
        true => refused_form::kept::<LimitDraft>(&mut conn, viewer, Set::KEPT_AS).await?.map(|(typed, _)| typed),
        false => None,
    };
    let (limits, standard) = (in_force(engine, &set), Limits::of(engine.workshop()));
    let wrong = refused.as_ref().and_then(|typed| validate(typed).err()).unwrap_or_default();
    let row = |limit: Limit| LimitRow {
        limit,
        value: limits.get(limit),
        fixed: fixed(engine, limit),
        standard: standard.get(limit),
        typed: match refused.as_ref().and_then(|typed| typed.values.get(limit.id())) {
            Some(typed) => typed.clone(),
            None => set.get(&limit).map(ToString::to_string).unwrap_or_default(),
        },
        wrong: wrong.iter().find(|(which, _)| *which == limit).map(|(_, sentence)| sentence.clone()),
    };
    Ok(LimitPage { came_back: refused.is_some(), number, made, rows: Limit::ALL.map(row).into() })
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
    let viewer = numbered::admitted::<Set>(engine, ctx).await?;
    let valid = match validate(typed) {
        Ok(valid) => valid,
        Err(wrong) => {
            let errors = errors(&wrong);
            refused_form::keep(engine, ctx, Set::KEPT_AS.to_owned(), typed, &errors).await?;
            return Err(Error::Invalid(errors));
        }
    };
    let done = numbered::change(engine, ctx, viewer, seen, |before| Ok(with(engine, before, valid))).await;
    if matches!(done, Err(Error::Conflict)) {
        refused_form::keep(engine, ctx, Set::KEPT_AS.to_owned(), typed, &FieldErrors::new()).await?;
    }
    done
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
