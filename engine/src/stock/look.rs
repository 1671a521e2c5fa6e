//! A stock application as the rules see it, and who looks.

use crate::ctx::SignedIn;
use crate::error::{Error, Result};
use crate::store::stock::{self as store, StockRow};
use crate::store::work_order::OpenRow;
use crate::store::{Conn, StoreResult, application_system};
use crate::work_order::form::OrderForm;
use domain::stock::{StockFacts, offer_stock};
use domain::view::stock as view;
use domain::{Action, Actor, OrderId, PublicationId, Relation, Role, StockId, StockState};
use uuid::Uuid;

/// The row, what the rules read of it, and the person.
#[derive(Debug, Clone)]
pub(crate) struct Looked {
    pub(crate) row: StockRow,
    pub(crate) facts: StockFacts,
    pub(crate) actor: Actor,
}

/// As it is to the person, within reach or not.
///
/// # Errors
/// [`Error::NotFound`]; the store fails.
pub(crate) async fn look(conn: &mut Conn, person: &SignedIn, id: Uuid) -> Result<Looked> {
    let row = store::of(conn, id, person.person).await?.ok_or(Error::NotFound)?;
    Ok(with_order(conn, person, row).await?)
}

/// The same for the page of an order of it: whose it is says the application system that its form names.
///
/// # Errors
/// As [`look`].
pub(crate) async fn look_by_order(conn: &mut Conn, person: &SignedIn, id: Uuid, form: &str) -> Result<Looked> {
    let mut looked = look(conn, person, id).await?;
    let system = OrderForm::read(form)?.link().and_then(|registration| registration.system);
    looked.actor.relation.administers = match system {
        Some(system) => application_system::is_administered_by(conn, system.0, person.person).await?,
        None => false,
    };
    Ok(looked)
}

/// With its open order, where it has one.
pub(super) async fn with_order(conn: &mut Conn, person: &SignedIn, row: StockRow) -> StoreResult<Looked> {
    let state = row.state()?;
    let open = match state {
        StockState::LinkInReview => store::open(conn, row.id, person.person).await?,
        StockState::Unlinked | StockState::Linked => None,
    };
    let order = open.as_ref().map(OpenRow::order).transpose()?;
    let in_seat = open.is_some_and(|open| open.in_seat);
    // While it is being linked it is of one system; before, of its department.
    let administers = if state == StockState::Unlinked { row.sees } else { row.of_system };
    let relation = Relation { administers, in_seat, ..Relation::default() };
    let actor = Actor { person: person.person, roles: person.roles, relation };
    let facts = StockFacts { version: row.version, state, listed: row.listed()?, order };
    Ok(Looked { row, facts, actor })
}

impl Looked {
    /// The same, if it stands in the person's list.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) fn seen(self) -> Result<Self> {
        if self.row.sees { Ok(self) } else { Err(Error::NotFound) }
    }

    /// As the list shows it.
    pub(super) fn view(&self) -> view::StockRow {
        let Self { row, facts, actor } = self;
        // Who may open the last order, and the publication.
        let follows = actor.roles.has(Role::Operator) || (actor.roles.has(Role::Staff) && row.of_system);
        view::StockRow {
            id: StockId(row.id),
            version: row.version,
            original_id: row.original_id.clone(),
            name: row.name.clone(),
            english_name: row.english_name.clone(),
            department: row.department.clone(),
            listed: facts.listed,
            address: row.address.clone(),
            state: facts.state,
            refusal: row.refusal.clone(),
            order: row.order_id.filter(|_| follows || row.own_order).map(OrderId),
            publication: (follows && facts.state == StockState::Linked).then_some(PublicationId(row.id)),
            link: offer_stock(facts, actor, Action::Link),
        }
    }
}
