//! Every sentence that a refusal can be.

use crate::action::Action;
use crate::actor::Who;
use crate::refusal::{At, Reason, Refusal, RefusalClass};
use crate::region::RegionCode;
use crate::role::Role;
use crate::rollout::RolloutRefusal;
use crate::routing::{Step, Whose};
use crate::stage::Stage;
use crate::state::{State, StockState};
use crate::words;
use crate::work_order::{Need, OrderKind, UrgeRefusal};
use std::fmt::Write;

/// Each reason where it typically appears.
fn examples() -> Vec<(State, Action, Reason)> {
    use Action::*;
    use State::*;
    vec![
        (AwaitingAcceptance, Accept, Reason::WrongRole { needs: Who::Staff }),
        (ReleaseInReview, Approve, Reason::WrongRole { needs: Who::Reviewer }),
        (Preparing, SubmitForAcceptance, Reason::WrongRole { needs: Who::Developer }),
        (Published, TakeOffline, Reason::OutOfReach { needs: Who::Staff }),
        (Preparing, Upload, Reason::OutOfReach { needs: Who::Developer }),
        (ReleaseInReview, Approve, Reason::OtherOrder),
        (ReleaseInReview, Approve, Reason::NoOpenOrder),
        (Published, RequestInfoChange, Reason::OrderOpen { kind: OrderKind::Channels }),
        (Published, Upgrade, Reason::RolloutUnfinished),
        (ReleaseInReview, Approve, Reason::NotYourStep { step: 1, of: 2 }),
        (ReleaseInReview, Approve, Reason::OwnOrder),
        (ReleaseInReview, Refuse, Reason::AlreadyDecided),
        (ReleaseInReview, Withdraw, Reason::NotInitiator),
        (AwaitingRelease, SubmitForApproval, Reason::FormInvalid { errors: 3 }),
        (Preparing, CorrectRegistration, Reason::NothingChanged),
        (Published, RequestInfoChange, Reason::NoPartChosen),
        (AwaitingAcceptance, Reject, Reason::ReasonMissing),
        (Published, Upgrade, Reason::NotHosted),
        (Offline, Republish, Reason::IsHosted),
        (Published, ApplyForChannels, Reason::NotServiceSide),
        (UpgradeInReview, Approve, Reason::OtherKind),
        (Preparing, SubmitForAcceptance, Reason::NoVersion),
        (Preparing, SubmitForAcceptance, Reason::VersionFromBefore),
        (Configuring, CompleteConfiguration, Reason::VersionNotNewest),
        (Preparing, SubmitForAcceptance, Reason::StageNotPassed { stage: Stage::LinkCheck }),
        (AwaitingAcceptance, Accept, Reason::StageNotPassed { stage: Stage::Build }),
        (AwaitingAcceptance, Accept, Reason::NoSubmittedVersion),
        (AwaitingAcceptance, Accept, Reason::OtherVersionSubmitted),
        (AwaitingRelease, SubmitForApproval, Reason::NoAcceptedVersion),
        (Configuring, Redeploy, Reason::ApprovalUnknown),
        (Published, ApplyForChannels, Reason::NoFurtherChannel),
        (Published, ApplyForChannels, Reason::ChannelNotOpen),
        (Published, RollBack, Reason::NoEarlierVersion),
        (Published, RollBack, Reason::NotAnEarlierVersion),
        (ReleaseInReview, Approve, Reason::OutOfReach { needs: Who::Reviewer }),
        (AwaitingRelease, SubmitForApproval, Reason::NoRoute),
        (AwaitingRelease, SubmitForApproval, Reason::NobodyForStep { step: province() }),
        (ReleaseInReview, Approve, Reason::OtherBundle),
    ]
}

fn province() -> Step {
    Step { role: Role::Reviewer, whose: Whose::Region(RegionCode::PROVINCE), need: Need::Count(2) }
}

#[test]
fn all_refusals() {
    let mut text = String::new();
    for (state, action, reason) in examples() {
        let refusal = Refusal { at: At::Publication(Some(state)), action, reason };
        writeln!(text, "{}", refusal.sentence()).unwrap();
        let said = refusal.sentence();
        assert!(said.contains(words::state(state)) && said.contains(words::action(action)), "{said}");
    }
    writeln!(text, "\n# 状态不对").unwrap();
    for state in [None].into_iter().chain(State::ALL.map(Some)) {
        let action = if state == Some(State::Preparing) { Action::Accept } else { Action::Upload };
        let refusal = Refusal { at: At::Publication(state), action, reason: Reason::WrongState };
        writeln!(text, "{}", refusal.sentence()).unwrap();
    }
    for action in Action::ALL.into_iter().filter(|action| *action != Action::Link) {
        let refusal = Refusal { at: At::Publication(Some(State::Offline)), action, reason: Reason::WrongState };
        writeln!(text, "{}", refusal.sentence()).unwrap();
    }
    writeln!(text, "\n# 存量关联、催办、上线计划").unwrap();
    for (state, action, reason) in [
        (StockState::Linked, Action::Link, Reason::WrongState),
        (StockState::LinkInReview, Action::Approve, Reason::WrongRole { needs: Who::Operator }),
        (StockState::Unlinked, Action::Refuse, Reason::WrongState),
        (StockState::Unlinked, Action::Link, Reason::OrderOpen { kind: OrderKind::Link }),
    ] {
        writeln!(text, "{}", Refusal { at: At::Stock(state), action, reason }.sentence()).unwrap();
    }
    for refusal in [
        UrgeRefusal::NotInReview,
        UrgeRefusal::NotInitiator,
        UrgeRefusal::TooSoon { wait_ms: 1 },
        UrgeRefusal::TooSoon { wait_ms: 480_000 },
    ] {
        writeln!(text, "{}", words::urge_refusal(refusal)).unwrap();
    }
    for refusal in [
        RolloutRefusal::Person(Reason::WrongRole { needs: Who::Staff }),
        RolloutRefusal::Person(Reason::OutOfReach { needs: Who::Staff }),
        RolloutRefusal::Finished,
        RolloutRefusal::Paused,
        RolloutRefusal::NotPaused,
        RolloutRefusal::Started,
        RolloutRefusal::NoSuchBatch,
    ] {
        writeln!(text, "{}", words::rollout_refusal(&refusal)).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn role_answers_403_and_reach_404() {
    let class = |reason| Refusal { at: At::Publication(None), action: Action::Accept, reason }.class();
    assert_eq!(class(Reason::WrongRole { needs: Who::Staff }), RefusalClass::Forbidden);
    assert_eq!(class(Reason::OutOfReach { needs: Who::Staff }), RefusalClass::NotFound);
    assert_eq!(class(Reason::WrongState), RefusalClass::Refused);
}

#[test]
fn a_refusal_crosses_the_wire() {
    for (state, action, reason) in examples() {
        let refusal = Refusal { at: At::Publication(Some(state)), action, reason };
        let text = serde_json::to_string(&refusal).unwrap();
        assert_eq!(serde_json::from_str::<Refusal>(&text).unwrap(), refusal);
    }
}
