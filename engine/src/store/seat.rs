//! Seats: who holds which role for which region, and what the routing reads of a publication.

use super::work_order::unreadable;
use super::{Conn, StoreResult, on};
use domain::routing::SeatHolder;
use domain::{PersonId, RegionCode, Role};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A seat with its holder's name.
#[derive(Debug, Clone)]
pub(crate) struct NamedSeat {
    pub(crate) seat: SeatHolder,
    pub(crate) name: String,
}

/// Everybody active in a seat that decides orders.
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<NamedSeat>> {
    const SQL: &str =
        "SELECT q.id, q.name, r.role, r.region FROM person_role AS r JOIN person AS q ON q.id = r.person_id
        WHERE r.role IN ('reviewer', 'operator') AND q.active = TRUE ORDER BY q.created_at, q.id";
    let rows: Vec<(Uuid, String, String, String)> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let named = |(person, name, role, region): (Uuid, String, String, String)| {
        let role = Role::from_id(&role).ok_or_else(|| unreadable("person_role.role", &role))?;
        // A seat of a region that is no more decides nothing.
        let region = RegionCode::parse(&region);
        Ok(region.map(|region| NamedSeat { seat: SeatHolder { person: PersonId(person), role, region }, name }))
    };
    rows.into_iter().filter_map(|row| named(row).transpose()).collect()
}

/// The building department of a publication.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DepartmentRow {
    pub(crate) system_name: String,
    pub(crate) name: String,
    pub(crate) dingtalk_id: String,
    /// Official region code of its seat.
    pub(crate) region: String,
}

/// The building department of an application system.
pub(crate) async fn department(conn: &mut Conn, system: Uuid) -> StoreResult<Option<DepartmentRow>> {
    const SQL: &str = "SELECT s.name AS system_name, d.name, d.dingtalk_id, d.region
        FROM application_system AS s JOIN department AS d ON d.id = s.department_id WHERE s.id = $1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(system).fetch_optional(c).await?))
}
