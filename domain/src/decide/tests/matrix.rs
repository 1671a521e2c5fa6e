//! Every state, action, role and kind of publication: who may do what, and where it leads.

use super::build::{Case, INITIATOR, SOMEBODY, open_order, person, well_formed};
use crate::action::Action;
use crate::actor::Actor;
use crate::decide::menu::Reachable;
use crate::decide::{Offer, actions, decide, offer};
use crate::facts::Facts;
use crate::ids::PersonId;
use crate::role::{Role, RoleSet};
use crate::state::State;
use crate::words;
use crate::work_order::OrderKind;
use std::fmt::Write;

/// Facts in which everything is in order, with what the reader needs to know: in every state that such a
/// publication can get into.
fn situations(case: Case) -> Vec<(String, Facts)> {
    let mut list = Vec::new();
    let reachable = Reachable::from(&case.at(State::Published));
    for state in State::ALL.into_iter().filter(|state| reachable.has(*state)) {
        let facts = case.at(state);
        let word = words::state(state);
        match state {
            State::Configuring => {
                let upgrade = Facts { configuring_from: Some(OrderKind::Upgrade), ..facts.clone() };
                list.push((format!("{word}（来自升级）"), upgrade));
            }
            State::Published => {
                list.push((format!("{word}（渠道申请审批中）"), with_order(&facts, OrderKind::Channels, 2)));
                list.push((format!("{word}（上线计划未完）"), Facts { rollout_open: true, ..facts.clone() }));
            }
            _ => {}
        }
        if let Some(order) = facts.order {
            list.push((format!("{word}（第一步）"), with_order(&facts, order.kind, 1)));
        }
        list.push((word.to_owned(), facts));
    }
    list
}

fn with_order(facts: &Facts, kind: OrderKind, step: u8) -> Facts {
    let mut order = open_order(kind);
    order.step = step;
    Facts { order: Some(order), ..facts.clone() }
}

/// Each role; staff once as the initiator.
const PEOPLE: [(&str, PersonId, Role); 8] = [
    ("政府工作人员", SOMEBODY, Role::Staff),
    ("发起人", INITIATOR, Role::Staff),
    ("开发商", SOMEBODY, Role::Developer),
    ("审核人员", SOMEBODY, Role::Reviewer),
    ("数浙运营人员", SOMEBODY, Role::Operator),
    ("系统管理员", SOMEBODY, Role::SystemAdministrator),
    ("安全管理员", SOMEBODY, Role::SecurityAdministrator),
    ("审计员", SOMEBODY, Role::Auditor),
];

#[test]
fn who_may_do_what() {
    let mut text = String::new();
    for case in Case::ALL {
        writeln!(text, "## {}", case.name()).unwrap();
        let before = ("（无）".to_owned(), case.unregistered());
        for (word, facts) in std::iter::once(before).chain(situations(case)) {
            writeln!(text, "{word}").unwrap();
            for (name, id, role) in PEOPLE {
                let actor = person(id, role);
                let may: Vec<String> = Action::ALL
                    .into_iter()
                    .filter_map(|action| well_formed(action, &facts))
                    .filter_map(|command| decide(&facts, &actor, &command).ok())
                    .map(|decision| format!("{}→{}", words::action(decision.action), words::state(decision.to)))
                    .collect();
                if !may.is_empty() {
                    writeln!(text, "  {name}：{}", may.join("，")).unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// What each decision does to the order and besides, and who is told.
#[test]
fn what_a_decision_does() {
    let mut text = String::new();
    for case in [Case::App, Case::Web, Case::GovernanceHosted, Case::Linked] {
        writeln!(text, "## {}", case.name()).unwrap();
        let before = ("（无）".to_owned(), case.unregistered());
        for (word, facts) in std::iter::once(before).chain(situations(case)) {
            for command in Action::ALL.into_iter().filter_map(|action| well_formed(action, &facts)) {
                let all = RoleSet::of(&[Role::Staff, Role::Reviewer, Role::Developer]);
                let id = if command.action() == Action::Withdraw { INITIATOR } else { SOMEBODY };
                let actor = Actor { roles: all, ..person(id, Role::Staff) };
                let Ok(decision) = decide(&facts, &actor, &command) else { continue };
                let told: Vec<String> =
                    decision.notices.iter().map(|told| format!("{:?}:{:?}", told.audience, told.occasion)).collect();
                writeln!(text, "{word}｜{}｜{}", words::action(decision.action), told.join(" ")).unwrap();
                writeln!(text, "    {:?} {:?}", decision.order, decision.effects).unwrap();
            }
        }
    }
    insta::assert_snapshot!(text.replace("00000000-0000-0000-0000-0000000000", ""));
}

/// Roles without a business action have none, anywhere; three administrators least of all.
#[test]
fn administrators_and_operators_do_nothing_to_a_publication() {
    for case in Case::ALL {
        for (_, facts) in situations(case) {
            for role in [Role::Operator, Role::SystemAdministrator, Role::SecurityAdministrator, Role::Auditor] {
                for action in Action::ALL {
                    assert_eq!(offer(&facts, &person(SOMEBODY, role), action), Offer::Never);
                }
            }
        }
    }
}

#[test]
fn menus_by_state_and_role() {
    let mut text = String::new();
    for case in [Case::App, Case::Web, Case::GovernanceHosted] {
        for (word, facts) in situations(case) {
            for role in [Role::Staff, Role::Developer, Role::Reviewer] {
                let menu = actions(&facts, &person(SOMEBODY, role));
                if role != Role::Staff && menu.possible.is_empty() && menu.disabled.is_empty() {
                    continue;
                }
                let names: Vec<&str> = menu.possible.iter().map(|action| words::menu_item(*action)).collect();
                writeln!(text, "{}｜{word}｜{}：{} · 详情", case.name(), words::role(role), names.join(" · ")).unwrap();
                for refusal in menu.disabled {
                    writeln!(text, "    {}", refusal.sentence()).unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_not_hosted_never_sees_versions() {
    let staff = person(SOMEBODY, Role::Staff);
    for case in [Case::Web, Case::GovernanceElsewhere, Case::MiniProgram] {
        for action in [Action::Accept, Action::Redeploy, Action::Upgrade, Action::CancelUpgrade, Action::RollBack] {
            assert_eq!(offer(&case.at(State::Published), &staff, action), Offer::Never, "{case:?} {action:?}");
        }
    }
    for case in [Case::GovernanceHosted, Case::MiniProgram] {
        assert_eq!(offer(&case.at(State::Published), &staff, Action::ApplyForChannels), Offer::Never);
    }
}
