//! The developer's list (工作台 of the developer): what names them as a contact, what is asked of them first.

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::publication::{facts, view};
use crate::store::workbench_list;
use domain::turn::moves_on;
use domain::view::publication::{WorkbenchFrom, WorkbenchPage, WorkbenchRow};
use domain::{Action, Actor, Offer, Relation, Role, State, Who, offer};

/// Rows of a page.
const PAGE: usize = 20;

/// A page: those that wait for the person first, each part newest first, after the row that `from` names.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn publications(engine: &Engine, ctx: &Ctx, from: Option<WorkbenchFrom>) -> Result<WorkbenchPage> {
    let person = ctx.with_role(&[Role::Developer])?;
    let after = from.map_or((2, 0), |from| (i64::from(from.theirs), from.key));
    let mut conn = engine.db().reader().await?;
    let states = states_of(|who| who == Who::Developer);
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = workbench_list::rows(&mut conn, &states, person.person, after, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| WorkbenchFrom { theirs: last.theirs == 1, key: last.row.key });
    let known = facts::of_rows(&mut conn, rows.iter().map(|row| &row.row), person.person).await?;
    let relation = Relation { contact: true, ..Relation::default() };
    let actor = Actor { person: person.person, roles: person.roles, relation };
    let mut views = Vec::with_capacity(rows.len());
    for (row, known) in rows.iter().zip(known) {
        let offered = Action::WORKBENCH.map(|action| (action, offer(&known.facts, &actor, action)));
        views.push(WorkbenchRow {
            row: view::row(&row.row, &known.facts, &actor)?,
            side: known.facts.side,
            offers: offered.into_iter().filter(|(_, offer)| *offer != Offer::Never).collect(),
        });
    }
    Ok(WorkbenchPage { rows: views, next })
}

/// The states in which it is the turn of such people, as a JSON array of ids.
pub(crate) fn states_of(whose: impl Fn(Who) -> bool) -> String {
    let theirs = State::ALL.into_iter().filter(|state| moves_on(*state).is_some_and(|(who, _)| whose(who)));
    serde_json::json!(theirs.map(State::id).collect::<Vec<_>>()).to_string()
}

#[cfg(test)]
mod tests;
