//! The points that the spec decides in prose, one story each.

use super::build::*;
use crate::action::Action;
use crate::actor::Relation;
use crate::command::{Checked, Command};
use crate::decide::{Audience, Decision, Effect, Notice, Occasion, Offer, OrderEffect, actions, decide, offer};
use crate::facts::{Facts, VersionFacts};
use crate::refusal::{Reason, Refusal, RefusalClass};
use crate::role::{Role, RoleSet};
use crate::stage::{Stage, StageSet};
use crate::state::State;
use crate::work_order::{Need, OrderKind, OrderStatus};

fn staff() -> crate::actor::Actor {
    person(SOMEBODY, Role::Staff)
}

fn does(facts: &Facts, role: Role, action: Action) -> Result<Decision, Refusal> {
    decide(facts, &person(SOMEBODY, role), &well_formed(action, facts).unwrap())
}

fn why(facts: &Facts, role: Role, action: Action) -> Reason {
    does(facts, role, action).unwrap_err().reason
}

fn told(decision: &Decision) -> Vec<(Audience, Occasion)> {
    decision.notices.iter().map(|Notice { audience, occasion }| (*audience, *occasion)).collect()
}

#[test]
fn registration_begins_where_the_hosting_table_says() {
    let begins = |case: Case| does(&case.unregistered(), Role::Staff, Action::Register).unwrap().to;
    assert_eq!(begins(Case::App), State::Preparing);
    assert_eq!(begins(Case::Both), State::Preparing);
    assert_eq!(begins(Case::GovernanceHosted), State::Preparing);
    assert_eq!(begins(Case::Web), State::AwaitingRelease);
    assert_eq!(begins(Case::GovernanceElsewhere), State::AwaitingRelease);
    assert_eq!(begins(Case::MiniProgram), State::AwaitingRelease);
    assert_eq!(why(&Case::App.at(State::Published), Role::Staff, Action::Register), Reason::WrongState);
}

#[test]
fn the_newest_version_of_the_round_is_submitted() {
    let mut facts = Case::App.at(State::Preparing);
    let submit = |facts: &Facts, version| {
        let command = Command::SubmitForAcceptance { version };
        decide(facts, &person(SOMEBODY, Role::Developer), &command).map(|decision| decision.effects)
    };
    assert_eq!(submit(&facts, NEWEST), Ok(vec![Effect::SubmitVersion(NEWEST)]));
    let reason = |facts: &Facts, version| submit(facts, version).unwrap_err().reason;
    assert_eq!(reason(&facts, OTHER), Reason::VersionNotNewest);
    facts.newest = Some(VersionFacts {
        passed: StageSet::of(&[Stage::SourceCheck, Stage::Build, Stage::LinkCheck]),
        ..version(NEWEST)
    });
    assert_eq!(reason(&facts, NEWEST), Reason::StageNotPassed { stage: Stage::DeployTest });
    facts.newest = Some(VersionFacts { in_round: false, ..version(NEWEST) });
    assert_eq!(reason(&facts, NEWEST), Reason::VersionFromBefore);
    facts.newest = None;
    assert_eq!(reason(&facts, NEWEST), Reason::NoVersion);
}

#[test]
fn after_republishing_the_version_live_last_may_be_submitted_again() {
    let offline = Case::App.at(State::Offline);
    let decision = does(&offline, Role::Staff, Action::Republish).unwrap();
    assert_eq!(decision.to, State::Preparing);
    assert_eq!(decision.effects, [Effect::BeginRound, Effect::OfferLastLive]);
    let old = VersionFacts { in_round: false, ..version(NEWEST) };
    let again = Facts { republished: true, newest: Some(old), ..Case::App.at(State::Preparing) };
    let developer = person(SOMEBODY, Role::Developer);
    let last_live = again.last_live.unwrap().id;
    assert!(decide(&again, &developer, &Command::SubmitForAcceptance { version: last_live }).is_ok());
    let refused = decide(&again, &developer, &Command::SubmitForAcceptance { version: NEWEST });
    assert_eq!(refused.unwrap_err().reason, Reason::VersionFromBefore);
    assert_eq!(offer(&again, &developer, Action::SubmitForAcceptance), Offer::Possible);
    // A newer one takes nothing away: either may be submitted.
    let both = Facts { newest: Some(version(NEWEST)), ..again };
    for version in [last_live, NEWEST] {
        assert!(decide(&both, &developer, &Command::SubmitForAcceptance { version }).is_ok());
    }
    let web = does(&Case::Web.at(State::Offline), Role::Staff, Action::Republish).unwrap();
    assert_eq!((web.to, web.effects), (State::AwaitingRelease, vec![]));
}

