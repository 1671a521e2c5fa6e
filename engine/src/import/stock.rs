//! 存量应用, found by 原应用ID.

use super::{Compared, Compares, Seen};
use crate::Engine;
use crate::ctx::Ctx;
use crate::publication::ENV;
use crate::store::stock::{self as store, Imported, KnownRow};
use crate::store::{Conn, StoreResult, department};
use domain::import::Cells;
use domain::stock::import::Entry;
use domain::stock::import_may_change;
use domain::{StockState, UtcMillis};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) struct Comparing {
    engine: Engine,
    now: UtcMillis,
    /// By name.
    departments: HashMap<String, Uuid>,
    /// By 原应用ID.
    known: HashMap<String, KnownRow>,
    seen: Seen,
}

pub(super) enum Write {
    New(Imported),
    Changed(Imported),
}

impl Comparing {
    pub(super) async fn new(conn: &mut Conn, engine: &Engine, ctx: &Ctx) -> StoreResult<Self> {
        let departments = department::all(conn).await?.into_iter().collect();
        let known = store::known(conn).await?.into_iter().map(|row| (row.original_id.clone(), row)).collect();
        Ok(Self { engine: engine.clone(), now: ctx.now, departments, known, seen: Seen::default() })
    }
}

impl Compares for Comparing {
    fn compare(&mut self, line: usize, cells: Cells<'_>) -> Result<Compared, String> {
        let entry = Entry::read(cells)?;
        let department = self.departments.get(&entry.department).copied();
        let department = department.ok_or_else(|| format!("没有名为「{}」的部门", entry.department))?;
        self.seen.once("原应用ID", &entry.original_id, line)?;
        let row = |id| Imported {
            id,
            original_id: entry.original_id.clone(),
            // As keywords are: full-width letters and narrow ones are the same.
            name: ENV.clean(&entry.name),
            english_name: ENV.clean(&entry.english_name),
            department,
            listed: entry.listed,
            address: entry.address.clone(),
            now: self.now,
        };
        let Some(known) = self.known.get(entry.original_id.as_str()) else {
            let new = row(self.engine.entropy().id(self.now));
            let after = said(&new);
            return Ok(Compared::New(super::Write::Stock(Write::New(new)), after));
        };
        let state = StockState::from_id(&known.state).unwrap_or(StockState::Linked);
        if !import_may_change(state) {
            return Ok(Compared::Kept(format!("{}，不再由导入更改", domain::words::stock_state(state))));
        }
        let new = row(known.id);
        let before = json!([known.name, known.english_name, known.listed, known.address, known.department_id]);
        let after = said(&new);
        if before == after {
            return Ok(Compared::Same);
        }
        Ok(Compared::Other(super::Write::Stock(Write::Changed(new)), before, after))
    }
}

/// What a row says, for the audit log.
fn said(row: &Imported) -> Value {
    json!([row.name, row.english_name, row.listed.id(), row.address, row.department])
}

impl Write {
    pub(super) const fn id(&self) -> Uuid {
        match self {
            Write::New(row) | Write::Changed(row) => row.id,
        }
    }

    pub(super) async fn write(&self, conn: &mut Conn) -> StoreResult<()> {
        match self {
            Write::New(row) => store::insert(conn, row).await,
            Write::Changed(row) => store::update(conn, row).await,
        }
    }
}
