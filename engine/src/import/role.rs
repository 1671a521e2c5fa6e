//! 角色: each row gives an account one role more.

use super::{Compared, Compares};
use crate::ctx::Ctx;
use crate::store::{Conn, StoreResult, account, person_kept, seat};
use domain::import::{Cells, RoleEntry};
use domain::{PersonId, RoleSet, Seat, words};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) struct Comparing {
    own: Option<PersonId>,
    /// By account, those that are active.
    people: HashMap<String, PersonId>,
    /// What each has, with what earlier rows give.
    seats: HashMap<PersonId, Vec<Seat>>,
}

pub(super) struct Write {
    person: PersonId,
    seat: Seat,
}

impl Comparing {
    pub(super) async fn new(conn: &mut Conn, ctx: &Ctx) -> StoreResult<Self> {
        let people = person_kept::known(conn).await?.into_iter().filter(|row| row.active);
        let people = people.map(|row| (row.account, PersonId(row.id))).collect();
        let mut seats: HashMap<PersonId, Vec<Seat>> = HashMap::new();
        for (person, seat) in seat::held(conn).await? {
            seats.entry(person).or_default().push(seat);
        }
        Ok(Self { own: ctx.signed_in.as_ref().map(|who| who.person), people, seats })
    }
}

impl Compares for Comparing {
    fn compare(&mut self, _: usize, cells: Cells<'_>) -> Result<Compared, String> {
        let RoleEntry { account, seat } = RoleEntry::read(cells)?;
        let person = self.people.get(&account).copied();
        let person = person.ok_or_else(|| format!("没有在用的账号「{account}」"))?;
        if seat.role.is_administrator() {
            return Err("系统管理员、安全管理员和审计员请在角色页面逐个设置".to_owned());
        }
        if self.own == Some(person) {
            return Err("不能更改自己的角色".to_owned());
        }
        let held = self.seats.entry(person).or_default();
        if held.contains(&seat) {
            return Ok(Compared::Same);
        }
        let roles: Vec<_> = held.iter().map(|seat| seat.role).chain([seat.role]).collect();
        if !RoleSet::of(&roles).is_separated() {
            return Err("管理员不能同时有其他角色".to_owned());
        }
        held.push(seat);
        Ok(Compared::New(super::Write::Role(Write { person, seat }), json!(words::seat(seat))))
    }
}

impl Write {
    pub(super) const fn id(&self) -> Uuid {
        self.person.0
    }

    pub(super) async fn write(&self, conn: &mut Conn) -> StoreResult<()> {
        seat::give(conn, self.person, self.seat).await?;
        account::end_sessions(conn, self.person).await
    }
}
