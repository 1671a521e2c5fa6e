//! Random walks: whatever people do, in whatever order, some things never happen.

use super::build::{Case, OTHER, well_formed};
use super::world::{PEOPLE, World};
use crate::action::Action;
use crate::command::{Checked, Command};
use crate::decide::{Offer, actions, decide, offer};
use crate::facts::Facts;
use crate::ids::OrderId;
use crate::state::State;
use crate::stock::IMPORTABLE;
use crate::transitions::TABLE;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Step {
    Act { who: u8, action: Action, broken: bool },
    Go { pick: usize },
    Stages { well: bool },
}

fn a_step() -> impl Strategy<Value = Step> {
    let act = (0..PEOPLE, prop::sample::select(&Action::ALL[..]), prop::bool::weighted(0.1))
        .prop_map(|(who, action, broken)| Step::Act { who, action, broken });
    let well = prop::bool::weighted(0.8).prop_map(|well| Step::Stages { well });
    let go = (0_usize..1000).prop_map(|pick| Step::Go { pick });
    prop_oneof![4 => act, 6 => go, 2 => well]
}

fn a_beginning() -> impl Strategy<Value = World> {
    let fresh = prop::sample::select(&Case::ALL[..6]).prop_map(World::new);
    let linked = prop::sample::select(&IMPORTABLE[..]).prop_map(World::linked);
    prop_oneof![3 => fresh, 1 => linked]
}

/// Names the wrong thing, or leaves out what is required.
fn break_it(command: Command) -> Command {
    let form = Checked { errors: 2, changed: 0 };
    match command {
        Command::Approve { .. } => Command::Approve { order: OrderId(Uuid::nil()) },
        Command::SubmitForAcceptance { .. } => Command::SubmitForAcceptance { version: OTHER },
        Command::CompleteConfiguration { .. } => Command::CompleteConfiguration { version: OTHER },
        Command::Accept { .. } => Command::Accept { version: OTHER },
        Command::Reject { version, .. } => Command::Reject { version, reason: " ".to_owned() },
        Command::TakeOffline { .. } => Command::TakeOffline { reason: String::new() },
        Command::Refuse { order, .. } => Command::Refuse { order, reason: "\n".to_owned() },
        Command::SubmitForApproval { .. } => Command::SubmitForApproval { form },
        Command::Register { .. } => Command::Register { form },
        Command::CorrectRegistration { .. } => Command::CorrectRegistration { form },
        Command::RollBack { reason, .. } => Command::RollBack { version: OTHER, reason },
        other => other,
    }
}

fn is_consistent(facts: &Facts) -> bool {
    facts.is_consistent() || facts.state.is_none()
}

/// Who can do what now; what leads on, four times: people want to get on.
fn possible(world: &World) -> Vec<(u8, Action)> {
    let can = |who: u8, action| {
        let actor = world.actor(who);
        let facts = world.facts_for(&actor);
        well_formed(action, &facts).is_some_and(|command| decide(&facts, &actor, &command).is_ok())
    };
    let onward = [Action::SubmitForAcceptance, Action::Accept, Action::SubmitForApproval, Action::Approve];
    (0..PEOPLE)
        .flat_map(|who| Action::ALL.map(|action| (who, action)))
        .filter(|(who, action)| can(*who, *action))
        .flat_map(|found| std::iter::repeat_n(found, if onward.contains(&found.1) { 4 } else { 1 }))
        .collect()
}

/// Takes the steps and checks after each one. Gives the rows taken.
fn walk(mut world: World, steps: &[Step]) -> Result<BTreeSet<usize>, TestCaseError> {
    let mut taken = BTreeSet::new();
    for step in steps {
        match step {
            Step::Stages { well } => world.run_stages(*well),
            Step::Act { who, action, broken } => {
                menu_agrees(&world, *who)?;
                taken.extend(act(&mut world, *who, *action, *broken));
            }
            Step::Go { pick } => {
                let choices = possible(&world);
                prop_assert!(!choices.is_empty(), "nobody can do anything: {:?}", world.facts);
                let (who, action) = choices[pick % choices.len()];
                let row = act(&mut world, who, action, false);
                prop_assert!(row.is_some());
                taken.extend(row);
            }
        }
        prop_assert!(is_consistent(&world.facts), "{:?}", world.facts);
        let out = matches!(
            world.facts.state,
            Some(State::Published | State::InfoChangeInReview | State::OfflineInReview | State::UpgradeDeploying)
        );
        prop_assert!(!out || world.released, "published without somebody else's approval");
    }
    Ok(taken)
}

/// Asks, and carries out what was decided. Gives the row, or `None` if refused: then nothing changed.
fn act(world: &mut World, who: u8, action: Action, broken: bool) -> Option<usize> {
    let actor = world.actor(who);
    let facts = world.facts_for(&actor);
    let command = well_formed(action, &facts)?;
    let spoiled = if broken { break_it(command.clone()) } else { command.clone() };
    let decision = decide(&facts, &actor, &spoiled).ok()?;
    assert!(!broken || spoiled == command, "accepted, though it names the wrong thing: {spoiled:?}");
    let command = spoiled;
    world.carry_out(&decision, &actor, &command);
    TABLE.iter().position(|row| {
        row.action == action
            && row.from.iter().any(|place| facts.is_at(*place))
            && row.all_guards().all(|guard| guard.check(&facts, Some(&command)).is_ok())
    })
}

/// Possible in a menu if and only if a well-formed command is accepted; possible and disabled do not overlap.
fn menu_agrees(world: &World, who: u8) -> Result<(), TestCaseError> {
    let actor = world.actor(who);
    let facts = world.facts_for(&actor);
    for action in Action::ALL {
        let Some(command) = well_formed(action, &facts) else { continue };
        let decided = decide(&facts, &actor, &command);
        match offer(&facts, &actor, action) {
            Offer::Possible => prop_assert!(decided.is_ok(), "{action:?} {decided:?}"),
            Offer::Refused(refusal) => prop_assert_eq!(decided, Err(refusal)),
            Offer::Never => prop_assert!(decided.is_err(), "{:?}", action),
        }
    }
    let menu = actions(&facts, &actor);
    prop_assert!(menu.disabled.iter().all(|refusal| !menu.possible.contains(&refusal.action)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_forbidden_ever_happens(world in a_beginning(), steps in prop::collection::vec(a_step(), 1..150)) {
        walk(world, &steps)?;
    }
}

#[test]
fn every_row_is_taken_by_somebody() {
    let mut taken = BTreeSet::new();
    let mut dice = 20_261_124_u64;
    let mut roll = move || {
        // xorshift: enough to choose among a few.
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % 1000).unwrap()
    };
    for round in 0..60 {
        let steps: Vec<Step> =
            (0..300).flat_map(|_| [Step::Go { pick: roll() }, Step::Stages { well: true }]).collect();
        taken.extend(walk(World::new(Case::ALL[round % 6]), &steps).unwrap());
    }
    let never: Vec<_> =
        TABLE.iter().enumerate().filter(|(index, _)| !taken.contains(index)).map(|(_, row)| row).collect();
    assert!(never.is_empty(), "{never:?}");
}
