//! 发布方式: the plan by which an approved version goes live, site by site. packages.md, "When an approved
//! version goes live". The state is 已发布 all along; until the plan is finished only these actions and
//! 下线 are possible ([`crate::guard::Guard::RolloutFinished`]).

use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Who};
use crate::refusal::Reason;
use crate::state::State;
use crate::time::UtcMillis;

/// Decides a step of the plan by a person.
///
/// # Errors
/// [`RolloutRefusal`], which has a sentence in [`crate::words`].
pub fn steer(plan: &Plan, actor: &Actor, action: RolloutAction) -> Result<RolloutEffect, RolloutRefusal> {
    Who::Staff.reaches(actor).map_err(RolloutRefusal::Person)?;
    if plan.is_finished() {
        return Err(RolloutRefusal::Finished);
    }
    match action {
        RolloutAction::Pause if plan.paused => Err(RolloutRefusal::Paused),
        RolloutAction::Pause => Ok(RolloutEffect::Pause),
        RolloutAction::Resume if plan.paused => Ok(RolloutEffect::Resume),
        RolloutAction::Resume => Err(RolloutRefusal::NotPaused),
        RolloutAction::ReturnToOld => Ok(RolloutEffect::ReturnToOld),
        RolloutAction::StartBatch { .. } if plan.paused => Err(RolloutRefusal::Paused),
        RolloutAction::StartBatch { batch } => match plan.batches.get(usize::from(batch)) {
            Some(found) if found.started => Err(RolloutRefusal::Started),
            Some(_) => Ok(RolloutEffect::Start { batch }),
            None => Err(RolloutRefusal::NoSuchBatch),
        },
    }
}

/// Whether a plan goes on in this state: while it is 已发布, until 下线 is decided. (A process from before there were plans ends none.)
pub fn goes_on(state: Option<State>) -> bool {
    matches!(state, Some(State::Published | State::OfflineInReview))
}

/// A plan as the rules see it. 定时 is a plan of one batch with a time; 立即 has no plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// Started batches stay; nothing starts until 继续.
    pub paused: bool,
    /// 回到旧版本 was chosen: all pointers are back, the plan is over.
    pub returned: bool,
    /// The batches, in order.
    pub batches: Vec<Batch>,
}

/// One batch of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// When it starts by itself; `None`: staff start it.
    pub at: Option<UtcMillis>,
    /// Its pointers are set.
    pub started: bool,
}

/// What a person does with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutAction {
    /// Start a batch now, timed or not.
    StartBatch {
        /// Counted from 0.
        batch: u16,
    },
    /// 暂停.
    Pause,
    /// 继续.
    Resume,
    /// 回到旧版本: no order is needed; at a first release it means not live.
    ReturnToOld,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutEffect {
    /// Set the pointers of the batch.
    Start {
        /// Counted from 0.
        batch: u16,
    },
    /// Mark as paused.
    Pause,
    /// Mark as running.
    Resume,
    /// Set all pointers back to what was live before, or to nothing, and end the plan.
    ReturnToOld,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutRefusal {
    /// Role or reach: `WrongRole` or `OutOfReach`.
    Person(Reason),
    /// All batches are started, or it was returned.
    Finished,
    /// It is paused.
    Paused,
    /// It is not paused.
    NotPaused,
    /// The batch was started before.
    Started,
    /// The plan has no such batch.
    NoSuchBatch,
}

/// What the chip says beside 已发布.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutPhase {
    /// 待上线: nothing started.
    Waiting,
    /// 分批中: some batches started.
    InBatches,
    /// 已暂停.
    Paused,
}

impl RolloutPhase {
    /// All of them.
    pub const ALL: [RolloutPhase; 3] = [RolloutPhase::Waiting, RolloutPhase::InBatches, RolloutPhase::Paused];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            RolloutPhase::Waiting => "waiting",
            RolloutPhase::InBatches => "in_batches",
            RolloutPhase::Paused => "paused",
        }
    }

    /// The one of this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.id() == id)
    }
}

impl RolloutAction {
    /// The name of its audit event.
    pub const fn audit_event(self) -> &'static str {
        match self {
            RolloutAction::StartBatch { .. } => "rollout.start_batch",
            RolloutAction::Pause => "rollout.pause",
            RolloutAction::Resume => "rollout.resume",
            RolloutAction::ReturnToOld => "rollout.return",
        }
    }
}