#[test]
fn a_linked_one_without_a_version_is_told_to_redeploy() {
    for state in
        [State::AwaitingAcceptance, State::AwaitingRelease, State::AwaitingUpgradeAcceptance, State::AwaitingUpgrade]
    {
        let facts = Facts { newest: None, submitted: None, accepted: None, ..Case::Linked.at(state) };
        let menu = actions(&facts, &staff());
        assert!(menu.possible.contains(&Action::Redeploy));
        let (_, next) = crate::turn::moves_on(state).unwrap();
        let said = menu.disabled.iter().find(|refusal| refusal.action == next).unwrap().sentence();
        assert!(said.contains("先「重新部署」"), "{said}");
        assert_eq!(crate::turn::whose_turn(&facts), crate::turn::WhoseTurn::Staff { action: Action::Redeploy });
    }
}

#[test]
fn an_upgrade_that_is_refused_stays_an_upgrade() {
    for action in [Action::Refuse, Action::Withdraw] {
        let facts = Case::App.at(State::UpgradeInReview);
        let who =
            if action == Action::Withdraw { person(INITIATOR, Role::Staff) } else { person(SOMEBODY, Role::Reviewer) };
        let decision = decide(&facts, &who, &well_formed(action, &facts).unwrap()).unwrap();
        assert_eq!(decision.to, State::AwaitingUpgrade);
        assert!(decision.effects.is_empty());
    }
}

#[test]
fn governance_passes_configuring_and_keeps_what_is_live() {
    let facts = Case::GovernanceHosted.at(State::UpgradeInReview);
    let decision = does(&facts, Role::Reviewer, Action::Approve).unwrap();
    assert_eq!(decision.to, State::Configuring);
    assert_eq!(decision.effects, [Effect::EnterConfiguring(OrderKind::Upgrade), Effect::BeginRound]);
    assert_eq!(
        told(&decision),
        [(Audience::Initiator, Occasion::OrderApproved), (Audience::Contacts, Occasion::Configuring)]
    );
    let done =
        does(&Case::GovernanceHosted.at(State::Configuring), Role::Developer, Action::CompleteConfiguration).unwrap();
    assert_eq!(done.to, State::Published);
    assert!(done.effects.contains(&Effect::MakeLive { version: Some(NEWEST), by_plan: true }));
    assert!(told(&done).contains(&(Audience::DecidingReviewers, Occasion::ConfigurationCompleted)));
    for (from, to) in [(OrderKind::Release, State::Preparing), (OrderKind::Upgrade, State::UpgradeDeploying)] {
        let facts = Facts { configuring_from: Some(from), ..Case::GovernanceHosted.at(State::Configuring) };
        let decision = does(&facts, Role::Staff, Action::Redeploy).unwrap();
        assert_eq!(decision.to, to);
        assert_eq!(decision.effects, [Effect::CancelStages, Effect::UseUpApproval, Effect::BeginRound]);
    }
}

#[test]
fn one_open_order_and_no_upgrade_beside_it() {
    let order = Some(open_order(OrderKind::Channels));
    let facts = Facts { order, ..Case::App.at(State::Published) };
    for action in
        [Action::RequestInfoChange, Action::TakeOffline, Action::ApplyForChannels, Action::RollBack, Action::Upgrade]
    {
        assert_eq!(why(&facts, Role::Staff, action), Reason::OrderOpen { kind: OrderKind::Channels }, "{action:?}");
    }
}

#[test]
fn an_unfinished_rollout_allows_only_taking_offline() {
    let facts = Facts { rollout_open: true, ..Case::App.at(State::Published) };
    for action in [Action::RequestInfoChange, Action::ApplyForChannels, Action::RollBack, Action::Upgrade] {
        assert_eq!(why(&facts, Role::Staff, action), Reason::RolloutUnfinished, "{action:?}");
    }
    assert_eq!(does(&facts, Role::Staff, Action::TakeOffline).unwrap().to, State::OfflineInReview);
    let facts = Facts { rollout_open: true, ..Case::App.at(State::OfflineInReview) };
    let decision = does(&facts, Role::Reviewer, Action::Approve).unwrap();
    assert_eq!(decision.effects, [Effect::Delist, Effect::EndFurtherChannels, Effect::StopServing, Effect::EndRollout]);
}

