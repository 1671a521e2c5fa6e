//! The guards of the table: each is checked here and knows its refusal. Spec: Transitions, "guard".

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::facts::{CHECKS_AND_TEST, Facts, VersionFacts};
use crate::ids::VersionId;
use crate::publication::{PublicationType, Side};
use crate::refusal::Reason;
use crate::stage::Stage;
use crate::work_order::OrderKind;

/// One condition of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Guard {
    /// The form has no error.
    FormValid,
    /// At least one changed field.
    Changed,
    /// 发布信息, 上架信息 or both are chosen.
    PartChosen,
    /// A reason that is not blank.
    ReasonGiven,
    /// We host it.
    Hosted,
    /// We do not host it.
    NotHosted,
    /// Service side.
    ServiceSide,
    /// Governance side and H5.
    GovernanceH5,
    /// Governance side, H5 and hosted.
    GovernanceHostedH5,
    /// Any but the last.
    NotGovernanceHostedH5,
    /// The newest version by upload is of this round, passed the checks and is deployed to test.
    NewestVersionReady,
    /// The submitted version exists; its 代码编译 and 外链检查 are 已完成.
    SubmittedVersionChecked,
    /// A version was accepted here, in this round.
    VersionAccepted,
    /// The last, if hosted.
    VersionAcceptedIfHosted,
    /// 配置中 came from 发布审批中.
    CameFromRelease,
    /// 配置中 came from 升级审批中.
    CameFromUpgrade,
    /// This 同意 decides the order.
    LastStep,
    /// This 同意 does not decide the order.
    NotLastStep,
    /// At least one further channel that the publication has not.
    FurtherChannel,
    /// One of the versions live last.
    RollbackCandidate,
    /// No work order of this publication is open.
    NoOrderOpen,
    /// No rollout plan is unfinished. packages.md: 发布方式.
    RolloutFinished,
}

impl Guard {
    /// Whether it reads nothing but what a registration fixes for ever. What fails one of these can
    /// not be taken in any state.
    pub const fn is_fixed(self) -> bool {
        matches!(
            self,
            Guard::Hosted
                | Guard::NotHosted
                | Guard::ServiceSide
                | Guard::GovernanceH5
                | Guard::GovernanceHostedH5
                | Guard::NotGovernanceHostedH5
        )
    }

    /// Whether the guard holds. Without a command (for a menu) it holds if a well-formed command could
    /// satisfy it.
    pub fn check(self, facts: &Facts, command: Option<&Command>) -> Result<(), Reason> {
        match self {
            Guard::FormValid => match command.and_then(Command::form) {
                Some(form) if form.errors > 0 => Err(Reason::FormInvalid { errors: form.errors }),
                _ => Ok(()),
            },
            Guard::Changed => {
                holds(command.and_then(Command::form).is_none_or(|form| form.changed > 0), Reason::NothingChanged)
            }
            Guard::PartChosen => match command {
                Some(Command::RequestInfoChange { parts, .. }) => holds(!parts.is_empty(), Reason::NoPartChosen),
                _ => Ok(()),
            },
            Guard::ReasonGiven => {
                let blank = command.and_then(Command::reason).is_some_and(|reason| reason.trim().is_empty());
                holds(!blank, Reason::ReasonMissing)
            }
            Guard::Hosted => holds(facts.hosted, Reason::NotHosted),
            Guard::NotHosted => holds(!facts.hosted, Reason::IsHosted),
            Guard::ServiceSide => holds(facts.side == Side::Service, Reason::NotServiceSide),
            Guard::GovernanceH5 => {
                holds(facts.side == Side::Governance && facts.kind == PublicationType::H5, Reason::OtherKind)
            }
            Guard::GovernanceHostedH5 => holds(facts.is_governance_hosted_h5(), Reason::OtherKind),
            Guard::NotGovernanceHostedH5 => holds(!facts.is_governance_hosted_h5(), Reason::OtherKind),
            Guard::NewestVersionReady => newest_version_ready(facts, command),
            Guard::SubmittedVersionChecked => submitted_version_checked(facts, command),
            Guard::VersionAccepted => holds(facts.accepted.is_some(), Reason::NoAcceptedVersion),
            Guard::VersionAcceptedIfHosted => {
                holds(!facts.hosted || facts.accepted.is_some(), Reason::NoAcceptedVersion)
            }
            Guard::CameFromRelease => {
                holds(facts.configuring_from == Some(OrderKind::Release), Reason::ApprovalUnknown)
            }
            Guard::CameFromUpgrade => {
                holds(facts.configuring_from == Some(OrderKind::Upgrade), Reason::ApprovalUnknown)
            }
            Guard::LastStep => holds(facts.order.is_some_and(|order| order.completes_order()), Reason::NoOpenOrder),
            Guard::NotLastStep => holds(facts.order.is_some_and(|order| !order.completes_order()), Reason::NoOpenOrder),
            Guard::FurtherChannel => further_channel(facts, command),
            Guard::RollbackCandidate => rollback_candidate(facts, command),
            Guard::NoOrderOpen => match facts.order {
                Some(order) => Err(Reason::OrderOpen { kind: order.kind }),
                None => Ok(()),
            },
            Guard::RolloutFinished => holds(!facts.rollout_open, Reason::RolloutUnfinished),
        }
    }
}

