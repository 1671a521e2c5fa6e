//! 部门, found by their 浙政钉 ID.

use super::{Compared, Compares, Seen};
use crate::Engine;
use crate::ctx::Ctx;
use crate::store::department::{self as store, Department};
use crate::store::{Conn, StoreResult};
use domain::UtcMillis;
use domain::import::{Cells, DepartmentEntry};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) struct Comparing {
    engine: Engine,
    now: UtcMillis,
    /// By 浙政钉 ID.
    known: HashMap<String, Department>,
    /// Names, with the 浙政钉 ID of who has it.
    names: HashMap<String, String>,
    seen: Seen,
}

pub(super) enum Write {
    New(Department),
    Changed(Department),
}

impl Comparing {
    pub(super) async fn new(conn: &mut Conn, engine: &Engine, ctx: &Ctx) -> StoreResult<Self> {
        let known = store::whole(conn).await?;
        let names = known.iter().map(|row| (row.name.clone(), row.dingtalk_id.clone())).collect();
        let known = known.into_iter().map(|row| (row.dingtalk_id.clone(), row)).collect();
        Ok(Self { engine: engine.clone(), now: ctx.now, known, names, seen: Seen::default() })
    }
}

impl Compares for Comparing {
    fn compare(&mut self, line: usize, cells: Cells<'_>) -> Result<Compared, String> {
        let entry = DepartmentEntry::read(cells)?;
        self.seen.once("浙政钉ID", &entry.dingtalk_id, line)?;
        self.seen.once("部门", &entry.name, line)?;
        if let Some(other) = self.names.get(&entry.name).filter(|other| **other != entry.dingtalk_id) {
            return Err(format!("部门「{}」已有另一个浙政钉ID：{other}", entry.name));
        }
        let known = self.known.get(&entry.dingtalk_id);
        let id = known.map_or_else(|| self.engine.entropy().id(self.now), |row| row.id);
        let DepartmentEntry { dingtalk_id, name, region } = entry;
        let row = Department { id, name, dingtalk_id, region: region.to_string() };
        let after = said(&row);
        Ok(match known.map(said) {
            None => Compared::New(super::Write::Department(Write::New(row)), after),
            Some(before) if before == after => Compared::Same,
            Some(before) => Compared::Other(super::Write::Department(Write::Changed(row)), before, after),
        })
    }
}

fn said(row: &Department) -> Value {
    json!([row.name, row.region])
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
