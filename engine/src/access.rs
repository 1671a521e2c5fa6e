//! Access is a value: who holds a [`Granted`] was let in, and the functions that change something take nothing else.
//!
//! The role is judged first (403), then the reach (404): what is out of reach stays unknown (lifecycle.md, Who and what).

use crate::ctx::{Ctx, SignedIn};
use crate::error::{Error, Result};
use crate::publication::facts;
use crate::stock::{self, Looked};
use crate::store::reach::{self, Reached};
use crate::store::version::{self, VersionRecord};
use crate::store::work_order::{self, OrderRow};
use crate::store::{Conn, StoreError, StoreResult};
use domain::fields::{Parameter, ValidRegistration};
use domain::stock::offer_stock;
use domain::{Action, Actor, Facts, Offer, OrderId, PublicationId, Relation, Role, VersionId, offer};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use uuid::Uuid;

/// How often facts are read again when a change came between the reads.
const TRIES: u32 = 3;

/// Whoever may see publications at all.
const VIEWERS: [Role; 4] = [Role::Staff, Role::Reviewer, Role::Operator, Role::Developer];

/// A publication within reach, with all that the rules read of it, and who asks.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    pub(crate) of: Reached,
    pub(crate) facts: Facts,
    pub(crate) actor: Actor,
}

/// Which orders of a publication its viewer may see: as [`order`] decides of each.
#[derive(Debug, Clone)]
pub(crate) enum Orders {
    All,
    These(HashSet<Uuid>),
}

impl Orders {
    /// Those of this publication. Work orders are not for developers.
    ///
    /// # Errors
    /// The store fails.
    pub(crate) async fn of(conn: &mut Conn, granted: &Granted) -> StoreResult<Self> {
        let (roles, relation) = (granted.actor.roles, granted.actor.relation);
        if (roles.has(Role::Staff) && relation.administers) || roles.has(Role::Operator) {
            return Ok(Self::All);
        }
        if !roles.has(Role::Reviewer) {
            return Ok(Self::These(HashSet::new()));
        }
        let theirs = reach::reviewed_orders(conn, granted.of.row.id, granted.actor.person).await?;
        Ok(Self::These(theirs.into_iter().collect()))
    }

    /// Whether this one is among them.
    pub(crate) fn has(&self, order: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::These(orders) => orders.contains(&order),
        }
    }
}

/// An order within reach, with what it is about.
#[derive(Debug, Clone)]
pub(crate) struct GrantedOrder {
    pub(crate) order: OrderRow,
    pub(crate) of: OrderOf,
}

/// What an order is about.
#[derive(Debug, Clone)]
pub(crate) enum OrderOf {
    Publication(Box<Granted>),
    /// A stock application that is no publication yet.
    Stock(Box<Looked>),
}

impl OrderOf {
    /// Who looks.
    pub(crate) fn actor(&self) -> &Actor {
        match self {
            Self::Publication(granted) => &granted.actor,
            Self::Stock(looked) => &looked.actor,
        }
    }

    /// Its id.
    pub(crate) fn id(&self) -> Uuid {
        match self {
            Self::Publication(granted) => granted.of.row.id,
            Self::Stock(looked) => looked.row.id,
        }
    }

    /// Whether the viewer sees whole mobile numbers.
    pub(crate) fn sees_phones(&self) -> bool {
        match self {
            Self::Publication(granted) => granted.sees_phones(),
            Self::Stock(looked) => looked.actor.roles.has(Role::Staff) && looked.actor.relation.administers,
        }
    }

    /// Whether the viewer may see the publication: see [`publication`].
    pub(crate) fn opens(&self) -> bool {
        match self {
            Self::Publication(granted) => granted.is_within_reach(),
            Self::Stock(_) => false,
        }
    }

    /// 同意, 拒绝 or 撤回申请 of this order, for who looks; nothing once it is decided.
    pub(crate) fn offer(&self, order: OrderId, action: Action) -> Offer {
        match self {
            Self::Publication(of) if of.facts.order.is_some_and(|open| open.id == order) => {
                offer(&of.facts, &of.actor, action)
            }
            Self::Stock(of) if of.facts.order.is_some_and(|open| open.id == order) => {
                offer_stock(&of.facts, &of.actor, action)
            }
            Self::Publication(_) | Self::Stock(_) => Offer::Never,
        }
    }
}

impl Granted {
    /// What is registered now. What the row knows better than the form of its day is taken from the row.
    ///
    /// # Errors
    /// The row can't be read.
    pub(crate) fn registration(&self) -> StoreResult<ValidRegistration> {
        let mut registration = registration_of(&self.of.registration)?;
        registration.shape.linked = self.of.row.linked;
        registration.shape.live_here = self.of.live_version.is_some();
        Ok(registration)
    }