#[test]
fn a_linked_one_is_only_delisted_before_its_first_version_is_live() {
    let facts = Facts { last_live: None, ..Case::Linked.at(State::OfflineInReview) };
    let decision = does(&facts, Role::Reviewer, Action::Approve).unwrap();
    assert_eq!(decision.effects, [Effect::Delist, Effect::EndFurtherChannels]);
}

#[test]
fn nobody_decides_their_own_order_or_two_steps_of_one() {
    let facts = Case::App.at(State::ReleaseInReview);
    let both =
        crate::actor::Actor { roles: RoleSet::of(&[Role::Staff, Role::Reviewer]), ..person(INITIATOR, Role::Staff) };
    let approve = Command::Approve { order: ORDER };
    assert_eq!(decide(&facts, &both, &approve).unwrap_err().reason, Reason::OwnOrder);
    let mut order = open_order(OrderKind::Release);
    order.actor_decided = true;
    let again = Facts { order: Some(order), ..facts.clone() };
    assert_eq!(why(&again, Role::Reviewer, Action::Approve), Reason::AlreadyDecided);
    assert_eq!(why(&again, Role::Reviewer, Action::Refuse), Reason::AlreadyDecided);
    let mut elsewhere = person(SOMEBODY, Role::Reviewer);
    elsewhere.relation = Relation { reviews: true, ..Relation::default() };
    assert_eq!(decide(&facts, &elsewhere, &approve).unwrap_err().reason, Reason::NotYourStep { step: 2, of: 2 });
    elsewhere.relation = Relation::default();
    let unknown = decide(&facts, &elsewhere, &approve).unwrap_err();
    assert_eq!(unknown.class(), RefusalClass::NotFound, "without a seat in any step it stays unknown");
    let stale = Command::Approve { order: crate::ids::OrderId(uuid::Uuid::nil()) };
    assert_eq!(decide(&facts, &person(SOMEBODY, Role::Reviewer), &stale).unwrap_err().reason, Reason::OtherOrder);
}

#[test]
fn votes_are_counted_by_what_the_step_needs() {
    let vote = |step, need, approvals, may_decide| {
        let order = crate::facts::OpenOrder { step, need, approvals, may_decide, ..open_order(OrderKind::Release) };
        let facts = Facts { order: Some(order), ..Case::App.at(State::ReleaseInReview) };
        let decision = does(&facts, Role::Reviewer, Action::Approve).unwrap();
        (decision.order, decision.to)
    };
    let stays = |step, advance| (OrderEffect::Vote { step, advance }, State::ReleaseInReview);
    let done = (OrderEffect::Close { status: OrderStatus::Approved }, State::Published);
    assert_eq!(vote(1, Need::One, 0, 3), stays(1, true));
    assert_eq!(vote(2, Need::One, 0, 3), done);
    assert_eq!(vote(2, Need::Count(2), 0, 3), stays(2, false));
    assert_eq!(vote(2, Need::Count(2), 1, 2), done);
    assert_eq!(vote(2, Need::All, 1, 2), stays(2, false));
    assert_eq!(vote(2, Need::All, 2, 1), done);
}

#[test]
fn an_order_that_nobody_can_decide_is_marked() {
    let order = |need, approvals, may_decide| crate::facts::OpenOrder {
        need,
        approvals,
        may_decide,
        ..open_order(OrderKind::Release)
    };
    assert!(order(Need::One, 0, 0).nobody_can_decide());
    assert!(order(Need::Count(2), 0, 1).nobody_can_decide());
    assert!(!order(Need::Count(2), 1, 1).nobody_can_decide());
    assert!(!order(Need::All, 0, 1).nobody_can_decide());
}

#[test]
fn the_first_refusal_in_any_step_ends_it() {
    let mut order = open_order(OrderKind::Offline);
    order.step = 1;
    let facts = Facts { order: Some(order), ..Case::App.at(State::OfflineInReview) };
    let decision = does(&facts, Role::Reviewer, Action::Refuse).unwrap();
    assert_eq!(decision.order, OrderEffect::Close { status: OrderStatus::Refused });
    assert_eq!((decision.to, decision.effects.len()), (State::Published, 0));
    let blank = Command::Refuse { order: ORDER, reason: " \n".to_owned() };
    let refused = decide(&facts, &person(SOMEBODY, Role::Reviewer), &blank);
    assert_eq!(refused.unwrap_err().reason, Reason::ReasonMissing);
}

