//! 发布: the row, its contacts, its sites, its grams, its counts.

use super::publication_change::take_name;
use super::{Conn, StoreError, StoreResult, grams, on, waiting};
use domain::fields::ValidRegistration;
use domain::rollout::RolloutPhase;
use domain::{PublicationType, Side, State, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// The columns of [`PublicationRow`], of the table `p`.
macro_rules! publication_columns {
    () => {
        "p.key, p.id, p.version, p.side, p.kind, p.channels, p.hosted, p.linked, p.state, p.name, p.icon, p.republished,
        p.configuring_from, p.rollout, p.turn_since, p.updated_at"
    };
}
pub(super) use publication_columns;

/// One publication as it is stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PublicationRow {
    /// In order of creation; the number of the 服务ID.
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    /// The aggregate's version.
    pub(crate) version: i64,
    pub(crate) side: String,
    pub(crate) kind: String,
    pub(crate) channels: i64,
    pub(crate) hosted: bool,
    pub(crate) linked: bool,
    pub(crate) state: String,
    pub(crate) name: String,
    pub(crate) icon: String,
    pub(crate) republished: bool,
    pub(crate) configuring_from: Option<String>,
    /// What the chip adds to 已发布 while a plan is open.
    pub(crate) rollout: Option<String>,
    pub(crate) turn_since: i64,
    pub(crate) updated_at: i64,
}

/// What a registration writes.
#[derive(Debug, Clone)]
pub(crate) struct NewPublication {
    pub(crate) id: Uuid,
    pub(crate) system: Uuid,
    pub(crate) state: State,
    pub(crate) registration: ValidRegistration,
    pub(crate) now: UtcMillis,
}

impl PublicationRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn side(&self) -> StoreResult<Side> {
        Side::from_id(&self.side).ok_or_else(|| unreadable("publication.side", &self.side))
    }

    /// # Errors
    /// See [`Self::side`].
    pub(crate) fn kind(&self) -> StoreResult<PublicationType> {
        PublicationType::from_id(&self.kind).ok_or_else(|| unreadable("publication.kind", &self.kind))
    }

    /// # Errors
    /// See [`Self::side`].
    pub(crate) fn state(&self) -> StoreResult<State> {
        State::from_id(&self.state).ok_or_else(|| unreadable("publication.state", &self.state))
    }

    /// # Errors
    /// See [`Self::side`].
    pub(crate) fn rollout(&self) -> StoreResult<Option<RolloutPhase>> {
        let known = |id: &String| RolloutPhase::from_id(id).ok_or_else(|| unreadable("publication.rollout", id));
        self.rollout.as_ref().map(known).transpose()
    }
}

fn unreadable(what: &'static str, value: &str) -> StoreError {
    StoreError::Unreadable { what, value: value.to_owned() }
}

/// Writes a new publication whole, and returns its key. Names are unique within their side (`publication_name_side_name_key_key`).
pub(crate) async fn insert(conn: &mut Conn, new: &NewPublication) -> StoreResult<i64> {
    let key = insert_row(conn, new).await?;
    for contact in &new.registration.contacts {
        insert_contact(conn, new.id, &contact.phone, &contact.name).await?;
    }
    for region in &new.registration.scope {
        insert_site(conn, key, i64::from(region.code())).await?;
    }
    index_name(conn, key, &new.registration.name_key()).await?;
    take_name(conn, new.registration.shape.side, &new.registration.name_key(), new.id).await?;
    count(conn, new.system, new.registration.shape.side, new.state, 1).await?;
    Ok(key)
}

async fn insert_row(conn: &mut Conn, new: &NewPublication) -> StoreResult<i64> {
    const SQL: &str =
        "INSERT INTO publication (id, version, side, kind, channels, hosted, linked, system_id, state, name,
            name_key, icon, registration, round_after, republished, turn_since, created_at, updated_at)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, FALSE, $13, $13, $13) RETURNING key";
    let registration = &new.registration;
    let shape = registration.shape;
    let json = serde_json::to_string(registration).map_err(|e| unreadable("registration", &e.to_string()))?;
    on!(conn, c => Ok(sqlx::query_scalar(SQL)
        .bind(new.id)
        .bind(shape.side.id())
        .bind(shape.kind.id())
        .bind(i64::from(shape.channels.bits()))
        .bind(shape.hosted)
        .bind(shape.linked)
        .bind(new.system)
        .bind(new.state.id())
        .bind(&registration.name)
        .bind(registration.name_key())
        .bind(&registration.icon)
        .bind(json)
        .bind(new.now.0)
        .fetch_one(c)
        .await?))
}

pub(super) async fn insert_contact(conn: &mut Conn, publication: Uuid, mobile: &str, name: &str) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO publication_contact (publication_id, mobile, name, suspended) VALUES ($1, $2, $3, FALSE)";
    waiting::later(conn, SQL, vec![publication.into(), mobile.into(), name.into()]).await
}

pub(super) async fn insert_site(conn: &mut Conn, key: i64, region: i64) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO publication_site (publication_key, region) VALUES ($1, $2)";
    waiting::later(conn, SQL, vec![key.into(), region.into()]).await
}

