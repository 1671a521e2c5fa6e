//! What stands in the directories of the channels.

use super::statement::{KeyColumn, Part, Statement};
use super::{Conn, StoreResult};
use domain::fields::Audience;
use domain::view::directory::DirectoryOf;
use domain::{Channel, ChannelSet, FurtherChannelId, RegionCode, Side};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A listed publication.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct EntryRow {
    pub(crate) key: i64,
    pub(crate) hosted: bool,
    pub(crate) live_version: Option<Uuid>,
    /// An open plan shows the version that goes live there.
    pub(crate) started: bool,
    /// JSON of what is registered.
    pub(crate) registration: String,
}

const BY_PUBLICATION: KeyColumn = KeyColumn {
    below: " AND p.key < ?",
    above: " AND p.key > ?",
    ascending: " ORDER BY p.key ASC LIMIT ?",
    descending: " ORDER BY p.key DESC LIMIT ?",
};

/// By site, and by further channel: their own rows lead, in the same order.
const BY_PLACE: KeyColumn = KeyColumn {
    below: " AND s.publication_key < ?",
    above: " AND s.publication_key > ?",
    ascending: " ORDER BY s.publication_key ASC LIMIT ?",
    descending: " ORDER BY s.publication_key DESC LIMIT ?",
};

/// Those of a directory, at exactly this site and for this kind of user if they are given, newest registration first.
pub(crate) async fn rows(
    conn: &mut Conn,
    of: DirectoryOf,
    site: Option<RegionCode>,
    audience: Option<Audience>,
    part: Part,
    limit: i64,
) -> StoreResult<Vec<EntryRow>> {
    const AUDIENCE: [&str; 2] = [
        " AND p.registration ->> '$.audience' IN (?, 'both')",
        " AND CAST(p.registration AS JSON) ->> 'audience' IN (?, 'both')",
    ];
    const STARTED: &str = "p.rollout IS NOT NULL AND EXISTS (SELECT 1 FROM rollout_site AS t
        WHERE t.publication_key = p.key AND t.region = ? AND t.started = TRUE) AS started FROM ";
    // What waits for its batch is in no directory there.
    const SHOWN: &str = " AND (p.rollout IS NULL OR NOT EXISTS (SELECT 1 FROM rollout_site AS w
        WHERE w.publication_key = p.key AND w.region = ? AND w.hidden = TRUE))";
    // Nor anywhere as long as its address answers only with a site: nothing was live before the plan.
    const EVERYWHERE: &str = " AND (p.rollout IS NULL OR (p.stopped = FALSE AND (p.live_version IS NOT NULL
        OR p.linked = TRUE)))";
    let dialect = usize::from(conn.is_postgres());
    let site = site.map(|site| i64::from(site.code()));
    let mut statement = Statement::starting("SELECT p.key, p.hosted, p.live_version, p.registration, ");
    statement.add(STARTED, vec![site.unwrap_or_default().into()]);
    let order = match of {
        DirectoryOf::Channel(channel) => of_channel(&mut statement, dialect, channel, site),
        DirectoryOf::Further(channel) => of_further(&mut statement, dialect, channel, site),
    };
    if let Some(audience) = audience {
        statement.add(AUDIENCE[dialect], vec![audience.id().into()]);
    }
    match site {
        Some(site) => statement.add(SHOWN, vec![site.into()]),
        None => statement.add(EVERYWHERE, Vec::new()),
    }
    statement.add_part(order, part, limit);
    statement.rows(conn).await
}

// SQLite takes CROSS JOIN as the order of the loops, and an index over some rows only if the statement says its condition in
// the same words.

fn of_channel(statement: &mut Statement, dialect: usize, channel: Channel, site: Option<i64>) -> &'static KeyColumn {
    const AT_SITE: [&str; 2] = [
        "publication_site AS s CROSS JOIN publication AS p ON p.key = s.publication_key
        WHERE s.region = ? AND p.listed = 1",
        "publication_site AS s JOIN publication AS p ON p.key = s.publication_key WHERE s.region = ? AND p.listed",
    ];
    const ALL: [&str; 2] =
        ["publication AS p WHERE p.listed = 1 AND p.side = ?", "publication AS p WHERE p.listed AND p.side = ?"];
    match site {
        Some(site) => statement.add(AT_SITE[dialect], vec![site.into()]),
        None => statement.add(ALL[dialect], vec![side_of(channel).id().into()]),
    }
    let bit = i64::from(ChannelSet::of(&[channel]).bits());
    statement.add(" AND (p.channels & ?) <> 0", vec![bit.into()]);
    if site.is_some() { &BY_PLACE } else { &BY_PUBLICATION }
}

fn of_further(
    statement: &mut Statement,
    dialect: usize,
    channel: FurtherChannelId,
    site: Option<i64>,
) -> &'static KeyColumn {
    const ALL: [&str; 2] = [
        "publication_further_channel AS s CROSS JOIN publication AS p ON p.key = s.publication_key
        WHERE s.channel_id = ? AND p.listed = 1",
        "publication_further_channel AS s JOIN publication AS p ON p.key = s.publication_key
        WHERE s.channel_id = ? AND p.listed",
    ];
    const AT_SITE: &str =
        " AND EXISTS (SELECT 1 FROM publication_site AS r WHERE r.publication_key = p.key AND r.region = ?)";
    statement.add(ALL[dialect], vec![channel.0.into()]);
    if let Some(site) = site {
        statement.add(AT_SITE, vec![site.into()]);
    }
    &BY_PLACE
}

/// The side whose registrations may choose the channel.
fn side_of(channel: Channel) -> Side {
    Side::ALL.into_iter().find(|side| side.channels().contains(&channel)).unwrap_or(Side::Service)
}
