//! 审批路由: the table is all rules. They take effect together, as a version of their own, or none does.

use super::{Plan, Seen, note, table};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::numbered::{make, present};
use crate::routing::checked;
use crate::store::{Conn, StoreError, StoreResult};
use domain::fields::{FieldErrors, RouteDraft, RoutingDraft};
use domain::import::{Columns, route_entry};
use domain::routing::Routing;
use domain::view::import::{ImportLine, ImportOutcome};
use std::collections::BTreeMap;

pub(super) struct Write {
    number: i64,
    before: Routing,
    after: Routing,
}

/// Reads all rows, and plans the version that they make, if there is nothing wrong with any.
pub(super) async fn fill(plan: &mut Plan, engine: &Engine, columns: &Columns, rows: &[table::Row]) -> Result<()> {
    let mut seen = Seen::default();
    let read: Vec<(usize, std::result::Result<RouteDraft, String>)> = rows
        .iter()
        .map(|(line, row)| {
            let entry = route_entry(columns.cells(row));
            (*line, entry.and_then(|route| seen.once("顺序", &route.order, *line).map(|()| route)))
        })
        .collect();
    let (number, before) = present::<Routing>(&mut engine.db().reader().await?).await?;
    // What part of its route a kind takes is not in the table: that stays.
    let routes = read.iter().filter_map(|(_, entry)| entry.as_ref().ok().cloned()).collect();
    let draft = RoutingDraft { routes, takes: RoutingDraft::from(&before).takes };
    let whole = checked(engine, &draft).await?;
    let mut wrong = by_line(&read, whole.as_ref().err());
    let clean = wrong.is_empty();
    let (outcome, why) = match (&whole, clean) {
        (Ok(after), true) if *after == before => (ImportOutcome::Same, ""),
        (Ok(_), true) => (ImportOutcome::Added, ""),
        _ => (ImportOutcome::Kept, "这一行没有问题；整张表因为别的行没有导入"),
    };
    for (line, row) in rows {
        let (key, name) = columns.cells(row).named();
        let (outcome, why) = match wrong.remove(line) {
            Some(why) => (ImportOutcome::Refused, why),
            None => (outcome, why.to_owned()),
        };
        note(&mut plan.report, ImportLine { line: *line, key, name, outcome, why });
    }
    match whole {
        Ok(after) if outcome == ImportOutcome::Added => {
            plan.writes.push(super::Write::Routes(Write { number, before, after }));
        }
        // Nothing is wrong with a single row, but with all of them.
        Err(errors) if clean => {
            let of_all: Vec<&str> = errors.iter().map(|error| error.text.as_str()).collect();
            plan.report.failed = Some(of_all.join("；"));
        }
        _ => {}
    }
    Ok(())
}

/// What is wrong with each line, if anything is.
fn by_line(
    read: &[(usize, std::result::Result<RouteDraft, String>)],
    errors: Option<&FieldErrors>,
) -> BTreeMap<usize, String> {
    let mut wrong: BTreeMap<usize, String> =
        read.iter().filter_map(|(line, entry)| Some((*line, entry.as_ref().err()?.clone()))).collect();
    let taken: Vec<usize> = read.iter().filter(|(_, entry)| entry.is_ok()).map(|(line, _)| *line).collect();
    for error in errors.into_iter().flat_map(FieldErrors::iter) {
        if let Some(line) = error.item.and_then(|at| taken.get(usize::from(at))) {
            // The number of the rule is that of the form, not of the table.
            let text = error.text.split_once('：').map_or(error.text.as_str(), |(_, text)| text);
            wrong.insert(*line, text.to_owned());
        }
    }
    wrong
}

impl Write {
    pub(super) async fn write(&self, conn: &mut Conn, ctx: &Ctx) -> StoreResult<()> {
        let Some(person) = ctx.signed_in.as_ref().map(|person| person.person) else {
            return Err(StoreError::Conflict);
        };
        make(conn, ctx, person, (self.number, &self.before), &self.after).await
    }
}
