//! Why something can not be done. One text for the server's error and for the menu's disabled item.
//! Spec: Transitions ("with the state, the action and the reason in the error"); screens.md, Words.

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::actor::Who;
use crate::routing::Step;
use crate::stage::Stage;
use crate::state::{State, StockState};
use crate::words;
use crate::work_order::OrderKind;

/// A refused action. The sentence is made where it is shown: [`Refusal::sentence`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Where the publication or stock application stands.
    pub at: At,
    /// What was asked.
    pub action: Action,
    /// Why not.
    pub reason: Reason,
}

/// What was acted on, and its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// A publication; `None` before registration.
    Publication(Option<State>),
    /// A stock application.
    Stock(StockState),
}

/// How the refusal is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalClass {
    /// 403: a function that the role lacks.
    Forbidden,
    /// 404: an object outside one's reach.
    NotFound,
    /// The rules say no, now.
    Refused,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The action belongs to a role that the person has not.
    WrongRole {
        /// Whose it is.
        needs: Who,
    },
    /// The person has the role, but not for this application system or publication.
    OutOfReach {
        /// Whose it is.
        needs: Who,
    },
    /// The table has no row for the action here.
    WrongState,
    /// The order on the page is not the open one: it was decided meanwhile.
    OtherOrder,
    /// There is no open order.
    NoOpenOrder,
    /// A work order of the publication is undecided.
    OrderOpen {
        /// Its kind.
        kind: OrderKind,
    },
    /// A rollout plan is not finished.
    RolloutUnfinished,
    /// The current step is not the person's.
    NotYourStep {
        /// The current step, from 1.
        step: u8,
        /// How many there are.
        of: u8,
    },
    /// The approver can not be the one who filed.
    OwnOrder,
    /// A person decides at most one step of an order.
    AlreadyDecided,
    /// Withdrawing is the initiator's.
    NotInitiator,
    /// The form has errors.
    FormInvalid {
        /// How many.
        errors: u16,
    },
    /// No field differs from what is there.
    NothingChanged,
    /// Neither 上架信息 nor 发布信息 is chosen.
    NoPartChosen,
    /// A reason is required.
    ReasonMissing,
    /// Only for what we host.
    NotHosted,
    /// Only for what we do not host.
    IsHosted,
    /// Only on the service side.
    NotServiceSide,
    /// Not for this side and type.
    OtherKind,
    /// Nothing was uploaded.
    NoVersion,
    /// The newest version was uploaded before this round began.
    VersionFromBefore,
    /// Another version than the newest was asked for.
    VersionNotNewest,
    /// A stage of the version is not 已完成.
    StageNotPassed {
        /// The first such stage.
        stage: Stage,
    },
    /// Nothing was submitted for acceptance here.
    NoSubmittedVersion,
    /// Another version was submitted meanwhile.
    OtherVersionSubmitted,
    /// No version was accepted here.
    NoAcceptedVersion,
    /// 配置中 without the order it came from: a defect in the data.
    ApprovalUnknown,
    /// The publication has all further channels that there are.
    NoFurtherChannel,
    /// A chosen channel is not on the list, or the publication has it, or none is chosen.
    ChannelNotOpen,
    /// No other version was live before.
    NoEarlierVersion,
    /// The chosen version is not among the last five.
    NotAnEarlierVersion,
    /// No route of approval fits: found by the engine when the order would be filed.
    NoRoute,
    /// The route would leave this step without a person who may decide it.
    NobodyForStep {
        /// The first such step.
        step: Step,
    },
    /// The bytes are not those that were accepted and approved.
    OtherBundle,
}

impl Refusal {
    /// The sentence that people read: the state, the action, why, and who can act or what to do.
    pub fn sentence(&self) -> String {
        words::refusal(self)
    }

    /// How the server answers.
    pub const fn class(&self) -> RefusalClass {
        match self.reason {
            Reason::WrongRole { .. } => RefusalClass::Forbidden,
            Reason::OutOfReach { .. } => RefusalClass::NotFound,
            _ => RefusalClass::Refused,
        }
    }
}