#[test]
fn withdrawing_is_the_initiators_until_they_can_not() {
    let facts = Case::App.at(State::InfoChangeInReview);
    let withdraw = Command::Withdraw { order: ORDER };
    assert_eq!(decide(&facts, &staff(), &withdraw).unwrap_err().reason, Reason::NotInitiator);
    let decision = decide(&facts, &person(INITIATOR, Role::Staff), &withdraw).unwrap();
    assert_eq!(decision.to, State::Published);
    assert_eq!(told(&decision), [(Audience::StepPeople, Occasion::OrderWithdrawn)]);
    let mut order = open_order(OrderKind::InfoChange);
    order.initiator_able = false;
    let gone = Facts { order: Some(order), ..facts };
    assert!(decide(&gone, &staff(), &withdraw).is_ok());
    let mut other = staff();
    other.relation.administers = false;
    assert!(matches!(decide(&gone, &other, &withdraw).unwrap_err().reason, Reason::OutOfReach { .. }));
}

#[test]
fn role_is_judged_before_reach_and_reach_before_state() {
    let facts = Case::App.at(State::Offline);
    let mut nobody = person(SOMEBODY, Role::Auditor);
    nobody.relation = Relation::default();
    let reason = |actor: &crate::actor::Actor| decide(&facts, actor, &Command::Upgrade).unwrap_err().reason;
    assert!(matches!(reason(&nobody), Reason::WrongRole { .. }));
    nobody.roles = RoleSet::of(&[Role::Staff]);
    assert!(matches!(reason(&nobody), Reason::OutOfReach { .. }));
    nobody.relation.administers = true;
    assert_eq!(reason(&nobody), Reason::WrongState);
}

#[test]
fn forms_without_a_change_or_with_errors_are_refused() {
    let facts = Case::App.at(State::Preparing);
    let correct = |form| decide(&facts, &staff(), &Command::CorrectRegistration { form }).map(|decision| decision.to);
    assert_eq!(correct(Checked::valid(2)), Ok(State::Preparing));
    assert_eq!(correct(Checked::valid(0)).unwrap_err().reason, Reason::NothingChanged);
    assert_eq!(correct(Checked { errors: 1, changed: 2 }).unwrap_err().reason, Reason::FormInvalid { errors: 1 });
    let published = Case::App.at(State::Published);
    let parts = crate::fields::Parts::default();
    let change = Command::RequestInfoChange { parts, form: Checked::valid(1) };
    assert_eq!(decide(&published, &staff(), &change).unwrap_err().reason, Reason::NoPartChosen);
}

#[test]
fn filing_names_the_kind_and_the_version() {
    let files = |facts: &Facts, action| does(facts, Role::Staff, action).unwrap().order;
    let app = |state| Case::App.at(state);
    let file = |kind, version| OrderEffect::File { kind, version };
    assert_eq!(files(&app(State::AwaitingRelease), Action::SubmitForApproval), file(OrderKind::Release, Some(NEWEST)));
    assert_eq!(files(&app(State::AwaitingUpgrade), Action::SubmitForApproval), file(OrderKind::Upgrade, Some(NEWEST)));
    assert_eq!(files(&Case::Web.at(State::AwaitingRelease), Action::SubmitForApproval), file(OrderKind::Release, None));
    assert_eq!(files(&app(State::Published), Action::RollBack), file(OrderKind::RollBack, Some(EARLIER)));
    assert_eq!(files(&app(State::Published), Action::ApplyForChannels), file(OrderKind::Channels, None));
    assert_eq!(files(&app(State::Published), Action::TakeOffline), file(OrderKind::Offline, None));
    assert_eq!(files(&app(State::Published), Action::RequestInfoChange), file(OrderKind::InfoChange, None));
}

#[test]
fn the_last_approval_of_each_kind_does_its_work() {
    let approved = |facts: &Facts| does(facts, Role::Reviewer, Action::Approve).unwrap().effects;
    let published = |kind| Facts { order: Some(open_order(kind)), ..Case::App.at(State::Published) };
    let live = |by_plan| Effect::MakeLive { version: None, by_plan };
    assert_eq!(approved(&Case::App.at(State::ReleaseInReview)), [live(true), Effect::List]);
    assert_eq!(approved(&Case::Web.at(State::ReleaseInReview)), [Effect::List]);
    assert_eq!(approved(&Case::App.at(State::UpgradeInReview)), [live(true), Effect::List]);
    assert_eq!(approved(&Case::App.at(State::InfoChangeInReview)), [Effect::ApplyInfoChange]);
    assert_eq!(approved(&published(OrderKind::Channels)), [Effect::GrantChannels]);
    assert_eq!(approved(&published(OrderKind::RollBack)), [live(false)]);
}

