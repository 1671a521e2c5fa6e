//! The 更多 menu, and what the workbench and the order page offer. Spec: The 更多 menu.

use super::permit;
use crate::action::Action;
use crate::actor::Actor;
use crate::facts::Facts;
use crate::refusal::{At, Refusal};
use crate::state::State;
use crate::transitions::{Place, Row, TABLE, To};
use serde::{Deserialize, Serialize};

/// The 更多 menu of one publication for one person: what is possible, and under the divider what this
/// person could do in another state, with the reasons. What they may never do is absent.
///
/// "Possible" means that [`super::decide`] accepts a well-formed command. The server decides again.
pub fn actions(facts: &Facts, actor: &Actor) -> Menu {
    let mut menu = Menu { possible: Vec::new(), disabled: Vec::new(), details: true };
    let reachable = Reachable::from(facts);
    for action in Action::MENU {
        match offer_within(facts, actor, action, reachable) {
            Offer::Possible => menu.possible.push(action),
            Offer::Refused(refusal) => menu.disabled.push(refusal),
            Offer::Never => {}
        }
    }
    menu
}

/// The menu, each part in the order of the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// What can be done now.
    pub possible: Vec<Action>,
    /// What can not be done now, with why.
    pub disabled: Vec<Refusal>,
    /// 详情: always there.
    pub details: bool,
}

/// One action for one person, now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// It can be done.
    Possible,
    /// Not now: shown disabled, with the reason.
    Refused(Refusal),
    /// Not by this person, or not with this kind of publication, in any state: not shown.
    Never,
}

/// Judges one action, as a menu, the workbench ([`Action::WORKBENCH`]) or the page of an order
/// ([`Action::ORDER`]) shows it.
pub fn offer(facts: &Facts, actor: &Actor, action: Action) -> Offer {
    offer_within(facts, actor, action, Reachable::from(facts))
}

fn offer_within(facts: &Facts, actor: &Actor, action: Action, reachable: Reachable) -> Offer {
    let within = permit::who_may(action).is_some_and(|who| who.reaches(actor).is_ok());
    if !within || !reachable.ever(facts, action) {
        return Offer::Never;
    }
    match permit::row_for(facts, actor, action, None) {
        Ok(_) => Offer::Possible,
        Err(reason) => Offer::Refused(Refusal { at: At::Publication(facts.state), action, reason }),
    }
}

/// All states that can follow the present one, itself included: a bit a state. Asked once a menu, and
/// there is a menu on every row of a list.
#[derive(Clone, Copy)]
pub(super) struct Reachable(u16);

impl Reachable {
    pub(super) fn from(facts: &Facts) -> Reachable {
        let mut reachable = Reachable(facts.state.map_or(0, bit));
        loop {
            let before = reachable.0;
            for row in TABLE {
                if let To::Into(to) = row.to
                    && !reachable.has(to)
                    && reachable.begins(row, facts)
                    && open_row(row, facts)
                {
                    reachable.0 |= bit(to);
                }
            }
            if reachable.0 == before {
                return reachable;
            }
        }
    }

    pub(super) const fn has(self, state: State) -> bool {
        self.0 & bit(state) != 0
    }

    /// Whether one of the states has a row for the action whose fixed guards hold: a publication that is
    /// not hosted never sees 版本升级.
    fn ever(self, facts: &Facts, action: Action) -> bool {
        TABLE.iter().any(|row| row.action == action && self.begins(row, facts) && open_row(row, facts))
    }

    fn begins(self, row: &Row, facts: &Facts) -> bool {
        row.from.iter().any(|place| match place {
            Place::Nowhere => facts.state.is_none(),
            Place::In(state) | Place::OrderOpen(state) => self.has(*state),
        })
    }
}

const fn bit(state: State) -> u16 {
    1 << state as u16
}

fn open_row(row: &Row, facts: &Facts) -> bool {
    row.guards.iter().filter(|guard| guard.is_fixed()).all(|guard| guard.check(facts, None).is_ok())
}
