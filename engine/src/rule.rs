//! 检测规则: what they weigh here, and who made it so (packages.md, 源码检测). The rules themselves are `checks`'.

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::limit;
use crate::numbered::{self, Numbered};
use crate::store::numbered::Table;
use checks::{Category, Level, RULE_SET, RULES, Rule, Settings, Severities, Severity};
use domain::view::change_pages::ChangePage;
use domain::view::rule::{RuleCategory, RuleLevel, RuleRow, RulesPage};
use domain::{Role, words};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
    let mut conn = engine.db().reader().await?;
    let (number, changed) = numbered::present::<Changed>(&mut conn).await?;
    let mut severities = Severities { changed, ..Severities::default() };
    severities.registries.extend(engine.workshop().registry.clone());
    let settings = Settings { limits: limit::present(engine, &mut conn).await?.package, severities };
    Ok(RuleSet { name: name(number), settings })
}

impl Numbered for Changed {
    const TABLE: Table = Table::RuleSet;
    const EVENT: &'static str = "rule_set.change";
    const MAKER: Role = Role::SystemAdministrator;
    const KEPT_AS: &'static str = "rules";

    fn standard() -> Self {
        Self::new()
    }

    fn read(json: &str) -> serde_json::Result<Self> {
        // A rule that a later release does not have any more weighs nothing.
        let all: BTreeMap<String, Level> = serde_json::from_str(json)?;
        Ok(RULES.iter().filter_map(|info| Some((info.rule, *all.get(info.id)?))).collect())
    }

    fn detail(number: i64, before: &Self, after: &Self) -> Value {
        let word = words::rule_level;
        let moved = moves(before, after).into_iter();
        let moved: Vec<_> = moved.map(|(what, from, to)| json!([what, word(from), word(to)])).collect();
        json!({ "set": name(number), "changes": moved })
    }

    fn word(number: i64) -> String {
        name(number)
    }

    fn lines(before: &Self, after: &Self) -> Vec<String> {
        let word = words::rule_level;
        let moved = moves(before, after).into_iter();
        moved.map(|(what, from, to)| format!("{what}：{} → {}", word(from), word(to))).collect()
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

/// A page of 变更记录: the versions below `older`, or the newest. Like the rules, for whoever is signed in.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn versions(engine: &Engine, ctx: &Ctx, older: Option<i64>) -> Result<ChangePage> {
    ctx.person()?;
    numbered::page::<Changed>(engine, older).await
}

/// The page.
///
/// # Errors
/// [`Error::NotSignedIn`]; the store fails.
pub async fn page(engine: &Engine, ctx: &Ctx) -> Result<RulesPage> {
    let may_change = ctx.person()?.roles.has(Changed::MAKER);
    let mut conn = engine.db().reader().await?;
    let (number, now) = numbered::present::<Changed>(&mut conn).await?;
    Ok(RulesPage { number, set: name(number), categories: categories(&now), may_change })
}

/// Makes a new set of what differs from the present one; `levels` by the rule's id, others stay.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]: no such rule; [`Error::Conflict`]: somebody made another set after `seen`; the store
/// fails.
pub async fn change(engine: &Engine, ctx: &Ctx, seen: i64, levels: &BTreeMap<String, RuleLevel>) -> Result<()> {
    let person = numbered::admitted::<Changed>(engine, ctx).await?;
    numbered::change(engine, ctx, person, seen, |before| with(before, levels)).await
}

fn with(before: &Changed, levels: &BTreeMap<String, RuleLevel>) -> Result<Changed> {
    let mut after = before.clone();
    for (id, level) in levels {
        let rule = Rule::from_id(id).ok_or(Error::NotFound)?;
        match *level == of_severity(rule.info().severity) {
            true => after.remove(&rule),
            false => after.insert(rule, to_checks(*level)),
        };
    }
    Ok(after)
}

/// As results name a set: the table's version, and the number of what was changed here.
fn name(number: i64) -> String {
    if number == 0 { RULE_SET.to_owned() } else { format!("{RULE_SET}.{number}") }
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