#[test]
fn rolling_back_goes_to_the_last_five_others() {
    let id = |n: u128| crate::ids::VersionId(uuid::Uuid::from_u128(n));
    let history = [3, 2, 3, 1, 7, 6, 5, 4].map(id);
    assert_eq!(crate::facts::rollback_candidates(&history), [2, 1, 7, 6, 5].map(id));
    assert_eq!(crate::facts::rollback_candidates(&[]), []);
}

#[test]
fn the_first_steps_people_hear_of_an_order_and_the_next_ones_when_it_is_theirs() {
    let filed = does(&Case::App.at(State::Published), Role::Staff, Action::TakeOffline).unwrap();
    assert_eq!(told(&filed), [(Audience::StepPeople, Occasion::OrderWaiting)]);
    let vote = |step, need| {
        let order = crate::facts::OpenOrder { step, need, ..open_order(OrderKind::Release) };
        told(
            &does(
                &Facts { order: Some(order), ..Case::App.at(State::ReleaseInReview) },
                Role::Reviewer,
                Action::Approve,
            )
            .unwrap(),
        )
    };
    assert_eq!(vote(1, Need::One), [(Audience::StepPeople, Occasion::OrderWaiting)]);
    assert_eq!(vote(1, Need::Count(2)), []);
    assert_eq!(
        vote(2, Need::One),
        [(Audience::Initiator, Occasion::OrderApproved), (Audience::Contacts, Occasion::Published)]
    );
}

/// Spec: "Who is told", word for word, for what is no order.
#[test]
fn who_is_told_of_what() {
    let told = |facts: &Facts, role, action| told(&does(facts, role, action).unwrap());
    let app = |state| Case::App.at(state);
    let contacts = |occasion| vec![(Audience::Contacts, occasion)];
    assert_eq!(told(&Case::App.unregistered(), Role::Staff, Action::Register), contacts(Occasion::Registered));
    assert_eq!(told(&app(State::AwaitingAcceptance), Role::Staff, Action::Reject), contacts(Occasion::Rejected));
    assert_eq!(told(&app(State::AwaitingRelease), Role::Staff, Action::Redeploy), contacts(Occasion::Redeployed));
    assert_eq!(told(&app(State::Published), Role::Staff, Action::Upgrade), contacts(Occasion::UpgradeBegun));
    assert_eq!(
        told(&app(State::UpgradeDeploying), Role::Staff, Action::CancelUpgrade),
        contacts(Occasion::UpgradeCancelled)
    );
    assert_eq!(told(&app(State::Offline), Role::Staff, Action::Republish), contacts(Occasion::Republished));
    assert_eq!(told(&Case::Web.at(State::Offline), Role::Staff, Action::Republish), []);
    assert_eq!(told(&app(State::AwaitingAcceptance), Role::Staff, Action::Accept), []);
    assert_eq!(told(&app(State::Preparing), Role::Staff, Action::CorrectRegistration), []);
    assert_eq!(
        told(&app(State::Preparing), Role::Developer, Action::SubmitForAcceptance),
        [(Audience::Administrators, Occasion::SubmittedForAcceptance)]
    );
    let offline = told(&app(State::OfflineInReview), Role::Reviewer, Action::Approve);
    assert_eq!(offline, [(Audience::Initiator, Occasion::OrderApproved), (Audience::Contacts, Occasion::Offline)]);
    let refused = told(&app(State::OfflineInReview), Role::Reviewer, Action::Refuse);
    assert_eq!(refused, [(Audience::Initiator, Occasion::OrderRefused)]);
}

#[test]
fn what_is_accepted_is_what_was_shown() {
    let facts = Case::App.at(State::AwaitingAcceptance);
    let accept = |version| decide(&facts, &staff(), &Command::Accept { version }).map(|decision| decision.effects);
    assert_eq!(accept(NEWEST), Ok(vec![Effect::AcceptVersion(NEWEST)]));
    assert_eq!(accept(OTHER).unwrap_err().reason, Reason::OtherVersionSubmitted);
    let reject = |version| decide(&facts, &staff(), &Command::Reject { version, reason: "材料不全".to_owned() });
    assert_eq!(reject(NEWEST).unwrap().effects, [Effect::RecordRejection]);
    assert_eq!(reject(OTHER).unwrap_err().reason, Reason::OtherVersionSubmitted);
    let unchecked = VersionFacts { passed: StageSet::of(&[Stage::Build]), ..version(NEWEST) };
    let facts = Facts { submitted: Some(unchecked), ..facts };
    assert_eq!(why(&facts, Role::Staff, Action::Accept), Reason::StageNotPassed { stage: Stage::LinkCheck });
}
