//! Seats: who holds which role for which region, and what the routing reads of a publication.

use super::work_order::unreadable;
use super::{Conn, StoreResult, on};
use crate::files::hex;
use domain::routing::{Named, SeatHolder};
use domain::{PersonId, RegionCode, Role, Seat, UtcMillis};
use sha2::{Digest, Sha256};
use sqlx_macros::FromRow;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A seat with its holder's name.
#[derive(Debug, Clone)]
pub(crate) struct NamedSeat {
    pub(crate) seat: SeatHolder,
    pub(crate) name: String,
    pub(crate) account: String,
    /// When they last signed in, or their account was made; `None`: they never did, and have no password.
    pub(crate) seen_at: Option<UtcMillis>,
}

#[derive(FromRow)]
struct HolderRow {
    id: Uuid,
    name: String,
    account: String,
    role: String,
    region: String,
    seen_at: Option<i64>,
}

/// Everybody active in a seat that decides orders.
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<NamedSeat>> {
    const SQL: &str =
        "SELECT q.id, q.name, q.account, r.role, r.region, CASE WHEN q.seen_at IS NULL AND q.password_hash IS NULL THEN NULL
            ELSE COALESCE(q.seen_at, q.created_at) END AS seen_at
        FROM person_role AS r JOIN person AS q ON q.id = r.person_id
        WHERE r.role IN ('reviewer', 'operator') AND q.active = TRUE ORDER BY q.created_at, q.id";
    let rows: Vec<HolderRow> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let named = |row: HolderRow| {
        let role = Role::from_id(&row.role).ok_or_else(|| unreadable("person_role.role", &row.role))?;
        // A seat of a region that is no more decides nothing.
        let Some(region) = RegionCode::parse(&row.region) else { return Ok(None) };
        let seat = SeatHolder { person: PersonId(row.id), role, region };
        Ok(Some(NamedSeat { seat, name: row.name, account: row.account, seen_at: row.seen_at.map(UtcMillis) }))
    };
    rows.into_iter().filter_map(|row| named(row).transpose()).collect()
}

/// The group of these people, as the region of a step and of their seats; made if it is not there.
pub(crate) async fn group(conn: &mut Conn, role: Role, people: &[Named]) -> StoreResult<String> {
    const SQL: &str = "INSERT INTO seat_group (region, role, person_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    // In one order: two who make it at once wait for each other.
    let ids: BTreeSet<Uuid> = people.iter().map(|named| named.person.0).collect();
    let mut hash = Sha256::new();
    hash.update(role.id());
    ids.iter().for_each(|id| hash.update(id.as_bytes()));
    let region = format!("group:{}", hex(&hash.finalize()));
    for id in ids {
        on!(conn, c => sqlx::query(SQL).bind(&region).bind(role.id()).bind(id).execute(c).await.map(|_| ()))?;
    }
    Ok(region)
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

/// Who holds what, all roles of all people. What the rules know no more is left out.
pub(crate) async fn held(conn: &mut Conn) -> StoreResult<Vec<(PersonId, Seat)>> {
    const SQL: &str = "SELECT person_id, role, region FROM person_role ORDER BY person_id, role, region";
    let rows: Vec<(Uuid, String, String)> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(person, role, region)| Some((PersonId(person), seat(&role, &region)?))).collect())
}

/// The roles of one person, with their regions.
pub(crate) async fn of(conn: &mut Conn, person: PersonId) -> StoreResult<Vec<Seat>> {
    const SQL: &str = "SELECT role, region FROM person_role WHERE person_id = $1";
    let rows: Vec<(String, String)> = on!(conn, c => sqlx::query_as(SQL).bind(person.0).fetch_all(c).await)?;
    let mut seats: Vec<Seat> = rows.iter().filter_map(|(role, region)| seat(role, region)).collect();
    seats.sort();
    Ok(seats)
}

fn seat(role: &str, region: &str) -> Option<Seat> {
    Some(Seat { role: Role::from_id(role)?, region: RegionCode::parse(region) })
}

/// Gives a role. The database refuses roles that must be separated.
pub(crate) async fn give(conn: &mut Conn, person: PersonId, seat: Seat) -> StoreResult<()> {
    super::person::insert_role(conn, person, seat.role, &stored(seat)).await
}

/// Takes a role.
pub(crate) async fn take(conn: &mut Conn, person: PersonId, seat: Seat) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM person_role WHERE person_id = $1 AND role = $2 AND region = $3";
    let region = stored(seat);
    on!(conn, c => sqlx::query(SQL).bind(person.0).bind(seat.role.id()).bind(region).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Of a role without a region: empty.
fn stored(seat: Seat) -> String {
    seat.region.map(|region| region.to_string()).unwrap_or_default()
}

/// Whoever changes roles waits here for whoever does the same.
pub(crate) async fn lock(conn: &mut Conn) -> StoreResult<()> {
    const SQL: &str = "UPDATE installation SET created_at = created_at WHERE only_row = 1";
    on!(conn, c => sqlx::query(SQL).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether somebody else, active, has the role and can sign in with it: in a demo without an authenticator.
pub(crate) async fn has_another(conn: &mut Conn, person: PersonId, role: Role, demo: bool) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM person_role AS r JOIN person AS p ON p.id = r.person_id
        WHERE r.role = $2 AND r.person_id <> $1 AND p.active = TRUE
          AND ($3 OR (p.password_hash IS NOT NULL AND p.totp_secret IS NOT NULL))";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(person.0).bind(role.id()).bind(demo).fetch_one(c).await)?;
    Ok(n > 0)
}
