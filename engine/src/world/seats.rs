//! Accounts and seats beyond the demo's.

use super::World;
use crate::ctx::Ctx;
use crate::store::person::{self, Person};
use crate::store::{raw, seat};
use domain::{RegionCode, Role, Seat};

impl World {
    /// One more reviewer, signed in.
    pub(crate) async fn reviewer(&self, account: &'static str, name: &'static str, region: &'static str) -> Ctx {
        let id = self.key();
        let now = self.engine.now();
        let made = self.engine.db().write((), move |conn, _| {
            Box::pin(async move {
                let row = Person {
                    id,
                    account: account.to_owned(),
                    name: name.to_owned(),
                    department_id: None,
                    mobile: None,
                    active: true,
                    created_at: now.0 + 1_000,
                    password_hash: None,
                    password_set_at: None,
                    totp_secret: None,
                    totp_step: 0,
                    email: None,
                    dingtalk_id: None,
                };
                person::insert(conn, &row).await?;
                person::insert_role(conn, row.person_id(), Role::Reviewer, region).await
            })
        });
        made.await.unwrap();
        self.request_of(account).await
    }

    /// The person reviews for this region, too.
    pub(crate) async fn gives_seat(&self, account: &'static str, region: &'static str) {
        let given = self.engine.db().write((), move |conn, _| {
            Box::pin(async move {
                let who = person::by_account(conn, account).await?.expect("somebody");
                person::insert_role(conn, who.person_id(), Role::Reviewer, region).await
            })
        });
        given.await.unwrap();
    }

    /// The person reviews for this region no more.
    pub(crate) async fn takes_seat(&self, account: &'static str, region: &'static str) {
        let taken = self.engine.db().write((), move |conn, _| {
            Box::pin(async move {
                let who = person::by_account(conn, account).await?.expect("somebody");
                let held = Seat { role: Role::Reviewer, region: RegionCode::parse(region) };
                seat::take(conn, who.person_id(), held).await
            })
        });
        taken.await.unwrap();
    }

    /// The account is disabled.
    pub(crate) async fn retires(&self, account: &'static str) {
        let sql = match account {
            "zhoutao" => "UPDATE person SET active = FALSE WHERE account = 'zhoutao'",
            "wufang" => "UPDATE person SET active = FALSE WHERE account = 'wufang'",
            "wangjianguo" => "UPDATE person SET active = FALSE WHERE account = 'wangjianguo'",
            "zhaolei" => "UPDATE person SET active = FALSE WHERE account = 'zhaolei'",
            other => panic!("nobody retires {other} yet"),
        };
        self.engine.db().write((), move |conn, _| Box::pin(raw(conn, sql))).await.unwrap();
    }
}
