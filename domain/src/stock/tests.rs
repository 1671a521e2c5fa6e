use super::*;
use crate::actor::Relation;
use crate::command::Checked;
use crate::ids::{OrderId, PersonId};
use crate::role::{Role, RoleSet};
use crate::work_order::Need;
use uuid::Uuid;

const ORDER: OrderId = OrderId(Uuid::from_u128(9));

fn person(id: u128, role: Role) -> Actor {
    let relation = Relation { administers: true, contact: false, reviews: true, in_seat: true };
    Actor { person: PersonId(Uuid::from_u128(id)), roles: RoleSet::of(&[role]), relation }
}

fn at(state: StockState, listed: State) -> StockFacts {
    let order = (state == StockState::LinkInReview).then(|| OpenOrder {
        id: ORDER,
        kind: OrderKind::Link,
        initiator: PersonId(Uuid::from_u128(1)),
        initiator_able: true,
        step: 1,
        steps: 1,
        need: Need::One,
        approvals: 0,
        may_decide: 1,
        actor_decided: false,
    });
    StockFacts { version: 3, state, listed, order }
}

fn refuse(reason: &str) -> StockCommand {
    StockCommand::Refuse { order: ORDER, reason: reason.to_owned() }
}

#[test]
fn linking_is_asked_for_and_decided() {
    let link = StockCommand::Link { form: Checked::valid(0) };
    let asked = decide_stock(&at(StockState::Unlinked, State::Published), &person(1, Role::Staff), &link).unwrap();
    assert_eq!(asked.to, StockState::LinkInReview);
    assert_eq!(asked.order, OrderEffect::File { kind: OrderKind::Link, version: None });
    let approve = StockCommand::Approve { order: ORDER };
    let done =
        |listed| decide_stock(&at(StockState::LinkInReview, listed), &person(2, Role::Operator), &approve).unwrap();
    assert_eq!(done(State::Published).to, StockState::Linked);
    assert_eq!(done(State::Published).effects, [Effect::CreateLinked(State::Published), Effect::List]);
    assert_eq!(done(State::AwaitingUpgrade).effects, [Effect::CreateLinked(State::AwaitingUpgrade), Effect::List]);
    assert_eq!(done(State::AwaitingAcceptance).effects, [Effect::CreateLinked(State::AwaitingAcceptance)]);
    assert_eq!(done(State::Offline).effects, [Effect::CreateLinked(State::Offline)]);
}

#[test]
fn a_refusal_is_kept_for_the_list() {
    let facts = at(StockState::LinkInReview, State::Published);
    let operator = person(2, Role::Operator);
    let decision = decide_stock(&facts, &operator, &refuse("名称不符")).unwrap();
    assert_eq!((decision.to, decision.effects), (StockState::Unlinked, vec![Effect::RecordStockRefusal]));
    assert_eq!(decide_stock(&facts, &operator, &refuse(" ")).unwrap_err().reason, Reason::ReasonMissing);
    let withdraw = StockCommand::Withdraw { order: ORDER };
    assert_eq!(decide_stock(&facts, &person(1, Role::Staff), &withdraw).unwrap().to, StockState::Unlinked);
    assert_eq!(decide_stock(&facts, &person(3, Role::Staff), &withdraw).unwrap_err().reason, Reason::NotInitiator);
}

#[test]
fn all_else_is_refused() {
    let link = StockCommand::Link { form: Checked::valid(0) };
    let reason = |state, actor: &Actor, command: &StockCommand| {
        decide_stock(&at(state, State::Published), actor, command).unwrap_err().reason
    };
    let staff = person(1, Role::Staff);
    assert_eq!(reason(StockState::LinkInReview, &staff, &link), Reason::WrongState);
    assert_eq!(reason(StockState::Linked, &staff, &link), Reason::WrongState);
    let broken = StockCommand::Link { form: Checked { errors: 2, changed: 0 } };
    assert_eq!(reason(StockState::Unlinked, &staff, &broken), Reason::FormInvalid { errors: 2 });
    let reviewer = person(2, Role::Reviewer);
    let approve = StockCommand::Approve { order: ORDER };
    assert!(matches!(reason(StockState::LinkInReview, &reviewer, &approve), Reason::WrongRole { .. }));
    assert_eq!(reason(StockState::Unlinked, &person(2, Role::Operator), &approve), Reason::WrongState);
    assert_eq!(reason(StockState::LinkInReview, &person(1, Role::Operator), &approve), Reason::OwnOrder);
    let stale = StockCommand::Approve { order: OrderId(Uuid::nil()) };
    assert_eq!(reason(StockState::LinkInReview, &person(2, Role::Operator), &stale), Reason::OtherOrder);
}

#[test]
fn the_import_takes_eight_states_and_leaves_what_is_under_way() {
    assert_eq!(IMPORTABLE.len(), 8);
    assert!(!IMPORTABLE.contains(&State::ReleaseInReview) && !IMPORTABLE.contains(&State::Configuring));
    assert!(import_may_change(StockState::Unlinked));
    assert!(!import_may_change(StockState::LinkInReview) && !import_may_change(StockState::Linked));
}

#[test]
fn a_longer_route_of_operators_stays_in_review() {
    let mut facts = at(StockState::LinkInReview, State::Published);
    if let Some(order) = &mut facts.order {
        order.steps = 2;
    }
    let approve = StockCommand::Approve { order: ORDER };
    let decision = decide_stock(&facts, &person(2, Role::Operator), &approve).unwrap();
    assert_eq!((decision.to, decision.order), (StockState::LinkInReview, OrderEffect::Vote { step: 1, advance: true }));
    assert!(decision.effects.is_empty());
}