/// Whether a publication of the side has the name, 已下线 and open changes included.
pub(crate) async fn name_is_taken(conn: &mut Conn, side: Side, name_key: &str) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM publication_name WHERE side = $1 AND name_key = $2";
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(side.id()).bind(name_key).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Puts a new name into the keyword index.
pub(super) async fn index_name(conn: &mut Conn, key: i64, name_key: &str) -> StoreResult<()> {
    const SQLITE: &str = "INSERT INTO publication_gram (rowid, grams) VALUES ($1, $2)";
    const POSTGRES: &str = "UPDATE publication SET grams = STRING_TO_ARRAY($2, ' ') WHERE key = $1";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    let grams = grams::of_name(name_key).into_iter().collect::<Vec<_>>().join(" ");
    on!(conn, c => sqlx::query(sql).bind(key).bind(grams).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Takes a name out of the keyword index, before another comes in. PostgreSQL's is the row's own column: it is overwritten.
pub(super) async fn unindex_name(conn: &mut Conn, key: i64, name_key: &str) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO publication_gram (publication_gram, rowid, grams) VALUES ('delete', $1, $2)";
    if conn.is_postgres() {
        return Ok(());
    }
    let grams = grams::of_name(name_key).into_iter().collect::<Vec<_>>().join(" ");
    on!(conn, c => sqlx::query(SQL).bind(key).bind(grams).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Counts a publication that went from one state to another.
pub(crate) async fn count_move(conn: &mut Conn, system: Uuid, side: Side, from: State, to: State) -> StoreResult<()> {
    let mut steps = [(from, -1), (to, 1)];
    // Two changes that go opposite ways meet at the same row first: no deadlock.
    steps.sort_unstable_by_key(|(state, _)| state.id());
    for (state, by) in steps {
        count(conn, system, side, state, by).await?;
    }
    Ok(())
}

/// Adds to the kept count of a system, a side and a state; triggers add it to those of the system's administrators.
async fn count(conn: &mut Conn, system: Uuid, side: Side, state: State, by: i64) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO publication_count (system_id, side, state, n) VALUES ($1, $2, $3, $4)
        ON CONFLICT (system_id, side, state) DO UPDATE SET n = publication_count.n + $4";
    waiting::later(conn, SQL, vec![system.into(), side.id().into(), state.id().into(), by.into()]).await
}

/// The kept counts of what the person administers, by state.
pub(crate) async fn counts(conn: &mut Conn, person: Uuid, side: Side) -> StoreResult<Vec<(State, i64)>> {
    const SQL: &str = "SELECT state, n FROM person_publication_count WHERE person_id = $1 AND side = $2 AND n <> 0
        ORDER BY state";
    by_state(on!(conn, c => sqlx::query_as(SQL).bind(person).bind(side.id()).fetch_all(c).await)?)
}

/// Numbers by the word of a state.
pub(crate) fn by_state(rows: Vec<(String, i64)>) -> StoreResult<Vec<(State, i64)>> {
    let known = |(id, n): (String, i64)| {
        let state = State::from_id(&id).ok_or_else(|| unreadable("publication.state", &id))?;
        Ok((state, n))
    };
    rows.into_iter().map(known).collect()
}

/// The kept counts, of systems and of persons, each beside what it must be: of tests.
#[cfg(test)]
pub(crate) async fn counted(conn: &mut Conn) -> StoreResult<[[Vec<(Uuid, String, String, i64)>; 2]; 2]> {
    const KEPT: &str =
        "SELECT system_id, side, state, n FROM publication_count WHERE n <> 0 ORDER BY system_id, side, state";
    const TRUE: &str = "SELECT system_id, side, state, COUNT(*) AS n FROM publication
        GROUP BY system_id, side, state ORDER BY system_id, side, state";
    const KEPT_OF_PERSONS: &str =
        "SELECT person_id, side, state, n FROM person_publication_count WHERE n <> 0 ORDER BY person_id, side, state";
    const TRUE_OF_PERSONS: &str = "SELECT a.person_id, p.side, p.state, COUNT(*) AS n FROM publication AS p
        JOIN application_system_administrator AS a ON a.system_id = p.system_id
        GROUP BY a.person_id, p.side, p.state ORDER BY a.person_id, p.side, p.state";
    let kept = on!(conn, c => sqlx::query_as(KEPT).fetch_all(c).await)?;
    let counted = on!(conn, c => sqlx::query_as(TRUE).fetch_all(c).await)?;
    let kept_of_persons = on!(conn, c => sqlx::query_as(KEPT_OF_PERSONS).fetch_all(c).await)?;
    let counted_of_persons = on!(conn, c => sqlx::query_as(TRUE_OF_PERSONS).fetch_all(c).await)?;
    Ok([[kept, counted], [kept_of_persons, counted_of_persons]])
}

/// 联系人待确认: names and numbers.
pub(crate) async fn suspended(conn: &mut Conn, publication: Uuid) -> StoreResult<Vec<(String, String)>> {
    const SQL: &str = "SELECT name, mobile FROM publication_contact WHERE publication_id = $1 AND suspended = TRUE
        ORDER BY mobile";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(publication).fetch_all(c).await?))
}

/// A suspended contact is confirmed.
pub(crate) async fn confirm(conn: &mut Conn, publication: Uuid, mobile: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication_contact SET suspended = FALSE WHERE publication_id = $1 AND mobile = $2";
    on!(conn, c => sqlx::query(SQL).bind(publication).bind(mobile).execute(c).await.map(|_| ()))?;
    Ok(())
}