    /// Whether the viewer may see the publication: see [`publication`].
    pub(crate) fn is_within_reach(&self) -> bool {
        let (roles, relation) = (self.actor.roles, self.actor.relation);
        (roles.has(Role::Staff) && relation.administers)
            || (roles.has(Role::Developer) && relation.contact)
            || (roles.has(Role::Reviewer) && relation.reviews)
            || roles.has(Role::Operator)
    }

    /// Whether the viewer sees whole mobile numbers.
    pub(crate) fn sees_phones(&self) -> bool {
        self.is_theirs()
    }

    /// Whether the viewer administers it or is one of its contacts: others only look on.
    pub(crate) fn is_theirs(&self) -> bool {
        let relation = self.actor.relation;
        (self.actor.roles.has(Role::Staff) && relation.administers)
            || (self.actor.roles.has(Role::Developer) && relation.contact)
    }
}

/// Reads a registration as it is stored.
///
/// # Errors
/// It can't be read.
pub(crate) fn registration_of(json: &str) -> StoreResult<ValidRegistration> {
    stored("publication.registration", json)
}

/// Reads the values for test of 运行参数 as they are stored.
///
/// # Errors
/// They can't be read.
pub(crate) fn parameters_of(json: &str) -> StoreResult<Vec<Parameter>> {
    stored("publication.test_parameters", json)
}

fn stored<T: DeserializeOwned>(what: &'static str, json: &str) -> StoreResult<T> {
    serde_json::from_str(json).map_err(|error| StoreError::Unreadable { what, value: error.to_string() })
}

/// The publication, if it is within reach: staff see what they administer, developers what names them as a contact, reviewers
/// what has an order that is or was theirs to decide, operators all.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub(crate) async fn publication(conn: &mut Conn, ctx: &Ctx, id: PublicationId) -> Result<Granted> {
    let person = ctx.with_role(&VIEWERS)?;
    let granted = look(conn, person, id).await?;
    if granted.is_within_reach() { Ok(granted) } else { Err(Error::NotFound) }
}

/// The version and its publication, if that is within reach.
///
/// # Errors
/// As [`publication`].
pub(crate) async fn version(conn: &mut Conn, ctx: &Ctx, id: VersionId) -> Result<(VersionRecord, Granted)> {
    ctx.with_role(&VIEWERS)?;
    let record = version::of(conn, id.0).await?.ok_or(Error::NotFound)?;
    let granted = publication(conn, ctx, PublicationId(record.publication_id)).await?;
    Ok((record, granted))
}

/// The order, if it is within reach: staff see those that they filed and those of what they administer, reviewers those with
/// a step that is theirs, operators all.
///
/// # Errors
/// As [`publication`].
pub(crate) async fn order(conn: &mut Conn, ctx: &Ctx, id: OrderId) -> Result<GrantedOrder> {
    let person = ctx.with_role(&[Role::Staff, Role::Reviewer, Role::Operator])?;
    let order = work_order::of(conn, id.0).await?.ok_or(Error::NotFound)?;
    let of = match (order.publication_id, order.stock_id) {
        (Some(id), _) => OrderOf::Publication(Box::new(look(conn, person, PublicationId(id)).await?)),
        (None, Some(id)) => OrderOf::Stock(Box::new(stock::look_by_order(conn, person, id, &order.form).await?)),
        (None, None) => return Err(Error::NotFound),
    };
    let own = of.actor().relation.administers || order.initiator_id == person.person.0;
    let within = (person.roles.has(Role::Staff) && own)
        || (person.roles.has(Role::Reviewer) && reach::reviews_order(conn, id.0, person.person).await?)
        || person.roles.has(Role::Operator);
    if within { Ok(GrantedOrder { order, of }) } else { Err(Error::NotFound) }
}

/// The publication as it is to the person, within reach or not. The reads are several: until they fit together they are
/// done again, and what changes after them is found out by the write.
async fn look(conn: &mut Conn, person: &SignedIn, id: PublicationId) -> Result<Granted> {
    let mut tries = 0;
    loop {
        tries += 1;
        let of = reach::publication(conn, id.0, person.person).await?.ok_or(Error::NotFound)?;
        let known = facts::of_one(conn, &of.row, person.person).await?;
        if known.facts.is_consistent() || tries == TRIES {
            let (administers, contact, reviews) = (of.administers, of.contact, of.reviews);
            let relation = Relation { administers, contact, reviews, in_seat: known.in_seat };
            let actor = Actor { person: person.person, roles: person.roles, relation };
            return Ok(Granted { of, facts: known.facts, actor });
        }
    }
}
