//! What a permitted action does besides changing the state. Spec: Transitions (guards and "to"),
//! Points decided here, Work orders ("Who is told").

use super::{Audience, Effect, Notice, Occasion, OrderEffect};
use crate::action::Action;
use crate::command::Command;
use crate::facts::Facts;
use crate::guard;
use crate::state::State;
use crate::work_order::{OrderKind, OrderStatus};

pub(super) fn order_effect(facts: &Facts, command: &Command) -> OrderEffect {
    match command.action() {
        action if action.files() => OrderEffect::File {
            kind: action.order_kind().unwrap_or_else(|| submitted_kind(facts)),
            version: guard::version_of(facts, command),
        },
        Action::Approve => facts.order.map_or(OrderEffect::None, |order| {
            if order.completes_order() {
                OrderEffect::Close { status: OrderStatus::Approved }
            } else {
                OrderEffect::Vote { step: order.step, advance: order.completes_step() }
            }
        }),
        Action::Refuse => OrderEffect::Close { status: OrderStatus::Refused },
        Action::Withdraw => OrderEffect::Close { status: OrderStatus::Withdrawn },
        _ => OrderEffect::None,
    }
}

/// What 提交审批 files: an upgrade leaves the published version live, so its state tells them apart.
pub fn submitted_kind(facts: &Facts) -> OrderKind {
    match facts.state {
        Some(State::AwaitingUpgrade) => OrderKind::Upgrade,
        _ => OrderKind::Release,
    }
}

pub(super) fn effects(facts: &Facts, command: &Command, to: State, order: OrderEffect) -> Vec<Effect> {
    match command {
        Command::Register { .. } => vec![Effect::WriteRegistration],
        Command::CorrectRegistration { .. } => vec![Effect::ApplyCorrection],
        Command::Upload => vec![Effect::TakeUpload],
        Command::SubmitForAcceptance { version } => vec![Effect::SubmitVersion(*version)],
        Command::Accept { version } => vec![Effect::AcceptVersion(*version)],
        Command::Reject { .. } => vec![Effect::RecordRejection],
        Command::Redeploy if facts.configuring_from.is_some() => {
            vec![Effect::CancelStages, Effect::UseUpApproval, Effect::BeginRound]
        }
        Command::Redeploy => vec![Effect::CancelStages, Effect::BeginRound],
        Command::CompleteConfiguration { version } => vec![
            Effect::UseUpApproval,
            Effect::RecordDifference,
            Effect::MakeLive { version: Some(*version), by_plan: true },
            Effect::List,
        ],
        Command::Upgrade => vec![Effect::BeginRound],
        Command::CancelUpgrade => vec![Effect::CancelStages, Effect::DropUnfinished],
        Command::Republish if facts.hosted && facts.last_live.is_some() => {
            vec![Effect::BeginRound, Effect::OfferLastLive]
        }
        Command::Republish if facts.hosted => vec![Effect::BeginRound],
        Command::Approve { .. } if order == (OrderEffect::Close { status: OrderStatus::Approved }) => {
            facts.order.map_or_else(Vec::new, |open| approved(facts, open.kind, to))
        }
        Command::Republish
        | Command::Approve { .. }
        | Command::Refuse { .. }
        | Command::Withdraw { .. }
        | Command::SubmitForApproval { .. }
        | Command::RequestInfoChange { .. }
        | Command::TakeOffline { .. }
        | Command::ApplyForChannels { .. }
        | Command::RollBack { .. } => Vec::new(),
    }
}

/// What the last 同意 does.
fn approved(facts: &Facts, kind: OrderKind, to: State) -> Vec<Effect> {
    match kind {
        OrderKind::Release | OrderKind::Upgrade if to == State::Configuring => {
            vec![Effect::EnterConfiguring(kind), Effect::BeginRound]
        }
        OrderKind::Release | OrderKind::Upgrade if facts.hosted => {
            vec![Effect::MakeLive { version: None, by_plan: true }, Effect::List]
        }
        OrderKind::Release | OrderKind::Upgrade => vec![Effect::List],
        OrderKind::InfoChange => vec![Effect::ApplyInfoChange],
        OrderKind::Offline => taken_offline(facts),
        OrderKind::Channels => vec![Effect::GrantChannels],
        OrderKind::RollBack => vec![Effect::MakeLive { version: None, by_plan: false }],
        OrderKind::Link => Vec::new(),
    }
}

/// A linked application of which no version is live here is only delisted: its address is elsewhere. With an open plan some sites may have
/// shown a version here.
fn taken_offline(facts: &Facts) -> Vec<Effect> {
    let mut effects = vec![Effect::Delist, Effect::EndFurtherChannels];
    if facts.hosted && (facts.last_live.is_some() || facts.rollout_open) {
        effects.push(Effect::StopServing);
    }
    if facts.rollout_open {
        effects.push(Effect::EndRollout);
    }
    effects
}

pub(super) fn notices(facts: &Facts, action: Action, to: State, order: OrderEffect) -> Vec<Notice> {
    let mut notices = order_notices(order);
    let mut tell = |audience, occasion| notices.push(Notice { audience, occasion });
    match action {
        Action::Register => tell(Audience::Contacts, Occasion::Registered),
        Action::SubmitForAcceptance => tell(Audience::Administrators, Occasion::SubmittedForAcceptance),
        Action::Reject => tell(Audience::Contacts, Occasion::Rejected),
        Action::Redeploy => tell(Audience::Contacts, Occasion::Redeployed),
        Action::Upgrade => tell(Audience::Contacts, Occasion::UpgradeBegun),
        Action::CancelUpgrade => tell(Audience::Contacts, Occasion::UpgradeCancelled),
        // Not in the spec's list, but without it nobody tells the developer whose turn it is.
        Action::Republish if facts.hosted => tell(Audience::Contacts, Occasion::Republished),
        Action::CompleteConfiguration => {
            tell(Audience::Administrators, Occasion::ConfigurationCompleted);
            tell(Audience::DecidingReviewers, Occasion::ConfigurationCompleted);
            tell(Audience::Contacts, Occasion::Published);
        }
        Action::Approve if matches!(order, OrderEffect::Close { .. }) => match to {
            State::Configuring => tell(Audience::Contacts, Occasion::Configuring),
            State::Offline => tell(Audience::Contacts, Occasion::Offline),
            _ => tell(Audience::Contacts, Occasion::Published),
        },
        _ => {}
    }
    notices
}

/// Filed, next step reached: the step's people; decided: the initiator; withdrawn: the step's people.
pub(crate) fn order_notices(order: OrderEffect) -> Vec<Notice> {
    let (audience, occasion) = match order {
        OrderEffect::File { .. } | OrderEffect::Vote { advance: true, .. } => {
            (Audience::StepPeople, Occasion::OrderWaiting)
        }
        OrderEffect::Close { status: OrderStatus::Approved } => (Audience::Initiator, Occasion::OrderApproved),
        OrderEffect::Close { status: OrderStatus::Refused } => (Audience::Initiator, Occasion::OrderRefused),
        OrderEffect::Close { .. } => (Audience::StepPeople, Occasion::OrderWithdrawn),
        OrderEffect::None | OrderEffect::Vote { .. } => return Vec::new(),
    };
    vec![Notice { audience, occasion }]
}