impl Plan {
    /// All batches are started, or it was returned.
    pub fn is_finished(&self) -> bool {
        self.returned || self.batches.iter().all(|batch| batch.started)
    }

    /// As it is once this is done.
    pub fn apply(&mut self, effect: RolloutEffect) {
        match effect {
            RolloutEffect::Start { batch } => {
                if let Some(batch) = self.batches.get_mut(usize::from(batch)) {
                    batch.started = true;
                }
            }
            RolloutEffect::Pause => self.paused = true,
            RolloutEffect::Resume => self.paused = false,
            RolloutEffect::ReturnToOld => self.returned = true,
        }
    }

    /// The batches whose time has come, counted from 0.
    pub fn due(&self, now: UtcMillis) -> Vec<u16> {
        if self.paused || self.returned {
            return Vec::new();
        }
        let due = |batch: &Batch| !batch.started && batch.at.is_some_and(|at| at <= now);
        (0..).zip(&self.batches).filter(|(_, batch)| due(batch)).map(|(index, _)| index).collect()
    }

    /// What the chip says; `None` once finished.
    pub fn phase(&self) -> Option<RolloutPhase> {
        if self.is_finished() {
            None
        } else if self.paused {
            Some(RolloutPhase::Paused)
        } else if self.batches.iter().any(|batch| batch.started) {
            Some(RolloutPhase::InBatches)
        } else {
            Some(RolloutPhase::Waiting)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Relation;
    use crate::ids::PersonId;
    use crate::role::{Role, RoleSet};

    fn staff(administers: bool) -> Actor {
        Actor {
            person: PersonId(uuid::Uuid::nil()),
            roles: RoleSet::of(&[Role::Staff]),
            relation: Relation { administers, ..Relation::default() },
        }
    }

    fn plan(started: &[bool]) -> Plan {
        let batches = started.iter().map(|started| Batch { at: None, started: *started }).collect();
        Plan { paused: false, returned: false, batches }
    }

    #[test]
    fn a_plan_is_paused_and_goes_on() {
        let mut plan = plan(&[true, false]);
        assert_eq!(plan.phase(), Some(RolloutPhase::InBatches));
        assert_eq!(steer(&plan, &staff(true), RolloutAction::Resume), Err(RolloutRefusal::NotPaused));
        assert_eq!(steer(&plan, &staff(true), RolloutAction::Pause), Ok(RolloutEffect::Pause));
        plan.paused = true;
        assert_eq!(plan.phase(), Some(RolloutPhase::Paused));
        assert_eq!(steer(&plan, &staff(true), RolloutAction::StartBatch { batch: 1 }), Err(RolloutRefusal::Paused));
        assert_eq!(steer(&plan, &staff(true), RolloutAction::ReturnToOld), Ok(RolloutEffect::ReturnToOld));
        assert_eq!(steer(&plan, &staff(true), RolloutAction::Resume), Ok(RolloutEffect::Resume));
    }

    #[test]
    fn batches_start_once_and_end_the_plan() {
        let open = plan(&[true, false]);
        let start = |batch| steer(&open, &staff(true), RolloutAction::StartBatch { batch });
        assert_eq!(start(0), Err(RolloutRefusal::Started));
        assert_eq!(start(1), Ok(RolloutEffect::Start { batch: 1 }));
        assert_eq!(start(2), Err(RolloutRefusal::NoSuchBatch));
        let done = plan(&[true, true]);
        assert_eq!(done.phase(), None);
        assert_eq!(steer(&done, &staff(true), RolloutAction::Pause), Err(RolloutRefusal::Finished));
        let foreign = steer(&open, &staff(false), RolloutAction::Pause);
        assert_eq!(foreign, Err(RolloutRefusal::Person(Reason::OutOfReach { needs: Who::Staff })));
    }

    #[test]
    fn timed_batches_are_due_unless_paused() {
        let mut plan = plan(&[false, false]);
        assert_eq!(plan.phase(), Some(RolloutPhase::Waiting));
        plan.batches[1].at = Some(UtcMillis(10));
        assert_eq!(plan.due(UtcMillis(9)), Vec::<u16>::new());
        assert_eq!(plan.due(UtcMillis(10)), vec![1]);
        plan.paused = true;
        assert_eq!(plan.due(UtcMillis(10)), Vec::<u16>::new());
    }
}
