//! 账号, found by the account's name. Whose is new has no password yet: an activation link or 浙政钉 lets them in.

use super::{Compared, Compares, Seen};
use crate::Engine;
use crate::ctx::Ctx;
use crate::publication::ENV;
use crate::store::person::{self, Person};
use crate::store::person_kept::{self as store, KnownPerson};
use crate::store::{Conn, StoreError, StoreResult, account, department};
use domain::PersonId;
use domain::UtcMillis;
use domain::import::{AccountEntry, Cells};
use domain::text::mask_numbers;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) struct Comparing {
    engine: Engine,
    now: UtcMillis,
    /// By name.
    departments: HashMap<String, Uuid>,
    /// By account.
    known: HashMap<String, KnownPerson>,
    /// Numbers and ids that are taken, with the account that has them.
    taken: HashMap<String, String>,
    seen: Seen,
}

pub(super) enum Write {
    New(Box<Person>),
    /// Whether what the person is known by is another: then they are asked to sign in anew.
    Changed(KnownPerson, bool),
}

impl Comparing {
    pub(super) async fn new(conn: &mut Conn, engine: &Engine, ctx: &Ctx) -> StoreResult<Self> {
        let departments = department::all(conn).await?.into_iter().collect();
        let known = store::known(conn).await?;
        let mut taken = HashMap::new();
        for row in &known {
            taken.extend(row.mobile.as_ref().map(|mobile| (format!("手机号 {mobile}"), row.account.clone())));
            taken.extend(row.dingtalk_id.map(|id| (format!("人员浙政钉ID {id}"), row.account.clone())));
        }
        let known = known.into_iter().map(|row| (row.account.clone(), row)).collect();
        Ok(Self { engine: engine.clone(), now: ctx.now, departments, known, taken, seen: Seen::default() })
    }
}

impl Compares for Comparing {
    fn compare(&mut self, line: usize, cells: Cells<'_>) -> Result<Compared, String> {
        let entry = AccountEntry::read(cells, &ENV)?;
        self.seen.once("账号", &entry.account, line)?;
        for (what, value) in
            [("手机号", entry.mobile.clone()), ("人员浙政钉ID", entry.dingtalk_id.map(|id| id.to_string()))]
        {
            let Some(value) = value else { continue };
            self.seen.once(what, &value, line)?;
            let holder = self.taken.get(&format!("{what} {value}")).filter(|account| **account != entry.account);
            if let Some(other) = holder {
                return Err(format!("{what}已属于账号 {other}，请先在那个账号上清除"));
            }
        }
        let department = match &entry.department {
            None => None,
            Some(name) => {
                let found = self.departments.get(name).copied();
                Some(found.ok_or_else(|| format!("没有名为「{name}」的部门，请先导入部门"))?)
            }
        };
        match self.known.get(&entry.account) {
            None => Ok(self.new_person(entry, department)),
            Some(known) if known.is_administrator => Ok(Compared::Kept("管理员的账号不由导入更改".to_owned())),
            Some(known) => Ok(changed(known, entry, department)),
        }
    }
}

impl Comparing {
    fn new_person(&self, entry: AccountEntry, department: Option<Uuid>) -> Compared {
        let AccountEntry { account, name, mobile, email, dingtalk_id, .. } = entry;
        let row = Person {
            id: self.engine.entropy().id(self.now),
            account,
            name,
            department_id: department,
            mobile,
            active: true,
            created_at: self.now.0,
            password_hash: None,
            password_set_at: None,
            totp_secret: None,
            totp_step: 0,
            email,
            dingtalk_id,
        };
        let after = said(&row.name, row.department_id, row.mobile.as_deref(), row.email.as_deref(), row.dingtalk_id);
        Compared::New(super::Write::Account(Write::New(Box::new(row))), after)
    }
}

/// What the table leaves empty stays as it is.
fn changed(known: &KnownPerson, entry: AccountEntry, department: Option<Uuid>) -> Compared {
    let new = KnownPerson {
        name: entry.name,
        department_id: department.or(known.department_id),
        mobile: entry.mobile.or_else(|| known.mobile.clone()),
        email: entry.email.or_else(|| known.email.clone()),
        dingtalk_id: entry.dingtalk_id.or(known.dingtalk_id),
        ..known.clone()
    };
    let of = |row: &KnownPerson| {
        said(&row.name, row.department_id, row.mobile.as_deref(), row.email.as_deref(), row.dingtalk_id)
    };
    let (before, after) = (of(known), of(&new));
    if new == *known {
        return Compared::Same;
    }
    let another_number = (&new.mobile, new.dingtalk_id) != (&known.mobile, known.dingtalk_id);
    Compared::Other(super::Write::Account(Write::Changed(new, another_number)), before, after)
}

/// For the audit log: numbers masked.
fn said(name: &str, department: Option<Uuid>, mobile: Option<&str>, email: Option<&str>, id: Option<i64>) -> Value {
    json!([name, department, mobile.map(mask_numbers), email, id])
}

impl Write {
    pub(super) const fn id(&self) -> Uuid {
        match self {
            Write::New(row) => row.id,
            Write::Changed(row, _) => row.id,
        }
    }

    pub(super) async fn write(&self, conn: &mut Conn) -> StoreResult<()> {
        match self {
            Write::New(row) => person::insert(conn, row).await,
            Write::Changed(row, another_number) => {
                if store::hold(conn, PersonId(row.id)).await? {
                    return Err(StoreError::Conflict);
                }
                store::update(conn, row).await?;
                if *another_number {
                    account::end_sessions(conn, PersonId(row.id)).await?;
                }
                Ok(())
            }
        }
    }
}