fn holds(condition: bool, reason: Reason) -> Result<(), Reason> {
    if condition { Ok(()) } else { Err(reason) }
}

/// "the newest version (by upload), uploaded since the last 重新部署 if any, passed …, and is deployed to
/// test"; after 重新发布 also the version that was live last.
fn newest_version_ready(facts: &Facts, command: Option<&Command>) -> Result<(), Reason> {
    let newest = facts
        .newest
        .ok_or(Reason::NoVersion)
        .and_then(|version| if version.in_round { Ok(version) } else { Err(Reason::VersionFromBefore) });
    let again = facts.last_live.filter(|_| facts.republished);
    let asked = match command {
        Some(Command::SubmitForAcceptance { version } | Command::CompleteConfiguration { version }) => *version,
        _ => return newest.and_then(ready).or_else(|reason| again.map_or(Err(reason), ready)),
    };
    match (again, newest) {
        (Some(version), _) if version.id == asked => ready(version),
        (_, Ok(version)) if version.id == asked => ready(version),
        (_, Err(reason)) if facts.newest.is_none_or(|version| version.id == asked) => Err(reason),
        _ => Err(Reason::VersionNotNewest),
    }
}

fn ready(version: VersionFacts) -> Result<(), Reason> {
    match version.passed.first_missing(&CHECKS_AND_TEST) {
        Some(stage) => Err(Reason::StageNotPassed { stage }),
        None => Ok(()),
    }
}

fn submitted_version_checked(facts: &Facts, command: Option<&Command>) -> Result<(), Reason> {
    let Some(submitted) = facts.submitted else { return Err(Reason::NoSubmittedVersion) };
    if let Some(Command::Accept { version }) = command {
        holds(*version == submitted.id, Reason::OtherVersionSubmitted)?;
    }
    match submitted.passed.first_missing(&[Stage::Build, Stage::LinkCheck]) {
        Some(stage) => Err(Reason::StageNotPassed { stage }),
        None => Ok(()),
    }
}

fn further_channel(facts: &Facts, command: Option<&Command>) -> Result<(), Reason> {
    holds(!facts.further_channels.is_empty(), Reason::NoFurtherChannel)?;
    match command {
        Some(Command::ApplyForChannels { channels }) => {
            let all_new = channels.iter().all(|channel| facts.further_channels.contains(channel));
            holds(!channels.is_empty() && all_new, Reason::ChannelNotOpen)
        }
        _ => Ok(()),
    }
}

fn rollback_candidate(facts: &Facts, command: Option<&Command>) -> Result<(), Reason> {
    holds(!facts.rollback.is_empty(), Reason::NoEarlierVersion)?;
    match command {
        Some(Command::RollBack { version, .. }) => holds(facts.rollback.contains(version), Reason::NotAnEarlierVersion),
        _ => Ok(()),
    }
}

/// The version that this row's effect is about, when the command or the facts name one.
pub(crate) fn version_of(facts: &Facts, command: &Command) -> Option<VersionId> {
    match command {
        Command::SubmitForAcceptance { version }
        | Command::CompleteConfiguration { version }
        | Command::Accept { version }
        | Command::RollBack { version, .. } => Some(*version),
        Command::SubmitForApproval { .. } => facts.accepted,
        _ => None,
    }
}
