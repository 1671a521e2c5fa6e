//! Rows that changed while the list is open: they lie over those of the page, and fall with it.

use crate::api::publication::publication_rows;
use crate::parts::live::Live;
use domain::query::PublicationQuery;
use domain::view::publication::{PublicationPage, PublicationRow};
use domain::{PublicationId, Side, State, UtcMillis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

/// The newer rows of one page.
#[derive(Clone, Copy)]
pub(super) struct Patches {
    side: Side,
    query: StoredValue<PublicationQuery>,
    heard: i64,
    /// The version of each row that is there, or was asked for.
    known: StoredValue<BTreeMap<PublicationId, i64>>,
    rows: RwSignal<BTreeMap<PublicationId, (PublicationRow, UtcMillis)>>,
    counts: RwSignal<Option<Vec<(State, i64)>>>,
}

impl Patches {
    /// Follows what happens to the rows of this page.
    pub(super) fn of(side: Side, query: &PublicationQuery, page: &PublicationPage) -> Self {
        let known = page.rows.iter().map(|row| (row.id, row.version)).collect();
        let patches = Self {
            side,
            query: StoredValue::new(query.clone()),
            heard: page.heard,
            known: StoredValue::new(known),
            rows: RwSignal::default(),
            counts: RwSignal::default(),
        };
        Effect::new(move |_| {
            let stale = patches.stale();
            if !stale.is_empty() {
                spawn_local(patches.read(stale));
            }
        });
        patches
    }

    /// The row as it is now and when that was read, if it changed.
    pub(super) fn newer(self, id: PublicationId) -> Memo<Option<(PublicationRow, UtcMillis)>> {
        Memo::new(move |_| self.rows.with(|rows| rows.get(&id).cloned()))
    }

    /// The counts of the tabs now, if they changed.
    pub(super) fn counts(self) -> Option<Vec<(State, i64)>> {
        self.counts.get()
    }

    /// The rows of which there is a newer version.
    fn stale(self) -> Vec<PublicationId> {
        let Some(live) = Live::get() else { return Vec::new() };
        let changed = live.changed_since(self.heard);
        let is_stale =
            |known: &BTreeMap<PublicationId, i64>, id, version| known.get(id).is_some_and(|old| *old < version);
        self.known.with_value(|known| {
            changed
                .values()
                .filter(|news| is_stale(known, &news.publication, news.version))
                .map(|n| n.publication)
                .collect()
        })
    }

    async fn read(self, ids: Vec<PublicationId>) {
        let Some(query) = self.query.try_get_value() else { return };
        let Ok(update) = publication_rows(self.side, ids, query).await else { return };
        // The page may be gone by now.
        let _ = self.known.try_update_value(|known| known.extend(update.rows.iter().map(|row| (row.id, row.version))));
        let rows = update.rows.into_iter().map(|row| (row.id, (row, update.now)));
        let _ = self.rows.try_update(|known| known.extend(rows));
        let _ = self.counts.try_set(Some(update.counts));
    }
}
