//! A small engine in memory: it carries decisions out on the facts, as the real one does in SQL.

use super::build::{CHANNEL, Case};
use crate::actor::{Actor, Relation};
use crate::command::Command;
use crate::decide::{Decision, Effect, OrderEffect};
use crate::facts::{Facts, OpenOrder, VersionFacts, rollback_candidates};
use crate::ids::{FurtherChannelId, OrderId, PersonId, VersionId};
use crate::role::{Role, RoleSet};
use crate::stage::{Stage, StageSet};
use crate::state::State;
use crate::version::VersionNumber;
use crate::work_order::{Need, OrderKind, OrderStatus};
use uuid::Uuid;

/// Two staff, a developer, three reviewers; the first staff member reviews, too.
pub(super) const PEOPLE: u8 = 6;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct World {
    pub(super) facts: Facts,
    order_version: Option<VersionId>,
    voters: Vec<PersonId>,
    live: Vec<VersionId>,
    requested_channels: Vec<FurtherChannelId>,
    /// Somebody other than the initiator approved the release that is out, or it came linked.
    pub(super) released: bool,
    ids: u128,
}

impl World {
    pub(super) fn new(case: Case) -> World {
        let mut facts = case.unregistered();
        facts.further_channels = vec![CHANNEL];
        let (order_version, voters, live) = (None, Vec::new(), Vec::new());
        World { facts, order_version, voters, live, requested_channels: Vec::new(), released: false, ids: 1000 }
    }

    /// A stock application that was linked in this state.
    pub(super) fn linked(state: State) -> World {
        let mut world = World::new(Case::Linked);
        world.facts.state = Some(state);
        world.released = true;
        world
    }

    fn next_id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub(super) fn actor(&self, who: u8) -> Actor {
        let person = PersonId(Uuid::from_u128(u128::from(who) + 1));
        let roles: &[Role] = match who {
            0 => &[Role::Staff, Role::Reviewer],
            1 => &[Role::Staff],
            2 => &[Role::Developer],
            _ => &[Role::Reviewer],
        };
        let in_seat = self.facts.order.is_some_and(|order| seat(order.step).contains(&who));
        let relation =
            Relation { administers: who < 2, contact: who == 2, reviews: roles.contains(&Role::Reviewer), in_seat };
        Actor { person, roles: RoleSet::of(roles), relation }
    }

    /// The facts as the engine reads them for this person.
    pub(super) fn facts_for(&self, actor: &Actor) -> Facts {
        let mut facts = self.facts.clone();
        if let Some(order) = &mut facts.order {
            order.actor_decided = self.voters.contains(&actor.person);
            let may = |who: &&u8| {
                let person = PersonId(Uuid::from_u128(u128::from(**who) + 1));
                person != order.initiator && !self.voters.contains(&person)
            };
            order.may_decide = u16::try_from(seat(order.step).iter().filter(may).count()).unwrap();
        }
        facts
    }

    /// The pipeline: stages of the newest version end, well or not.
    pub(super) fn run_stages(&mut self, well: bool) {
        let passed = if well { StageSet::ALL } else { StageSet::of(&[Stage::SourceCheck]) };
        if let Some(newest) = &mut self.facts.newest {
            newest.passed = passed;
        }
    }

    pub(super) fn carry_out(&mut self, decision: &Decision, actor: &Actor, command: &Command) {
        assert_eq!(decision.expects, self.facts.version);
        assert_eq!(decision.from, self.facts.state);
        self.carry_out_order(decision.order, actor);
        self.facts.state = Some(decision.to);
        self.facts.version += 1;
        if let Command::ApplyForChannels { channels } = command {
            self.requested_channels.clone_from(channels);
        }
        for effect in &decision.effects {
            self.carry_out_effect(effect);
        }
        if decision.to == State::Offline {
            self.released = false;
        }
    }

    fn carry_out_order(&mut self, order: OrderEffect, actor: &Actor) {
        match order {
            OrderEffect::None => {}
            OrderEffect::File { kind, version } => {
                assert_eq!(self.facts.order, None, "at most one open order");
                self.order_version = version;
                self.voters.clear();
                self.facts.order = Some(OpenOrder {
                    id: OrderId(self.next_id()),
                    kind,
                    initiator: actor.person,
                    initiator_able: true,
                    step: 1,
                    steps: if kind == OrderKind::InfoChange { 1 } else { 2 },
                    need: if kind == OrderKind::Offline { Need::All } else { Need::One },
                    approvals: 0,
                    may_decide: 0,
                    actor_decided: false,
                });
            }
            OrderEffect::Vote { step, advance } => {
                let open = self.facts.order.as_mut().unwrap();
                assert_eq!(open.step, step);
                assert_ne!(open.initiator, actor.person);
                self.voters.push(actor.person);
                (open.step, open.approvals) = if advance { (step + 1, 0) } else { (step, open.approvals + 1) };
            }
            OrderEffect::Close { status } => {
                let open = self.facts.order.take().unwrap();
                if status == OrderStatus::Approved {
                    assert_ne!(open.initiator, actor.person);
                    self.released |= open.kind == OrderKind::Release;
                }
            }
        }
    }

    fn carry_out_effect(&mut self, effect: &Effect) {
        let facts = &mut self.facts;
        match effect {
            Effect::TakeUpload => {
                let id = VersionId(self.next_id());
                let number = VersionNumber::new(1, 0, u32::try_from(self.ids).unwrap());
                let passed = StageSet::default();
                self.facts.newest = Some(VersionFacts { id, number, in_round: true, passed });
            }
            Effect::BeginRound => {
                for version in [&mut facts.newest, &mut facts.last_live].into_iter().flatten() {
                    version.in_round = false;
                }
                facts.submitted = None;
                facts.accepted = None;
                facts.republished = false;
            }
            Effect::OfferLastLive => facts.republished = true,
            Effect::SubmitVersion(id) => {
                facts.submitted = [facts.newest, facts.last_live].into_iter().flatten().find(|found| found.id == *id);
                assert!(facts.submitted.is_some());
            }
            Effect::AcceptVersion(id) => facts.accepted = Some(*id),
            Effect::EnterConfiguring(kind) => facts.configuring_from = Some(*kind),
            Effect::UseUpApproval => facts.configuring_from = None,
            Effect::MakeLive { version, .. } => self.make_live(version.or(self.order_version).unwrap()),
            Effect::GrantChannels => {
                let granted = &self.requested_channels;
                facts.further_channels.retain(|channel| !granted.contains(channel));
            }
            Effect::EndFurtherChannels => facts.further_channels = vec![CHANNEL],
            Effect::EndRollout => facts.rollout_open = false,
            Effect::WriteRegistration
            | Effect::ApplyCorrection
            | Effect::CancelStages
            | Effect::DropUnfinished
            | Effect::RecordRejection
            | Effect::RecordDifference
            | Effect::List
            | Effect::ApplyInfoChange
            | Effect::Delist
            | Effect::StopServing => {}
            Effect::CreateLinked(_) | Effect::RecordStockRefusal => panic!("of a stock application"),
        }
    }

    fn make_live(&mut self, id: VersionId) {
        let number = VersionNumber::new(1, 0, 0);
        self.facts.last_live = Some(VersionFacts { id, number, in_round: true, passed: StageSet::ALL });
        self.live.insert(0, id);
        self.facts.rollback = rollback_candidates(&self.live);
    }
}

/// The seat of a step: the reviewing staff member and one reviewer, then two reviewers.
fn seat(step: u8) -> &'static [u8] {
    match step {
        1 => &[0, 3],
        _ => &[3, 4, 5],
    }
}
