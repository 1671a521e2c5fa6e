//! The decision: what happens when this person asks this of this publication. Start here.
//!
//! Pure: the facts go in, data comes out; carrying it out is the engine's work. [`decide`] and
//! [`actions`] are the only readers of the table that judge.

mod effects;
mod menu;
mod permit;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::actor::Actor;
use crate::command::Command;
use crate::facts::Facts;
use crate::ids::VersionId;
use crate::publication;
use crate::refusal::{At, Refusal};
use crate::state::State;
use crate::transitions::To;
use crate::work_order::{OrderKind, OrderStatus};

pub(crate) use effects::order_notices;
pub use effects::submitted_kind;
pub use menu::{Menu, Offer, actions, offer};
pub(crate) use permit::judge;
pub use permit::who_may;

/// Decides. A refusal changes nothing.
///
/// # Errors
/// The [`Refusal`] of the guard that failed first in the row that got furthest; role and reach are
/// judged before the state, so that what is out of reach stays unknown.
pub fn decide(facts: &Facts, actor: &Actor, command: &Command) -> Result<Decision, Refusal> {
    let action = command.action();
    let row = permit::row_for(facts, actor, action, Some(command)).map_err(|reason| Refusal {
        at: At::Publication(facts.state),
        action,
        reason,
    })?;
    let to = match (row.to, facts.state) {
        (To::Into(state), _) | (To::Unchanged, Some(state)) => state,
        (To::ByHosting | To::Unchanged, _) => publication::initial_state(facts.hosted),
    };
    let order = effects::order_effect(facts, command);
    Ok(Decision {
        action,
        from: facts.state,
        to,
        effects: effects::effects(facts, command, to, order),
        notices: effects::notices(facts, action, to, order),
        order,
        audit: action.audit_event(),
        expects: facts.version,
    })
}

/// What is to be done, in one transaction. `S` is the state's type: a stock application has its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision<S = State> {
    /// The action that was decided.
    pub action: Action,
    /// Where it began; `None` at a registration.
    pub from: Option<S>,
    /// The new state; it may be the old one.
    pub to: S,
    /// What becomes of the work order.
    pub order: OrderEffect,
    /// What else is to be done, in this order.
    pub effects: Vec<Effect>,
    /// The name of the audit event.
    pub audit: &'static str,
    /// Who is told. The engine tells nobody twice, and not the person who acts.
    pub notices: Vec<Notice>,
    /// The aggregate's version that the facts had: the write repeats it.
    pub expects: i64,
}

/// What becomes of the work order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderEffect {
    /// Nothing.
    None,
    /// A new one, with the steps of the routing, which are fixed now.
    File {
        /// Its kind.
        kind: OrderKind,
        /// The version that it is about and that its approval makes live.
        version: Option<VersionId>,
    },
    /// Record the actor's 同意 in the step; the order stays open.
    Vote {
        /// The step, from 1.
        step: u8,
        /// The step is complete: the next one becomes the current one.
        advance: bool,
    },
    /// Record the actor's decision, if it is one, and end the order.
    Close {
        /// How it ended: 已通过, 已拒绝 or 已撤回.
        status: OrderStatus,
    },
}

/// What else a decision does. The order in the list is the order of doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Write the registration, make its 服务ID.
    WriteRegistration,
    /// Write the corrected registration; contacts' access follows at once.
    ApplyCorrection,
    /// Take the upload in and start its stages.
    TakeUpload,
    /// A new round: earlier uploads, the submitted and the accepted version count no longer.
    BeginRound,
    /// The version that was live last may be submitted again in this round (`republished`).
    OfferLastLive,
    /// Cancel running stages (已取消).
    CancelStages,
    /// Drop the versions of the given-up upgrade from what is going on (they are kept).
    DropUnfinished,
    /// Fix the version as the submitted one.
    SubmitVersion(VersionId),
    /// Fix the version, with its external hosts, as the accepted one.
    AcceptVersion(VersionId),
    /// Keep the reason with the submitted version.
    RecordRejection,
    /// Remember in 配置中 which approval led there (`configuring_from`).
    EnterConfiguring(OrderKind),
    /// The approval that led to 配置中 is used up (`configuring_from` is cleared).
    UseUpApproval,
    /// Make live what the order names, or after 配置完成 the given version; for 发布 and 升级 as the
    /// order's 发布方式 says: the pointers follow the plan.
    MakeLive {
        /// `None`: the version that the order names.
        version: Option<VersionId>,
        /// By the plan of the approval form; else at once.
        by_plan: bool,
    },
    /// Keep the new version's difference to the approved one with the order.
    RecordDifference,
    /// List in the publication's own channels (a hosted one: as its pointers are set).
    List,
    /// Write the requested change; contacts' access follows at once.
    ApplyInfoChange,
    /// Give the requested further channels.
    GrantChannels,
    /// Remove from every directory.
    Delist,
    /// The hosted address answers 410 with the substitute, if one was given.
    StopServing,
    /// What 渠道申请 gave ends.
    EndFurtherChannels,
    /// The unfinished rollout plan ends.
    EndRollout,
    /// Create the publication of the stock application, in this state.
    CreateLinked(State),
    /// Keep the refusal's reason for the stock list.
    RecordStockRefusal,
}

