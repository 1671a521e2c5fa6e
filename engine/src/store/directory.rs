//! What stands in the directories of the channels.

use super::statement::{KeyColumn, Part, Statement, Value};
use super::{Conn, StoreResult};
use domain::fields::Audience;
use domain::{Channel, ChannelSet, RegionCode};
use sqlx::FromRow;
use uuid::Uuid;

/// A listed publication.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct EntryRow {
    pub(crate) key: i64,
    pub(crate) hosted: bool,
    pub(crate) live_version: Option<Uuid>,
    /// JSON of what is registered.
    pub(crate) registration: String,
}

const BY_PUBLICATION: KeyColumn = KeyColumn {
    below: " AND p.key < ?",
    above: " AND p.key > ?",
    ascending: " ORDER BY p.key ASC LIMIT ?",
    descending: " ORDER BY p.key DESC LIMIT ?",
};

/// Those of a channel, at exactly this site and for this kind of user if they are given, newest registration first.
pub(crate) async fn rows(
    conn: &mut Conn,
    channel: Channel,
    site: Option<RegionCode>,
    audience: Option<Audience>,
    part: Part,
    limit: i64,
) -> StoreResult<Vec<EntryRow>> {
    const AUDIENCE_SQLITE: &str = " AND p.registration ->> '$.audience' IN (?, 'both')";
    const AUDIENCE_POSTGRES: &str = " AND CAST(p.registration AS JSON) ->> 'audience' IN (?, 'both')";
    let mut statement = Statement::starting(
        "SELECT p.key, p.hosted, p.live_version, p.registration FROM publication AS p WHERE p.listed",
    );
    let bit = i64::from(ChannelSet::of(&[channel]).bits());
    statement.add(" AND (p.channels & ?) <> 0", vec![Value::Number(bit)]);
    if let Some(site) = site {
        let at = " AND p.key IN (SELECT s.publication_key FROM publication_site AS s WHERE s.region = ?)";
        statement.add(at, vec![Value::Number(i64::from(site.code()))]);
    }
    if let Some(audience) = audience {
        let sql = if conn.is_postgres() { AUDIENCE_POSTGRES } else { AUDIENCE_SQLITE };
        statement.add(sql, vec![Value::Text(audience.id().to_owned())]);
    }
    statement.add_part(&BY_PUBLICATION, part, limit);
    statement.rows(conn).await
}
