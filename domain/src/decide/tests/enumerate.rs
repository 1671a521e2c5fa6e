//! The facts are finite: all of them.

use super::build::{CHANNEL, Case, EARLIER, NEWEST, open_order, version};
use crate::action::Action;
use crate::facts::{Facts, VersionFacts};
use crate::stage::{Stage, StageSet};
use crate::state::State;
use crate::transitions::{Row, TABLE, To};
use crate::work_order::OrderKind;

/// All combinations of what a guard reads.
fn all_facts(mut visit: impl FnMut(&Facts)) {
    for case in Case::ALL {
        let states = std::iter::once(None).chain(State::ALL.into_iter().map(Some));
        for state in states {
            let mut facts = case.unregistered();
            facts.state = state;
            for order in orders() {
                facts.order = order;
                for newest in versions() {
                    facts.newest = newest;
                    for submitted in [None, Some(version(NEWEST))] {
                        facts.submitted = submitted;
                        for bits in 0..64_u32 {
                            let is = |bit: u32| bits & (1 << bit) != 0;
                            facts.accepted = is(0).then_some(NEWEST);
                            facts.last_live = is(1).then(|| version(EARLIER));
                            facts.republished = is(1) && is(2);
                            facts.configuring_from =
                                is(3).then_some(if is(2) { OrderKind::Upgrade } else { OrderKind::Release });
                            facts.rollback = if is(4) { vec![EARLIER] } else { Vec::new() };
                            facts.further_channels = if is(4) { vec![CHANNEL] } else { Vec::new() };
                            facts.rollout_open = is(5);
                            visit(&facts);
                        }
                    }
                }
            }
        }
    }
}

fn orders() -> Vec<Option<crate::facts::OpenOrder>> {
    let mut orders = vec![None];
    for kind in OrderKind::ALL {
        for step in [1, 2] {
            let mut order = open_order(kind);
            order.step = step;
            orders.push(Some(order));
        }
    }
    orders
}

fn versions() -> [Option<VersionFacts>; 4] {
    let ready = version(NEWEST);
    let unchecked = VersionFacts { passed: StageSet::of(&[Stage::SourceCheck]), ..ready };
    let old = VersionFacts { in_round: false, ..ready };
    [None, Some(unchecked), Some(old), Some(ready)]
}

fn applies(row: &Row, facts: &Facts) -> bool {
    row.from.iter().any(|place| facts.is_at(*place)) && row.all_guards().all(|guard| guard.check(facts, None).is_ok())
}

#[test]
fn at_most_one_row_applies_and_every_row_does_sometimes() {
    let mut taken = vec![false; TABLE.len()];
    all_facts(|facts| {
        let mut by_action = [0_u8; Action::ALL.len()];
        for (index, row) in TABLE.iter().enumerate() {
            if applies(row, facts) {
                by_action[row.action as usize] += 1;
                assert_eq!(by_action[row.action as usize], 1, "{:?} twice in {facts:?}", row.action);
                taken[index] |= facts.is_consistent();
            }
        }
    });
    let never: Vec<&Row> = TABLE.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(row, _)| row).collect();
    assert!(never.is_empty(), "rows that no consistent facts take: {never:?}");
}

#[test]
fn every_state_is_reached_and_left() {
    for state in State::ALL {
        let reached = TABLE
            .iter()
            .any(|row| row.to == To::Into(state) && !row.from.iter().all(|place| Case::App.at(state).is_at(*place)));
        assert!(reached, "{state:?} is reached");
        let left = TABLE.iter().any(|row| {
            row.from.contains(&crate::transitions::Place::In(state))
                && row.to != To::Into(state)
                && row.to != To::Unchanged
        });
        assert!(left, "{state:?} can be left");
    }
}

#[test]
fn an_action_is_one_persons() {
    for row in TABLE {
        let others = TABLE.iter().filter(|other| other.action == row.action);
        assert!(others.into_iter().all(|other| other.who == row.who), "{:?}", row.action);
    }
}

#[test]
fn every_action_is_in_a_table() {
    for action in Action::ALL.into_iter().filter(|action| *action != Action::Link) {
        assert!(TABLE.iter().any(|row| row.action == action), "{action:?}");
    }
}
