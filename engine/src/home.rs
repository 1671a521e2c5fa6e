//! 工作台: what waits for who looks, what they wait for, what went live lately (screens.md, Home).

use crate::Engine;
use crate::ctx::{Ctx, SignedIn};
use crate::developer::states_of;
use crate::error::Result;
use crate::inbox;
use crate::kept::{Answer, Question, What};
use crate::keyset::COUNT_MOST;
use crate::publication::{facts, view};
use crate::store::home::{self as store, Theirs};
use crate::store::publication::PublicationRow as StoredRow;
use crate::store::{Conn, StoreResult, stuck_order};
use crate::work_order::list as orders;
use domain::turn::{Tone, tone};
use domain::view::home::{Cards, Counts, HomeCards, HomePublication, LiveCard};
use domain::{Actor, PublicationId, Relation, Role, State, UtcMillis, Who};

/// Cards of a kind, at most.
const CARDS: usize = 5;

/// The numbers beside 待我审批 and 收件箱.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn counts(engine: &Engine, ctx: &Ctx) -> Result<Counts> {
    let question = Question::new(engine, ctx, ctx.person()?, What::Counts);
    if let Some(Answer::Counts(counts)) = question.as_ref().and_then(Question::answer) {
        return Ok(counts);
    }
    let mut conn = engine.db().reader().await?;
    let waiting = orders::waiting_count(&mut conn, ctx).await?;
    let counts = Counts { waiting, unread: inbox::unread(&mut conn, ctx).await? };
    if let Some(question) = question {
        question.keep(Answer::Counts(counts));
    }
    Ok(counts)
}

/// The cards of who is signed in, by all of their roles.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn cards(engine: &Engine, ctx: &Ctx) -> Result<HomeCards> {
    let person = ctx.person()?;
    let mut conn = engine.db().reader().await?;
    let mut cards = HomeCards::none(ctx.now, ctx.heard);
    for (role, theirs, own) in
        [(Role::Staff, Theirs::Administered, Who::Staff), (Role::Developer, Theirs::Named, Who::Developer)]
    {
        if person.roles.has(role) {
            let of = Of { person, theirs };
            of.add(&mut conn, &states_of(|who| who == own), &mut cards.yours).await?;
            of.add(&mut conn, &states_of(|who| who != own), &mut cards.waiting).await?;
            of.add_live(&mut conn, &mut cards.live).await?;
        }
    }
    if person.roles.has(Role::Reviewer) || person.roles.has(Role::Operator) {
        let limit = i64::try_from(CARDS).unwrap_or(i64::MAX);
        let (rows, total) = orders::oldest(&mut conn, person.person, limit).await?;
        cards.orders = Cards { rows, total };
    }
    if person.roles.has(Role::SecurityAdministrator) {
        cards.stuck = stuck_order::count(&mut conn, COUNT_MOST).await?;
    }
    Ok(cards)
}

/// Whose cards, and by what the publications are theirs.
struct Of<'a> {
    person: &'a SignedIn,
    theirs: Theirs,
}

impl Of<'_> {
    async fn rows(&self, conn: &mut Conn, states: &str, newest: bool) -> StoreResult<(Vec<StoredRow>, i64)> {
        let (person, limit) = (self.person.person, i64::try_from(CARDS).unwrap_or(i64::MAX));
        let rows = store::rows(conn, self.theirs, states, person, newest, limit).await?;
        Ok((rows, store::count(conn, self.theirs, states, person, COUNT_MOST).await?))
    }

    /// Adds those in these states, whose turn has lasted longest first.
    async fn add(&self, conn: &mut Conn, states: &str, to: &mut Cards<HomePublication>) -> StoreResult<()> {
        let (rows, total) = self.rows(conn, states, false).await?;
        let (administers, contact) = match self.theirs {
            Theirs::Administered => (true, false),
            Theirs::Named => (false, true),
        };
        let relation = Relation { administers, contact, ..Relation::default() };
        let actor = Actor { person: self.person.person, roles: self.person.roles, relation };
        let known = facts::of_rows(conn, &rows, self.person.person).await?;
        for (row, known) in rows.iter().zip(known) {
            let side = known.facts.side;
            to.rows.push(HomePublication { row: view::row(row, &known.facts, &actor)?, side });
        }
        to.rows.sort_by_key(|card| card.row.turn_since);
        to.rows.truncate(CARDS);
        to.total += total;
        Ok(())
    }

    /// Adds those that went live last.
    async fn add_live(&self, conn: &mut Conn, to: &mut Cards<LiveCard>) -> StoreResult<()> {
        let live = State::ALL.into_iter().filter(|state| tone(*state) == Tone::Live).map(State::id);
        let states = serde_json::json!(live.collect::<Vec<_>>()).to_string();
        let (rows, total) = self.rows(conn, &states, true).await?;
        for row in rows {
            let side = row.side()?;
            let (id, at) = (PublicationId(row.id), UtcMillis(row.turn_since));
            to.rows.push(LiveCard { id, name: row.name, icon: row.icon, side, at });
        }
        to.rows.sort_by_key(|card| std::cmp::Reverse(card.at));
        to.rows.truncate(CARDS);
        to.total += total;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
