//! Which publications a developer or a staff member may look into: named contacts, and those who administer the system.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::facts_of;
use crate::store::publication::PublicationRow;
use crate::store::version::VersionRecord;
use crate::store::workbench::{self, Pointers};
use crate::store::{Conn, StoreResult, application_system, version};
use crate::version::version_facts;
use domain::{Actor, Facts, Relation, Role};
use uuid::Uuid;

/// A publication within reach, and what the person is to it.
pub(crate) struct Reached {
    pub(crate) row: PublicationRow,
    pub(crate) pointers: Pointers,
    pub(crate) actor: Actor,
}

/// The publication, if the person may look into it.
///
/// # Errors
/// [`Error::NotSignedIn`]; [`Error::Forbidden`] for roles that have no business here; [`Error::NotFound`]; the store fails.
pub(crate) async fn publication(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Reached> {
    let person = ctx.with_role(&[Role::Staff, Role::Developer])?;
    let row = workbench::row(conn, id).await?.ok_or(Error::NotFound)?;
    let pointers = workbench::pointers(conn, id).await?.ok_or(Error::NotFound)?;
    let (staff, developer) = (person.roles.has(Role::Staff), person.roles.has(Role::Developer));
    let administers = staff && application_system::is_administered_by(conn, pointers.system_id, person.person).await?;
    let contact = developer && workbench::is_contact(conn, id, person.person.0).await?;
    if !administers && !contact {
        return Err(Error::NotFound);
    }
    let relation = Relation { administers, contact, in_seat: false };
    Ok(Reached { row, pointers, actor: Actor { person: person.person, roles: person.roles, relation } })
}

/// The version and its publication, if the person may look into it.
///
/// # Errors
/// See [`publication`].
pub(crate) async fn version(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<(VersionRecord, Reached)> {
    ctx.with_role(&[Role::Staff, Role::Developer])?;
    let record = version::of(conn, id).await?.ok_or(Error::NotFound)?;
    let reached = publication(conn, ctx, record.publication_id).await?;
    Ok((record, reached))
}

impl Reached {
    /// What the rules read.
    pub(crate) async fn facts(&self, conn: &mut Conn) -> StoreResult<Facts> {
        let versions = version_facts(conn, self.row.id).await?;
        Ok(Facts {
            newest: versions.newest,
            submitted: versions.submitted,
            accepted: versions.accepted,
            last_live: versions.last_live,
            rollback: versions.rollback,
            ..facts_of(&self.row)?
        })
    }
}
