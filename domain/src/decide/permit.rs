//! Finds the one row that allows the action, or the reason that stops it.

use crate::action::Action;
use crate::actor::{Actor, Who};
use crate::command::Command;
use crate::facts::{Facts, OpenOrder};
use crate::guard::Guard;
use crate::refusal::Reason;
use crate::transitions::{Row, TABLE};

/// The row that applies. Without a command: could a well-formed one be accepted?
pub(super) fn row_for(
    facts: &Facts,
    actor: &Actor,
    action: Action,
    command: Option<&Command>,
) -> Result<&'static Row, Reason> {
    let who = who_may(action).ok_or(Reason::WrongState)?;
    who.reaches(actor)?;
    let here = || TABLE.iter().filter(|row| row.action == action && row.from.iter().any(|place| facts.is_at(*place)));
    if here().next().is_none() {
        return Err(Reason::WrongState);
    }
    takes_part(who, actor, facts.order.as_ref(), command)?;
    still_submitted(facts, command)?;
    judge(here(), |row| first_failure(row.all_guards(), |guard| guard.check(facts, command)))
}

/// The person's part in the open order, and that it is the order that the page showed.
fn takes_part(who: Who, actor: &Actor, order: Option<&OpenOrder>, command: Option<&Command>) -> Result<(), Reason> {
    if let (Some(order), Some(asked)) = (order, command.and_then(Command::order))
        && order.id != asked
    {
        return Err(Reason::OtherOrder);
    }
    who.takes_part(actor, order)
}

/// Whoever rejects has looked at what is submitted now. Of a linked one nothing may have been submitted here.
fn still_submitted(facts: &Facts, command: Option<&Command>) -> Result<(), Reason> {
    match (facts.submitted, command) {
        (Some(submitted), Some(Command::Reject { version, .. })) if submitted.id != *version => {
            Err(Reason::OtherVersionSubmitted)
        }
        _ => Ok(()),
    }
}

/// The row without a failing guard, or the reason of the row that got furthest: among rows that differ
/// by kind it is the one meant.
pub(crate) fn judge<'a, R: 'a>(
    rows: impl Iterator<Item = &'a R>,
    failure: impl Fn(&R) -> Option<(usize, Reason)>,
) -> Result<&'a R, Reason> {
    let mut best: Option<(usize, Reason)> = None;
    for row in rows {
        match failure(row) {
            None => return Ok(row),
            Some(failed) if best.as_ref().is_none_or(|(depth, _)| failed.0 > *depth) => best = Some(failed),
            Some(_) => {}
        }
    }
    Err(best.map_or(Reason::WrongState, |(_, reason)| reason))
}

/// The first guard that fails, with its place in the row.
pub(crate) fn first_failure(
    guards: impl Iterator<Item = Guard>,
    check: impl Fn(Guard) -> Result<(), Reason>,
) -> Option<(usize, Reason)> {
    guards.enumerate().find_map(|(depth, guard)| check(guard).err().map(|reason| (depth, reason)))
}

/// Whose action it is: all rows of an action name the same. `None`: the table has no row for it.
pub fn who_may(action: Action) -> Option<Who> {
    TABLE.iter().find(|row| row.action == action).map(|row| row.who)
}
