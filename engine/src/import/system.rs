//! 应用系统, found by their names, with who administers them.

use super::{Compared, Compares, Seen};
use crate::Engine;
use crate::ctx::Ctx;
use crate::store::application_system::{self as store, KnownSystem};
use crate::store::person_kept;
use crate::store::{Conn, StoreResult, department};
use domain::import::{Cells, SystemEntry};
use domain::{PersonId, UtcMillis};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) struct Comparing {
    engine: Engine,
    now: UtcMillis,
    /// By 浙政钉 ID.
    departments: HashMap<String, Uuid>,
    /// By account, those that are active.
    people: HashMap<String, Uuid>,
    /// By name.
    known: HashMap<String, KnownSystem>,
    seen: Seen,
}

pub(super) enum Write {
    New(KnownSystem),
    /// With who administered it before.
    Changed(KnownSystem, Vec<Uuid>),
}

impl Comparing {
    pub(super) async fn new(conn: &mut Conn, engine: &Engine, ctx: &Ctx) -> StoreResult<Self> {
        let departments = department::whole(conn).await?.into_iter().map(|row| (row.dingtalk_id, row.id)).collect();
        let people = person_kept::known(conn).await?.into_iter().filter(|row| row.active);
        let people = people.map(|row| (row.account, row.id)).collect();
        let known = store::known(conn).await?.into_iter().map(|row| (row.name.clone(), row)).collect();
        Ok(Self { engine: engine.clone(), now: ctx.now, departments, people, known, seen: Seen::default() })
    }
}

impl Compares for Comparing {
    fn compare(&mut self, line: usize, cells: Cells<'_>) -> Result<Compared, String> {
        let entry = SystemEntry::read(cells)?;
        self.seen.once("应用系统", &entry.name, line)?;
        let department = self.departments.get(&entry.department).copied();
        let department =
            department.ok_or_else(|| format!("没有浙政钉ID为「{}」的部门，请先导入部门", entry.department))?;
        let (mut administrators, mut unknown) = (Vec::new(), Vec::new());
        for account in &entry.administrators {
            match self.people.get(account) {
                Some(id) => administrators.push(*id),
                None => unknown.push(account.as_str()),
            }
        }
        if !unknown.is_empty() {
            return Err(format!("没有在用的账号：{}，请先导入账号", unknown.join("、")));
        }
        administrators.sort_unstable();
        let known = self.known.get(&entry.name);
        let row = KnownSystem {
            id: known.map_or_else(|| self.engine.entropy().id(self.now), |row| row.id),
            name: entry.name,
            english_name: entry.english_name,
            department_id: department,
            region: entry.region.to_string(),
            administrators,
        };
        let after = said(&row);
        Ok(match known {
            None => Compared::New(super::Write::System(Write::New(row)), after),
            Some(known) if *known == row => Compared::Same,
            Some(known) => {
                let before = known.administrators.clone();
                Compared::Other(super::Write::System(Write::Changed(row, before)), said(known), after)
            }
        })
    }
}

fn said(row: &KnownSystem) -> Value {
    json!([row.english_name, row.department_id, row.region, row.administrators])
}

impl Write {
    pub(super) const fn id(&self) -> Uuid {
        match self {
            Write::New(row) | Write::Changed(row, _) => row.id,
        }
    }

    pub(super) async fn write(&self, conn: &mut Conn, now: UtcMillis) -> StoreResult<()> {
        let (row, before) = match self {
            Write::New(row) => {
                let (english, department) = (&row.english_name, row.department_id);
                store::insert(conn, row.id, &row.name, english, department, &row.region, now).await?;
                (row, [].as_slice())
            }
            Write::Changed(row, before) => {
                store::update(conn, row).await?;
                (row, before.as_slice())
            }
        };
        for gone in before.iter().filter(|id| !row.administrators.contains(id)) {
            store::delete_administrator(conn, row.id, PersonId(*gone)).await?;
        }
        for new in row.administrators.iter().filter(|id| !before.contains(id)) {
            store::insert_administrator(conn, row.id, PersonId(*new)).await?;
        }
        Ok(())
    }
}