/// Whom to tell of what. Spec: "Who is told".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// Whom.
    pub audience: Audience,
    /// Of what.
    pub occasion: Occasion,
}

/// A group of people, looked up when the notice is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Who may decide the (now) current step.
    StepPeople,
    /// Who filed the order.
    Initiator,
    /// The administrators of the application system.
    Administrators,
    /// The developers named as contacts.
    Contacts,
    /// The reviewers who approved the order that 配置中 came from.
    DecidingReviewers,
}

/// What people are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// An order waits in your step (filed, or the step was reached).
    OrderWaiting,
    /// Your order was approved.
    OrderApproved,
    /// Your order was refused.
    OrderRefused,
    /// An order that waited for you was withdrawn.
    OrderWithdrawn,
    /// 催办.
    Urged,
    /// A version waits for acceptance.
    SubmittedForAcceptance,
    /// 配置完成.
    ConfigurationCompleted,
    /// You are named as a contact.
    Registered,
    /// 验收拒绝.
    Rejected,
    /// 重新部署.
    Redeployed,
    /// 版本升级.
    UpgradeBegun,
    /// 撤销升级.
    UpgradeCancelled,
    /// 配置中.
    Configuring,
    /// 已发布.
    Published,
    /// 已下线.
    Offline,
    /// 重新发布.
    Republished,
    /// What is live has not answered three times in a row.
    Unhealthy,
    /// It answers again.
    Healthy,
    /// 回到旧版本: the plan of going live is over.
    ReturnedToOld,
}

impl Occasion {
    /// All, in the order above.
    pub const ALL: [Occasion; 19] = [
        Occasion::OrderWaiting,
        Occasion::OrderApproved,
        Occasion::OrderRefused,
        Occasion::OrderWithdrawn,
        Occasion::Urged,
        Occasion::SubmittedForAcceptance,
        Occasion::ConfigurationCompleted,
        Occasion::Registered,
        Occasion::Rejected,
        Occasion::Redeployed,
        Occasion::UpgradeBegun,
        Occasion::UpgradeCancelled,
        Occasion::Configuring,
        Occasion::Published,
        Occasion::Offline,
        Occasion::Republished,
        Occasion::Unhealthy,
        Occasion::Healthy,
        Occasion::ReturnedToOld,
    ];

    /// It asks somebody to do something, which another may do meanwhile; the others tell what happened.
    pub const fn asks(self) -> bool {
        matches!(self, Occasion::OrderWaiting | Occasion::Urged | Occasion::SubmittedForAcceptance)
    }

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Occasion::OrderWaiting => "order_waiting",
            Occasion::OrderApproved => "order_approved",
            Occasion::OrderRefused => "order_refused",
            Occasion::OrderWithdrawn => "order_withdrawn",
            Occasion::Urged => "urged",
            Occasion::SubmittedForAcceptance => "submitted_for_acceptance",
            Occasion::ConfigurationCompleted => "configuration_completed",
            Occasion::Registered => "registered",
            Occasion::Rejected => "rejected",
            Occasion::Redeployed => "redeployed",
            Occasion::UpgradeBegun => "upgrade_begun",
            Occasion::UpgradeCancelled => "upgrade_cancelled",
            Occasion::Configuring => "configuring",
            Occasion::Published => "published",
            Occasion::Offline => "offline",
            Occasion::Republished => "republished",
            Occasion::Unhealthy => "unhealthy",
            Occasion::Healthy => "healthy",
            Occasion::ReturnedToOld => "returned_to_old",
        }
    }

    /// The occasion with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Occasion> {
        Occasion::ALL.into_iter().find(|occasion| occasion.id() == id)
    }
}
