//! What the rules read: of one publication before a decision, of all rows of a page for their menus. The same reads serve
//! both, four statements in one trip whatever the number of rows.

use crate::store::publication::PublicationRow;
use crate::store::read::together;
use crate::store::version_facts::{self, PointedVersion};
use crate::store::work_order::{self, OpenRow};
use crate::store::{Conn, StoreResult, further_channel};
use domain::facts::rollback_candidates;
use domain::{ChannelSet, Facts, FurtherChannelId, OrderKind, PersonId, VersionId};
use std::collections::HashMap;
use uuid::Uuid;

/// A publication's facts, as they are to one person.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) facts: Facts,
    /// The person holds the seat of the open order's current step.
    pub(crate) in_seat: bool,
}

/// Of one publication.
///
/// # Errors
/// A row has a word that no enumeration knows.
pub(crate) async fn of_one(conn: &mut Conn, row: &PublicationRow, person: PersonId) -> StoreResult<Known> {
    let known = of_rows(conn, std::slice::from_ref(row), person).await?;
    Ok(known.into_iter().next().unwrap_or(Known { facts: of_row(row)?, in_seat: false }))
}

/// Of all these rows, in their order.
///
/// # Errors
/// See [`of_one`].
pub(crate) async fn of_rows<'a>(
    conn: &mut Conn,
    rows: impl IntoIterator<Item = &'a PublicationRow>,
    person: PersonId,
) -> StoreResult<Vec<Known>> {
    let rows: Vec<&PublicationRow> = rows.into_iter().collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = HashMap::with_capacity(rows.len());
    for row in &rows {
        known.insert(row.key, Known { facts: of_row(row)?, in_seat: false });
    }
    let keys = serde_json::json!(rows.iter().map(|row| row.key).collect::<Vec<i64>>()).to_string();
    let asked = (
        work_order::open(conn, &keys, person),
        version_facts::pointed(conn, &keys),
        version_facts::ever_live(conn, &keys),
        further_channel::open(conn, &keys),
    );
    let (orders, versions, ever_live, channels) = together(conn, asked).await?;
    add_orders(orders, &mut known)?;
    add_versions(versions, &mut known);
    add_rollback(ever_live, &mut known);
    add_further_channels(channels, &mut known);
    Ok(rows.iter().filter_map(|row| known.remove(&row.key)).collect())
}

fn add_orders(rows: Vec<OpenRow>, known: &mut HashMap<i64, Known>) -> StoreResult<()> {
    for open in rows {
        if let Some(of) = known.get_mut(&open.publication_key) {
            of.facts.order = Some(open.order()?);
            of.in_seat = open.in_seat;
        }
    }
    Ok(())
}

fn add_versions(rows: Vec<PointedVersion>, known: &mut HashMap<i64, Known>) {
    for version in rows {
        let Some(of) = known.get_mut(&version.publication_key) else { continue };
        let found = version.facts();
        if version.is_newest {
            of.facts.newest = Some(found);
        }
        if version.is_submitted {
            of.facts.submitted = Some(found);
        }
        if version.is_accepted {
            of.facts.accepted = Some(found.id);
        }
        if version.is_live {
            of.facts.last_live = Some(found);
        }
    }
}

fn add_rollback(rows: Vec<(i64, Uuid)>, known: &mut HashMap<i64, Known>) {
    let mut ever: HashMap<i64, Vec<VersionId>> = HashMap::new();
    for (key, version) in rows {
        ever.entry(key).or_default().push(VersionId(version));
    }
    for (key, versions) in ever {
        if let Some(of) = known.get_mut(&key) {
            of.facts.rollback = rollback_candidates(&versions);
        }
    }
}

/// 渠道申请 is of the service side.
fn add_further_channels(rows: Vec<(i64, Uuid)>, known: &mut HashMap<i64, Known>) {
    for (key, channel) in rows {
        if let Some(of) = known.get_mut(&key) {
            of.facts.further_channels.push(FurtherChannelId(channel));
        }
    }
}

/// What the row alone says.
fn of_row(row: &PublicationRow) -> StoreResult<Facts> {
    let channels = ChannelSet::from_bits(u8::try_from(row.channels).unwrap_or_default());
    Ok(Facts {
        version: row.version,
        state: Some(row.state()?),
        linked: row.linked,
        republished: row.republished,
        rollout_open: row.rollout.is_some(),
        configuring_from: row.configuring_from.as_deref().and_then(OrderKind::from_id),
        ..Facts::unregistered(row.side()?, channels, row.kind()?, row.hosted)
    })
}
