//! Facts, people and commands with good defaults.

use crate::action::Action;
use crate::actor::{Actor, Relation};
use crate::command::{Checked, Command};
use crate::facts::{Facts, OpenOrder, VersionFacts};
use crate::fields::Parts;
use crate::ids::{FurtherChannelId, OrderId, PersonId, VersionId};
use crate::publication::{Channel, ChannelSet, PublicationType, Side};
use crate::role::{Role, RoleSet};
use crate::stage::StageSet;
use crate::state::State;
use crate::version::VersionNumber;
use crate::work_order::{Need, OrderKind};
use uuid::Uuid;

pub(super) const INITIATOR: PersonId = PersonId(Uuid::from_u128(1));
pub(super) const SOMEBODY: PersonId = PersonId(Uuid::from_u128(2));
pub(super) const ORDER: OrderId = OrderId(Uuid::from_u128(100));
pub(super) const NEWEST: VersionId = VersionId(Uuid::from_u128(200));
pub(super) const EARLIER: VersionId = VersionId(Uuid::from_u128(201));
pub(super) const OTHER: VersionId = VersionId(Uuid::from_u128(299));
pub(super) const CHANNEL: FurtherChannelId = FurtherChannelId(Uuid::from_u128(300));

/// The hosting table, one case a row, and what is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    App,
    Web,
    Both,
    GovernanceHosted,
    GovernanceElsewhere,
    MiniProgram,
    Linked,
}

impl Case {
    pub(super) const ALL: [Case; 7] = [
        Case::App,
        Case::Web,
        Case::Both,
        Case::GovernanceHosted,
        Case::GovernanceElsewhere,
        Case::MiniProgram,
        Case::Linked,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Case::App => "服务侧 浙里办APP",
            Case::Web => "服务侧 政务服务网",
            Case::Both => "服务侧 两端",
            Case::GovernanceHosted => "治理侧 H5 托管",
            Case::GovernanceElsewhere => "治理侧 H5 不托管",
            Case::MiniProgram => "治理侧 小程序",
            Case::Linked => "存量关联",
        }
    }

    pub(super) fn unregistered(self) -> Facts {
        use Channel::{ServiceWeb, ZheliApp, Zhezhengding};
        let (side, channels, kind, hosted): (_, &[Channel], _, _) = match self {
            Case::App | Case::Linked => (Side::Service, &[ZheliApp], PublicationType::H5, true),
            Case::Web => (Side::Service, &[ServiceWeb], PublicationType::Pc, false),
            Case::Both => (Side::Service, &[ZheliApp, ServiceWeb], PublicationType::H5, true),
            Case::GovernanceHosted => (Side::Governance, &[Zhezhengding], PublicationType::H5, true),
            Case::GovernanceElsewhere => (Side::Governance, &[Zhezhengding], PublicationType::H5, false),
            Case::MiniProgram => (Side::Governance, &[Zhezhengding], PublicationType::MiniProgram, false),
        };
        let mut facts = Facts::unregistered(side, ChannelSet::of(channels), kind, hosted);
        facts.linked = self == Case::Linked;
        facts
    }

    /// In this state, with everything a guard could ask for.
    pub(super) fn at(self, state: State) -> Facts {
        let mut facts = self.unregistered();
        facts.version = 7;
        facts.state = Some(state);
        facts.order = order_kind(state).map(open_order);
        facts.configuring_from = (state == State::Configuring).then_some(OrderKind::Release);
        facts.further_channels = vec![CHANNEL];
        if facts.hosted {
            facts.newest = Some(version(NEWEST));
            facts.submitted = Some(version(NEWEST));
            facts.accepted = Some(NEWEST);
            facts.last_live = Some(version(OTHER));
            facts.rollback = vec![EARLIER];
        }
        facts
    }
}

/// The kind of the order that a state in review has.
pub(super) fn order_kind(state: State) -> Option<OrderKind> {
    match state {
        State::ReleaseInReview => Some(OrderKind::Release),
        State::UpgradeInReview => Some(OrderKind::Upgrade),
        State::InfoChangeInReview => Some(OrderKind::InfoChange),
        State::OfflineInReview => Some(OrderKind::Offline),
        _ => None,
    }
}

/// At its last step, one vote short.
pub(super) fn open_order(kind: OrderKind) -> OpenOrder {
    OpenOrder {
        id: ORDER,
        kind,
        initiator: INITIATOR,
        initiator_able: true,
        step: 2,
        steps: 2,
        need: Need::One,
        approvals: 0,
        may_decide: 2,
        actor_decided: false,
    }
}

/// Checked, and deployed to test.
pub(super) fn version(id: VersionId) -> VersionFacts {
    VersionFacts { id, number: VersionNumber::new(1, 0, 0), in_round: true, passed: StageSet::ALL }
}

pub(super) fn person(person: PersonId, role: Role) -> Actor {
    let relation = Relation { administers: true, contact: true, reviews: true, in_seat: true };
    Actor { person, roles: RoleSet::of(&[role]), relation }
}

/// A command that asks for what the facts allow.
pub(super) fn well_formed(action: Action, facts: &Facts) -> Option<Command> {
    let form = Checked::valid(1);
    let order = facts.order.map_or(ORDER, |order| order.id);
    let reason = || "材料不全".to_owned();
    Some(match action {
        Action::Register => Command::Register { form },
        Action::CorrectRegistration => Command::CorrectRegistration { form },
        Action::Upload => Command::Upload,
        Action::SubmitForAcceptance => Command::SubmitForAcceptance { version: submittable(facts) },
        Action::Accept => Command::Accept { version: facts.submitted.map_or(OTHER, |version| version.id) },
        Action::Reject => {
            Command::Reject { version: facts.submitted.map_or(OTHER, |version| version.id), reason: reason() }
        }
        Action::Redeploy => Command::Redeploy,
        Action::SubmitForApproval => Command::SubmitForApproval { form },
        Action::Approve => Command::Approve { order },
        Action::Refuse => Command::Refuse { order, reason: reason() },
        Action::Withdraw => Command::Withdraw { order },
        Action::CompleteConfiguration => Command::CompleteConfiguration { version: submittable(facts) },
        Action::RequestInfoChange => Command::RequestInfoChange { parts: Parts::BOTH, form },
        Action::Upgrade => Command::Upgrade,
        Action::CancelUpgrade => Command::CancelUpgrade,
        Action::TakeOffline => Command::TakeOffline { reason: reason() },
        Action::Republish => Command::Republish,
        Action::ApplyForChannels => Command::ApplyForChannels { channels: facts.further_channels.clone() },
        Action::RollBack => {
            Command::RollBack { version: facts.rollback.first().copied().unwrap_or(OTHER), reason: reason() }
        }
        Action::Link => return None,
    })
}

fn submittable(facts: &Facts) -> VersionId {
    let newest = facts.newest.filter(|version| version.in_round && version.passed == StageSet::ALL);
    let again = facts.last_live.filter(|_| facts.republished);
    newest.or(again).or(facts.newest).map_or(OTHER, |version| version.id)
}
