//! 检测规则: what they weigh here, and who made it so (packages.md, 源码检测). The rules themselves are `checks`'.

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::limit;
use crate::record;
use crate::store::rule_set::{self as store, RuleSetRow};
use crate::store::{StoreError, StoreResult};
use checks::{Category, Level, RULE_SET, RULES, Rule, Settings, Severities, Severity};
use domain::view::change_pages::{CHANGES, ChangePages, below};
use domain::view::rule::{RuleCategory, RuleChange, RuleLevel, RuleRow, RulesPage};
use domain::{Role, UtcMillis, words};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What differs from the table.
type Changed = BTreeMap<Rule, Level>;

/// The rules that count now.
pub(crate) struct RuleSet {
    /// As results name it.
    pub(crate) name: String,
    pub(crate) settings: Settings,
}

/// Reads them; a lock file may also name the registry that builds install from.
pub(crate) async fn present(engine: &Engine) -> Result<RuleSet> {
    let (number, changed) = now(engine).await?;
    let mut severities = Severities { changed, ..Severities::default() };
    severities.registries.extend(engine.workshop().registry.clone());
    let settings =
        Settings { limits: limit::present(engine, &mut engine.db().reader().await?).await?.package, severities };
    Ok(RuleSet { name: name(number), settings })
}

/// The present set: its number, 0 before anything was changed, and what differs.
async fn now(engine: &Engine) -> Result<(i64, Changed)> {
    match store::newest(&mut engine.db().reader().await?).await? {
        Some(row) => Ok((row.number, changed(&row)?)),
        None => Ok((0, Changed::new())),
    }
}

/// What the checks in a browser go by, as JSON that nobody else reads.
///
/// # Errors
/// [`Error::Forbidden`]; the store fails.
pub async fn settings(engine: &Engine, ctx: &Ctx) -> Result<String> {
    ctx.with_role(&[Role::Developer])?;
    Ok(json!(present(engine).await?.settings).to_string())
}

/// The page, with the changes below `older`, or the newest.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx, older: Option<i64>) -> Result<RulesPage> {
    let may_change = ctx.person()?.roles.has(Role::SystemAdministrator);
    let (number, now) = now(engine).await?;
    let rows = store::below(&mut engine.db().reader().await?, below(number, older), CHANGES + 1).await?;
    let sets = rows.iter().map(changed).collect::<StoreResult<Vec<_>>>()?;
    let before = sets.iter().skip(1).cloned().chain([Changed::new()]);
    let change = |((row, after), before): ((&RuleSetRow, &Changed), Changed)| RuleChange {
        set: name(row.number),
        by: row.by.clone(),
        at: UtcMillis(row.made_at),
        moves: moves(&before, after),
    };
    // The oldest that was read is there for what it was before.
    let shown = usize::try_from(CHANGES).unwrap_or_default();
    let changes = rows.iter().zip(&sets).zip(before).take(shown).map(change).collect();
    let pages = ChangePages::around(number, older);
    Ok(RulesPage { number, set: name(number), categories: categories(&now), changes, pages, may_change })
}

/// Makes a new set of what differs from the present one; `levels` by the rule's id, others stay.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]: no such rule; [`Error::Conflict`]: somebody made another set after `seen`; the store
/// fails.
pub async fn change(engine: &Engine, ctx: &Ctx, seen: i64, levels: &BTreeMap<String, RuleLevel>) -> Result<()> {
    let object = ("rule_set", Uuid::nil());
    let person = record::admitted(engine, ctx, &[Role::SystemAdministrator], "rule_set.change", object).await?.person;
    let (number, before) = now(engine).await?;
    if number != seen {
        return Err(Error::Conflict);
    }
    let mut after = before.clone();
    for (id, level) in levels {
        let rule = Rule::from_id(id).ok_or(Error::NotFound)?;
        match *level == of_severity(rule.info().severity) {
            true => after.remove(&rule),
            false => after.insert(rule, to_checks(*level)),
        };
    }
    if after == before {
        return Ok(());
    }
    let moved = moves(&before, &after);
    let moved: Vec<_> =
        moved.iter().map(|(what, from, to)| json!([what, words::rule_level(*from), words::rule_level(*to)])).collect();
    let event = Event {
        detail: json!({ "set": name(seen + 1), "changes": moved }),
        ..Event::done("rule_set.change", "rule_set", (seen + 1).to_string())
    };
    let write = engine.db().write((ctx.clone(), json!(after).to_string(), event), move |conn, s| {
        Box::pin(async move {
            let (ctx, changed, event) = &*s;
            store::insert(conn, seen + 1, changed, person.0, ctx.now).await?;
            audit::append(conn, ctx, event).await
        })
    });
    match write.await {
        Ok(_) => Ok(()),
        Err(StoreError::Unique(_)) => Err(Error::Conflict),
        Err(other) => Err(other.into()),
    }
}

/// As results name a set: the table's version, and the number of what was changed here.
fn name(number: i64) -> String {
    if number == 0 { RULE_SET.to_owned() } else { format!("{RULE_SET}.{number}") }
}

fn changed(row: &RuleSetRow) -> StoreResult<Changed> {
    // A rule that a later release does not have any more weighs nothing.
    let all: BTreeMap<String, Level> = serde_json::from_str(&row.changed)
        .map_err(|_| StoreError::Unreadable { what: "rule_set.changed", value: row.changed.clone() })?;
    Ok(RULES.iter().filter_map(|info| Some((info.rule, *all.get(info.id)?))).collect())
}

fn categories(now: &Changed) -> Vec<RuleCategory> {
    let rules = |category: Category| RULES.iter().filter(move |info| info.category == category);
    let row = |info: &checks::RuleInfo| RuleRow {
        id: info.id.to_owned(),
        what: info.title.to_owned(),
        why: info.why.to_owned(),
        how: info.mend.to_owned(),
        example: info.example.to_owned(),
        standard: of_severity(info.severity),
        level: level(now, info.rule),
    };
    let of = |category: Category| RuleCategory {
        word: category.word().to_owned(),
        rules: rules(category).map(row).collect(),
    };
    Category::ALL.into_iter().map(of).collect()
}

/// What weighs something else: what it finds, before, after.
fn moves(before: &Changed, after: &Changed) -> Vec<(String, RuleLevel, RuleLevel)> {
    let moved = RULES.iter().map(|info| (info, level(before, info.rule), level(after, info.rule)));
    moved.filter(|(_, from, to)| from != to).map(|(info, from, to)| (info.title.to_owned(), from, to)).collect()
}

fn level(changed: &Changed, rule: Rule) -> RuleLevel {
    match changed.get(&rule) {
        Some(Level::Block) => RuleLevel::Block,
        Some(Level::Warn) => RuleLevel::Warn,
        Some(Level::Off) => RuleLevel::Off,
        None => of_severity(rule.info().severity),
    }
}

const fn of_severity(severity: Severity) -> RuleLevel {
    match severity {
        Severity::Block => RuleLevel::Block,
        Severity::Warn => RuleLevel::Warn,
    }
}

const fn to_checks(level: RuleLevel) -> Level {
    match level {
        RuleLevel::Block => Level::Block,
        RuleLevel::Warn => Level::Warn,
        RuleLevel::Off => Level::Off,
    }
}
