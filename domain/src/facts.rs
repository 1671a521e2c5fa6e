//! Everything [`mod@crate::decide`] reads about one publication. The engine fills it, in the transaction
//! that will write, from three reads: the publication's row; its open order with the current step's
//! counts (who may decide is looked up then); its versions (newest, submitted, live ones).

use serde::{Deserialize, Serialize};

use crate::ids::{FurtherChannelId, OrderId, PersonId, VersionId};
use crate::publication::{ChannelSet, PublicationType, Side};
use crate::stage::{Stage, StageSet};
use crate::state::State;
use crate::transitions::Place;
use crate::version::VersionNumber;
use crate::work_order::{Need, OrderKind};

/// One publication as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The aggregate's version: grows with every change of anything below, so that a write can be
    /// refused when these facts went stale. 0 before registration.
    pub version: i64,
    /// `None` before registration.
    pub state: Option<State>,
    /// Fixed at registration.
    pub side: Side,
    /// Fixed at registration.
    pub kind: PublicationType,
    /// Fixed at registration.
    pub channels: ChannelSet,
    /// Fixed at registration: whether we host it (代码托管).
    pub hosted: bool,
    /// It came from a stock application (关联).
    pub linked: bool,
    /// The one undecided work order.
    pub order: Option<OpenOrder>,
    /// The newest version by upload.
    pub newest: Option<VersionFacts>,
    /// The version in the last 提交验收 of this round.
    pub submitted: Option<VersionFacts>,
    /// The version accepted in this round.
    pub accepted: Option<VersionId>,
    /// The version that is live, or was last. `None`: no version was ever live here.
    pub last_live: Option<VersionFacts>,
    /// 重新发布 began this round: `last_live` may be submitted for acceptance again.
    pub republished: bool,
    /// In 配置中: the kind of the approved order, release or upgrade.
    pub configuring_from: Option<OrderKind>,
    /// The versions that 版本回退 may choose: the last five different ones live, without the present
    /// one, newest first: [`rollback_candidates`].
    pub rollback: Vec<VersionId>,
    /// The further channels on the administrator's list that the publication has not.
    pub further_channels: Vec<FurtherChannelId>,
    /// A rollout plan (定时, 分批) is not finished.
    pub rollout_open: bool,
}

/// A version as the rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFacts {
    /// Which.
    pub id: VersionId,
    /// Its number.
    pub number: VersionNumber,
    /// Uploaded in the present round. A round begins with registration and with every
    /// [`crate::Effect::BeginRound`]: 重新部署, 版本升级, 重新发布, entering 配置中. One column tells.
    pub in_round: bool,
    /// The stages that are 已完成; 部署测试环境 among them means: it is deployed to test now.
    pub passed: StageSet,
}

/// The undecided work order, at its current step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// Which; a stale page must not decide another one.
    pub id: OrderId,
    /// What is asked for.
    pub kind: OrderKind,
    /// Who filed it.
    pub initiator: PersonId,
    /// The initiator is active and administers the system still.
    pub initiator_able: bool,
    /// The current step, counted from 1.
    pub step: u8,
    /// How many steps there are, at least 1.
    pub steps: u8,
    /// What the current step needs.
    pub need: Need,
    /// How many said 同意 in the current step.
    pub approvals: u16,
    /// How many may still decide the current step: active accounts in its seat, without the initiator
    /// and without those who decided any step of this order.
    pub may_decide: u16,
    /// The actor has decided a step of this order already.
    pub actor_decided: bool,
}

/// What [`VersionFacts`] must have passed to be submitted or to go live.
pub const CHECKS_AND_TEST: [Stage; 4] = [Stage::SourceCheck, Stage::Build, Stage::LinkCheck, Stage::DeployTest];

/// What 版本回退 may choose, from the versions that were ever live, newest first, the present one in front:
/// the five different ones live last, without the present one.
pub fn rollback_candidates(live: &[VersionId]) -> Vec<VersionId> {
    let mut found: Vec<VersionId> = Vec::new();
    for version in live {
        if Some(version) != live.first() && !found.contains(version) && found.len() < 5 {
            found.push(*version);
        }
    }
    found
}

impl Facts {
    /// Facts before registration: what is about to be registered.
    pub fn unregistered(side: Side, channels: ChannelSet, kind: PublicationType, hosted: bool) -> Facts {
        Facts {
            version: 0,
            state: None,
            side,
            kind,
            channels,
            hosted,
            linked: false,
            order: None,
            newest: None,
            submitted: None,
            accepted: None,
            last_live: None,
            republished: false,
            configuring_from: None,
            rollback: Vec::new(),
            further_channels: Vec::new(),
            rollout_open: false,
        }
    }

    /// Whether the publication is where a row of the table begins.
    pub fn is_at(&self, place: Place) -> bool {
        match place {
            Place::Nowhere => self.state.is_none(),
            Place::In(state) => self.state == Some(state),
            Place::OrderOpen(state) => self.state == Some(state) && self.order.is_some(),
        }
    }

    /// Governance, H5 and hosted: the kind that passes 配置中.
    pub fn is_governance_hosted_h5(&self) -> bool {
        self.side == Side::Governance && self.kind == PublicationType::H5 && self.hosted
    }

    /// The order that a state in review must have, and no other: what the database must never break.
    /// `false` is a defect in the data, not a refusal.
    pub fn is_consistent(&self) -> bool {
        let order = self.order.map(|order| order.kind);
        let fits = match self.state {
            Some(State::ReleaseInReview) => order == Some(OrderKind::Release),
            Some(State::UpgradeInReview) => order == Some(OrderKind::Upgrade),
            Some(State::InfoChangeInReview) => order == Some(OrderKind::InfoChange),
            Some(State::OfflineInReview) => order == Some(OrderKind::Offline),
            Some(State::Published) => matches!(order, None | Some(OrderKind::Channels | OrderKind::RollBack)),
            _ => order.is_none(),
        };
        let configuring = self.configuring_from.is_some() == (self.state == Some(State::Configuring));
        fits && configuring && self.rollback.len() <= 5
    }
}

impl OpenOrder {
    /// One more 同意 decides the step.
    pub const fn completes_step(&self) -> bool {
        self.approvals.saturating_add(1) >= self.need.wanted(self.approvals, self.may_decide)
    }

    /// One more 同意 decides the order.
    pub const fn completes_order(&self) -> bool {
        self.step >= self.steps && self.completes_step()
    }

    /// 无人可审: the people who may still decide are too few. Marked for the security administrator.
    pub const fn nobody_can_decide(&self) -> bool {
        self.may_decide == 0
            || self.approvals.saturating_add(self.may_decide) < self.need.wanted(self.approvals, self.may_decide)
    }
}
