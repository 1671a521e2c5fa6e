//! 轮到谁了: whose turn it is, the tone of the chip, the line of steps with "you are here", and what moves
//! it on. screens.md: Look, Publication.

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::actor::Who;
use crate::facts::Facts;
use crate::state::State;
use crate::time::UtcMillis;
use crate::transitions::{Place, Row, TABLE, To};
use crate::work_order::OrderKind;

/// Whose turn it is, with its evidence.
pub fn whose_turn(facts: &Facts) -> WhoseTurn {
    match (facts.state, &facts.order) {
        (Some(state), None) => match moves_on(state) {
            Some((Who::Developer, action)) => WhoseTurn::Developer { action },
            // Linked, and no version of this round: nothing can be accepted or submitted.
            Some((Who::Staff, _)) if stuck_without_version(facts) => WhoseTurn::Staff { action: Action::Redeploy },
            Some((Who::Staff, action)) => WhoseTurn::Staff { action },
            _ => WhoseTurn::Nobody,
        },
        (Some(_), Some(order)) => WhoseTurn::Reviewer { step: order.step, of: order.steps },
        (None, _) => WhoseTurn::Nobody,
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoseTurn {
    /// Nobody must move: it is live, or offline.
    Nobody,
    /// The developer's.
    Developer {
        /// What moves it on.
        action: Action,
    },
    /// Staff's.
    Staff {
        /// What moves it on.
        action: Action,
    },
    /// The people of the current step.
    Reviewer {
        /// The current step, from 1.
        step: u8,
        /// How many there are.
        of: u8,
    },
}

/// The tone of a state's chip: it says who must move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nobody.
    Neutral,
    /// Blue: the developer's turn.
    Developer,
    /// Amber: staff's turn.
    Staff,
    /// Violet: a reviewer's turn.
    Reviewer,
    /// Green: live.
    Live,
    /// Grey: offline.
    Offline,
}

/// One step of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineStep {
    /// The state.
    pub state: State,
    /// Behind, here or ahead.
    pub mark: Mark,
}

/// Where a step of the line lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Done.
    Behind,
    /// You are here.
    Here,
    /// To come.
    Ahead,
}

/// The tone of the chip: the one map from state to colour.
pub fn tone(state: State) -> Tone {
    match (state, moves_on(state).map(|(who, _)| who)) {
        (State::Published, _) => Tone::Live,
        (State::Offline, _) => Tone::Offline,
        (_, Some(Who::Developer)) => Tone::Developer,
        (_, Some(Who::Staff)) => Tone::Staff,
        (_, Some(Who::Reviewer | Who::Operator)) => Tone::Reviewer,
        (_, Some(Who::Initiator) | None) => Tone::Neutral,
    }
}

/// What leads a release or an upgrade, once begun, to 已发布, and a request to its end.
const ONWARD: [Action; 5] = [
    Action::SubmitForAcceptance,
    Action::Accept,
    Action::SubmitForApproval,
    Action::Approve,
    Action::CompleteConfiguration,
];

/// Who moves a publication on from the state, and by what; `None` where nobody must.
pub fn moves_on(state: State) -> Option<(Who, Action)> {
    onward_rows(state).map(|row| (row.who, row.action)).next()
}

/// The way of this publication as a line of states, from where its present undertaking began to where it
/// ends. Made from the table.
pub fn line(facts: &Facts) -> Vec<LineStep> {
    let Some(here) = facts.state else { return Vec::new() };
    let mut states = way(beginning(facts, here), facts);
    if !states.contains(&here) {
        states = vec![here];
    }
    let at = states.iter().rposition(|state| *state == here).unwrap_or(0);
    let mark = |index: usize| match index.cmp(&at) {
        std::cmp::Ordering::Less => Mark::Behind,
        std::cmp::Ordering::Equal => Mark::Here,
        std::cmp::Ordering::Greater => Mark::Ahead,
    };
    states.into_iter().enumerate().map(|(index, state)| LineStep { state, mark: mark(index) }).collect()
}

/// Where the present undertaking began: the release's way is shown until something else is begun.
fn beginning(facts: &Facts, here: State) -> State {
    let upgrade = facts.configuring_from == Some(OrderKind::Upgrade);
    match here {
        State::UpgradeDeploying
        | State::AwaitingUpgradeAcceptance
        | State::AwaitingUpgrade
        | State::UpgradeInReview => State::UpgradeDeploying,
        State::Configuring if upgrade => State::UpgradeDeploying,
        State::InfoChangeInReview => State::InfoChangeInReview,
        State::OfflineInReview | State::Offline => State::OfflineInReview,
        _ => crate::publication::initial_state(facts.hosted),
    }
}

/// The newest refused order of a publication, and what came after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastRefusal {
    /// Of the order.
    pub kind: OrderKind,
    /// When it was refused.
    pub at: UtcMillis,
    /// Since when it is the turn of whoever's it is.
    pub turn_since: UtcMillis,
    /// When an upgrade was last begun, if ever: one that was begun after the refusal is another, the refused one was given up.
    pub begun: Option<UtcMillis>,
}

/// Whether the turn comes from the refusal: what is under way ends in the same request again, or nothing has moved since.
pub fn comes_from_refusal(facts: &Facts, last: LastRefusal) -> bool {
    let requests = match facts.state.map(|here| beginning(facts, here)) {
        Some(State::UpgradeDeploying) => OrderKind::Upgrade,
        _ => OrderKind::Release,
    };
    match whose_turn(facts) {
        WhoseTurn::Developer { .. } | WhoseTurn::Staff { .. } => {
            last.kind == requests && last.begun.is_none_or(|begun| begun <= last.at)
        }
        WhoseTurn::Nobody => last.turn_since <= last.at,
        WhoseTurn::Reviewer { .. } => false,
    }
}

fn way(begin: State, facts: &Facts) -> Vec<State> {
    let mut states = vec![begin];
    // What an undertaking begins from is live already.
    if begin != crate::publication::initial_state(facts.hosted) {
        states.insert(0, State::Published);
    }
    let mut here = begin;
    while let Some(next) = onward(here, facts) {
        states.push(next);
        if matches!(next, State::Published | State::Offline) {
            break;
        }
        here = next;
    }
    states
}

fn onward(state: State, facts: &Facts) -> Option<State> {
    let fits = |row: &&Row| row.guards.iter().filter(|guard| guard.is_fixed()).all(|g| g.check(facts, None).is_ok());
    onward_rows(state).filter(fits).find_map(|row| match row.to {
        To::Into(to) => Some(to),
        To::Unchanged | To::ByHosting => None,
    })
}

fn onward_rows(state: State) -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(move |row| ONWARD.contains(&row.action) && row.from.contains(&Place::In(state)))
}

fn stuck_without_version(facts: &Facts) -> bool {
    let reason = |action| match action {
        Action::Accept => facts.submitted.is_none(),
        Action::SubmitForApproval => facts.hosted && facts.accepted.is_none(),
        _ => false,
    };
    facts.state.and_then(moves_on).is_some_and(|(_, action)| reason(action))
}

#[cfg(test)]
mod tests;
