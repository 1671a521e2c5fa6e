//! Whose orders are counted: staff's of the systems they administer, reviewers' of their queue, operators' all. Each is a list of
//! its own, so that a number and its list agree.

use super::days::EndedOrder;
use crate::ctx::SignedIn;
use crate::publication::has_many;
use crate::store::dashboard as store;
use crate::store::work_order_list::Whose;
use crate::store::{Conn, StoreResult};
use domain::view::dashboard::OrderList;
use domain::{PersonId, Role};
use std::collections::HashSet;
use uuid::Uuid;

/// What a viewer's page counts.
pub(super) enum Scope {
    All,
    Administered { person: PersonId, systems: HashSet<Uuid>, many: bool },
    Queue(PersonId),
}

impl Scope {
    pub(super) async fn of(conn: &mut Conn, viewer: &SignedIn) -> StoreResult<Self> {
        let person = viewer.person;
        Ok(if viewer.roles.has(Role::Operator) {
            Self::All
        } else if viewer.roles.has(Role::Staff) {
            let systems = store::systems(conn, person).await?.into_iter().collect();
            Self::Administered { person, systems, many: has_many(conn, person).await? }
        } else {
            Self::Queue(person)
        })
    }

    /// Where the numbers lead.
    pub(super) fn list(&self) -> OrderList {
        match self {
            Self::All => OrderList::All,
            Self::Administered { .. } => OrderList::Administered,
            Self::Queue(_) => OrderList::Waiting,
        }
    }

    /// What waits.
    pub(super) fn waiting(&self) -> Whose {
        match self {
            Self::All => Whose::All { over: false },
            Self::Administered { person, many, .. } => {
                Whose::Administered { person: *person, over: false, many: *many }
            }
            Self::Queue(person) => Whose::Waiting(*person),
        }
    }

    /// Whether it counts what ended.
    pub(super) fn has(&self, order: &EndedOrder) -> bool {
        match self {
            Self::All => true,
            Self::Administered { person, systems, .. } => {
                order.system.is_some_and(|system| systems.contains(&system)) || order.linked_by == Some(person.0)
            }
            Self::Queue(person) => order.deciders.contains(&person.0),
        }
    }

    /// Whether it counts what went live of this system. That is public: reviewers see it all.
    pub(super) fn has_live(&self, system: Uuid) -> bool {
        match self {
            Self::All | Self::Queue(_) => true,
            Self::Administered { systems, .. } => systems.contains(&system),
        }
    }
}
