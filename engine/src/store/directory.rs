//! What stands in the directories of the channels.

use super::statement::{KeyColumn, Part, Statement, Value};
use super::{Conn, StoreResult};
use domain::fields::Audience;
use domain::{Channel, ChannelSet, RegionCode, Side};
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

/// By site: the site's own rows lead, in the same order.
const BY_SITE: KeyColumn = KeyColumn {
    below: " AND s.publication_key < ?",
    above: " AND s.publication_key > ?",
    ascending: " ORDER BY s.publication_key ASC LIMIT ?",
    descending: " ORDER BY s.publication_key DESC LIMIT ?",
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
    // SQLite takes CROSS JOIN as the order of the loops, and an index over some rows only if the statement says its condition
    // in the same words.
    const AT_SITE_SQLITE: &str = "publication_site AS s CROSS JOIN publication AS p ON p.key = s.publication_key
        WHERE s.region = ? AND p.listed = 1";
    const AT_SITE_POSTGRES: &str = "publication_site AS s JOIN publication AS p ON p.key = s.publication_key
        WHERE s.region = ? AND p.listed";
    const ALL_SQLITE: &str = "publication AS p WHERE p.listed = 1 AND p.side = ?";
    const ALL_POSTGRES: &str = "publication AS p WHERE p.listed AND p.side = ?";
    const AUDIENCE_SQLITE: &str = " AND p.registration ->> '$.audience' IN (?, 'both')";
    const AUDIENCE_POSTGRES: &str = " AND CAST(p.registration AS JSON) ->> 'audience' IN (?, 'both')";
    let postgres = conn.is_postgres();
    let mut statement = Statement::starting("SELECT p.key, p.hosted, p.live_version, p.registration FROM ");
    if let Some(site) = site {
        let sql = if postgres { AT_SITE_POSTGRES } else { AT_SITE_SQLITE };
        statement.add(sql, vec![Value::Number(i64::from(site.code()))]);
    } else {
        let sql = if postgres { ALL_POSTGRES } else { ALL_SQLITE };
        statement.add(sql, vec![Value::Text(side_of(channel).id().to_owned())]);
    }
    let bit = i64::from(ChannelSet::of(&[channel]).bits());
    statement.add(" AND (p.channels & ?) <> 0", vec![Value::Number(bit)]);
    if let Some(audience) = audience {
        let sql = if postgres { AUDIENCE_POSTGRES } else { AUDIENCE_SQLITE };
        statement.add(sql, vec![Value::Text(audience.id().to_owned())]);
    }
    statement.add_part(if site.is_some() { &BY_SITE } else { &BY_PUBLICATION }, part, limit);
    statement.rows(conn).await
}

/// The side whose registrations may choose the channel.
fn side_of(channel: Channel) -> Side {
    Side::ALL.into_iter().find(|side| side.channels().contains(&channel)).unwrap_or(Side::Service)
}
