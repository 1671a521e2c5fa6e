use super::*;
use crate::publication::{Channel, ChannelSet, PublicationType, Side};
use crate::words;
use std::fmt::Write;

fn facts(side: Side, hosted: bool, state: State) -> Facts {
    let channel = if side == Side::Service { Channel::ZheliApp } else { Channel::Zhezhengding };
    let kind = if side == Side::Service && !hosted { PublicationType::Pc } else { PublicationType::H5 };
    Facts { state: Some(state), ..Facts::unregistered(side, ChannelSet::of(&[channel]), kind, hosted) }
}

#[test]
fn the_tone_says_who_must_move() {
    let tones: Vec<(State, Tone)> = State::ALL.into_iter().map(|state| (state, tone(state))).collect();
    let expected = [
        (State::Preparing, Tone::Developer),
        (State::AwaitingAcceptance, Tone::Staff),
        (State::AwaitingRelease, Tone::Staff),
        (State::ReleaseInReview, Tone::Reviewer),
        (State::Configuring, Tone::Developer),
        (State::Published, Tone::Live),
        (State::InfoChangeInReview, Tone::Reviewer),
        (State::UpgradeDeploying, Tone::Developer),
        (State::AwaitingUpgradeAcceptance, Tone::Staff),
        (State::AwaitingUpgrade, Tone::Staff),
        (State::UpgradeInReview, Tone::Reviewer),
        (State::OfflineInReview, Tone::Reviewer),
        (State::Offline, Tone::Offline),
    ];
    assert_eq!(tones, expected);
}

#[test]
fn the_line_says_you_are_here() {
    let mut text = String::new();
    for (side, hosted) in [(Side::Service, true), (Side::Service, false), (Side::Governance, true)] {
        writeln!(text, "## {} {}", words::side(side), if hosted { "托管" } else { "不托管" }).unwrap();
        for state in State::ALL {
            for from in [None, Some(OrderKind::Upgrade)] {
                let configuring = state == State::Configuring;
                if from.is_some() && !configuring {
                    continue;
                }
                let line = line(&Facts { configuring_from: from, ..facts(side, hosted, state) });
                let steps: Vec<String> = line
                    .iter()
                    .map(|step| match step.mark {
                        Mark::Here => format!("【{}】", words::state(step.state)),
                        Mark::Behind => format!("✓{}", words::state(step.state)),
                        Mark::Ahead => words::state(step.state).to_owned(),
                    })
                    .collect();
                writeln!(text, "{}", steps.join(" → ")).unwrap();
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_refusal_counts_until_the_request_is_made_again_or_something_else_is_begun() {
    let (at, later) = (UtcMillis(5), UtcMillis(6));
    let of = |state, kind, turn_since, begun| {
        comes_from_refusal(&facts(Side::Service, true, state), LastRefusal { kind, at, turn_since, begun })
    };
    let counts = |state, kind, turn_since| of(state, kind, turn_since, None);
    for (state, kind) in [
        (State::AwaitingRelease, OrderKind::Release),
        (State::Preparing, OrderKind::Release),
        (State::AwaitingUpgrade, OrderKind::Upgrade),
        (State::UpgradeDeploying, OrderKind::Upgrade),
    ] {
        assert!(counts(state, kind, at) && counts(state, kind, later), "{state:?}");
    }
    assert!(of(State::UpgradeDeploying, OrderKind::Upgrade, later, Some(at)), "it is the upgrade that was refused");
    for state in [State::UpgradeDeploying, State::AwaitingUpgradeAcceptance, State::AwaitingUpgrade] {
        assert!(!of(state, OrderKind::Upgrade, later, Some(later)), "{state:?}: it was given up, this is another");
    }
    assert!(!counts(State::UpgradeDeploying, OrderKind::InfoChange, later), "something else is under way");
    assert!(counts(State::Published, OrderKind::Offline, at));
    assert!(!counts(State::Published, OrderKind::Upgrade, later), "the upgrade was given up");
    let mut again = facts(Side::Service, true, State::ReleaseInReview);
    again.order = Some(open_order(OrderKind::Release));
    let last = LastRefusal { kind: OrderKind::Release, at, turn_since: at, begun: None };
    assert!(!comes_from_refusal(&again, last), "it is the reviewers' turn again");
}

#[test]
fn an_open_order_is_the_reviewers_turn() {
    let hosted = facts(Side::Service, true, State::Preparing);
    assert_eq!(whose_turn(&hosted), WhoseTurn::Developer { action: Action::SubmitForAcceptance });
    let mut facts = facts(Side::Service, true, State::Published);
    assert_eq!(whose_turn(&facts), WhoseTurn::Nobody);
    facts.order = Some(open_order(OrderKind::Channels));
    assert_eq!(whose_turn(&facts), WhoseTurn::Reviewer { step: 1, of: 2 });
}

fn open_order(kind: OrderKind) -> crate::facts::OpenOrder {
    crate::facts::OpenOrder {
        id: crate::ids::OrderId(uuid::Uuid::nil()),
        kind,
        initiator: crate::ids::PersonId(uuid::Uuid::nil()),
        initiator_able: true,
        step: 1,
        steps: 2,
        need: crate::work_order::Need::One,
        approvals: 0,
        may_decide: 1,
        actor_decided: false,
    }
}
