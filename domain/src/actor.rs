//! Who asks, and what they are to this publication. Spec: Who and what; Work orders.

use serde::{Deserialize, Serialize};

use crate::facts::OpenOrder;
use crate::ids::PersonId;
use crate::refusal::Reason;
use crate::role::{Role, RoleSet};

/// The signed-in person, as the engine found them in the transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account.
    pub person: PersonId,
    /// Its roles.
    pub roles: RoleSet,
    /// What they are to the publication (or stock application) at hand.
    pub relation: Relation,
}

/// What a person is to one publication. Being the initiator follows from the open order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Relation {
    /// Administers the application system (for a stock application: one of its department).
    pub administers: bool,
    /// Is a named contact, by verified number, not suspended.
    pub contact: bool,
    /// Holds a seat in a step of one of its orders, or has decided one: such an order is or was theirs to decide, so a
    /// reviewer may see it. Who holds no such seat does not learn that it is there.
    pub reviews: bool,
    /// Holds the seat of the open order's current step, with an active account.
    pub in_seat: bool,
}

/// The column "who" of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Staff that administer the application system.
    Staff,
    /// A developer that the publication names as a contact.
    Developer,
    /// A reviewer in the current step's seat.
    Reviewer,
    /// An operator in the current step's seat: stock linking.
    Operator,
    /// Who filed the order; when they cannot act any more, any administrator of the system.
    Initiator,
}

impl Who {
    /// The role without which the function answers 403.
    pub const fn role(self) -> Role {
        match self {
            Who::Staff | Who::Initiator => Role::Staff,
            Who::Developer => Role::Developer,
            Who::Reviewer => Role::Reviewer,
            Who::Operator => Role::Operator,
        }
    }

    /// Role and reach: what no state of the publication changes.
    pub fn reaches(self, actor: &Actor) -> Result<(), Reason> {
        if !actor.roles.has(self.role()) {
            return Err(Reason::WrongRole { needs: self });
        }
        let within = match self {
            Who::Staff | Who::Initiator => actor.relation.administers,
            Who::Developer => actor.relation.contact,
            Who::Reviewer => actor.relation.reviews,
            // Operators see everything.
            Who::Operator => true,
        };
        if within { Ok(()) } else { Err(Reason::OutOfReach { needs: self }) }
    }

    /// The person's part in the open order: seat, own order, one step a person; withdrawing.
    pub(crate) fn takes_part(self, actor: &Actor, order: Option<&OpenOrder>) -> Result<(), Reason> {
        let Some(order) = order else {
            return if matches!(self, Who::Staff | Who::Developer) { Ok(()) } else { Err(Reason::NoOpenOrder) };
        };
        match self {
            Who::Staff | Who::Developer => Ok(()),
            Who::Reviewer | Who::Operator if order.initiator == actor.person => Err(Reason::OwnOrder),
            Who::Reviewer | Who::Operator if order.actor_decided => Err(Reason::AlreadyDecided),
            Who::Reviewer | Who::Operator if !actor.relation.in_seat => {
                Err(Reason::NotYourStep { step: order.step, of: order.steps })
            }
            Who::Reviewer | Who::Operator => Ok(()),
            Who::Initiator if order.initiator == actor.person || !order.initiator_able => Ok(()),
            Who::Initiator => Err(Reason::NotInitiator),
        }
    }
}
