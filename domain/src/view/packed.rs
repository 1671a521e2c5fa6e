//! How a page of a name list travels: rows in the same state have the same menu, mostly, and a menu is many sentences. Each is sent
//! once, beside the rows (docs/benchmarks.md).

use serde::{Deserialize, Serialize};

use super::publication::{PublicationPage, PublicationRow, RowMenu};
use crate::state::State;
use crate::time::UtcMillis;

/// A [`PublicationPage`] on its way.
#[derive(Serialize, Deserialize)]
pub(super) struct Packed {
    /// Without their menus.
    rows: Vec<PublicationRow>,
    menus: Vec<RowMenu>,
    /// Which of the menus is whose, in the order of the rows.
    menu_of: Vec<u16>,
    counts: Vec<(State, i64)>,
    total: i64,
    capped: bool,
    now: UtcMillis,
    heard: i64,
    newer: Option<i64>,
    older: Option<i64>,
}

impl From<PublicationPage> for Packed {
    fn from(page: PublicationPage) -> Self {
        let PublicationPage { mut rows, counts, total, capped, now, heard, newer, older } = page;
        let (mut menus, mut menu_of) = (Vec::new(), Vec::with_capacity(rows.len()));
        for row in &mut rows {
            let menu = std::mem::take(&mut row.menu);
            let at = menus.iter().position(|known| *known == menu).unwrap_or_else(|| {
                menus.push(menu);
                menus.len() - 1
            });
            // A page has a hundred rows at most.
            menu_of.push(u16::try_from(at).unwrap_or(u16::MAX));
        }
        Self { rows, menus, menu_of, counts, total, capped, now, heard, newer, older }
    }
}

impl From<Packed> for PublicationPage {
    fn from(packed: Packed) -> Self {
        let Packed { mut rows, menus, menu_of, counts, total, capped, now, heard, newer, older } = packed;
        for (row, at) in rows.iter_mut().zip(menu_of) {
            row.menu = menus.get(usize::from(at)).cloned().unwrap_or_default();
        }
        Self { rows, counts, total, capped, now, heard, newer, older }
    }
}
