//! Ids are stable: the same in the database (`id()`), on the wire (serde) and back. The drawing in docs/ is fresh.
#![expect(clippy::unwrap_used, reason = "a test says so by stopping")]

use std::fmt::Debug;

use domain::fields::Audience;
use domain::{
    Action, Channel, OrderKind, OrderStatus, PublicationType, Role, RoleSet, Side, Stage, StageStatus, State,
    StockState,
};
use serde::{Serialize, de::DeserializeOwned};

fn stable<T>(all: &[T], id: impl Fn(T) -> &'static str, back: impl Fn(&str) -> Option<T>)
where
    T: Copy + PartialEq + Debug + Serialize + DeserializeOwned,
{
    for item in all {
        let text = id(*item);
        assert_eq!(serde_json::to_string(item).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<T>(&format!("\"{text}\"")).unwrap(), *item);
        assert_eq!(back(text), Some(*item));
    }
    assert_eq!(back("no_such_id"), None);
}

#[test]
fn ids_are_the_same_everywhere() {
    stable(&State::ALL, State::id, State::from_id);
    stable(&StockState::ALL, StockState::id, StockState::from_id);
    stable(&Action::ALL, Action::id, Action::from_id);
    stable(&Role::ALL, Role::id, Role::from_id);
    stable(&Side::ALL, Side::id, Side::from_id);
    stable(&Channel::ALL, Channel::id, Channel::from_id);
    stable(&PublicationType::ALL, PublicationType::id, PublicationType::from_id);
    stable(&Stage::ALL, Stage::id, Stage::from_id);
    stable(&StageStatus::ALL, StageStatus::id, StageStatus::from_id);
    stable(&OrderKind::ALL, OrderKind::id, OrderKind::from_id);
    stable(&OrderStatus::ALL, OrderStatus::id, OrderStatus::from_id);
    stable(&Audience::ALL, Audience::id, Audience::from_id);
}

#[test]
fn the_three_administrators_hold_nothing_else() {
    for one in Role::ALL {
        for other in Role::ALL {
            let separated = one == other || !(one.is_administrator() || other.is_administrator());
            assert_eq!(RoleSet::of(&[one, other]).is_separated(), separated, "{one:?} {other:?}");
        }
    }
    assert!(RoleSet::of(&[Role::Staff, Role::Reviewer, Role::Operator, Role::Developer]).is_separated());
    assert!(RoleSet::EMPTY.is_separated());
}
