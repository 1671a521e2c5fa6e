//! Stories of live sessions and of the sign-in policy.

use super::sign_in::{self, Credentials};
use super::{live_sessions, policy, session};
use crate::account;
use crate::error::{Error, Result};
use crate::store::audit_event;
use crate::world::{World, both};
use domain::fields::{ActivationDraft, PersonDraft, PolicyDraft};
use domain::password::PasswordPolicy;
use domain::query::{SessionFrom, SessionQuery, place};
use domain::view::change_pages::ChangePage;
use domain::view::session::SessionPage;

fn strict() -> PolicyDraft {
    let default = PolicyDraft::from(&PasswordPolicy::default());
    PolicyDraft {
        length: "16".to_owned(),
        classes: "4".to_owned(),
        days: "30".to_owned(),
        before: "2".to_owned(),
        ..default
    }
}

fn of(keyword: &str) -> SessionQuery {
    SessionQuery { keyword: keyword.to_owned(), ..SessionQuery::default() }
}

impl World {
    /// A new account; what came of activating it with this password.
    async fn new_with(&self, account: &str, password: &str) -> Result<()> {
        let feng = self.request_of("fengxue").await;
        let typed = PersonDraft { account: account.to_owned(), name: "某人".to_owned(), ..PersonDraft::default() };
        let link = account::create(&self.engine, &feng, &typed).await.unwrap().link;
        let code = link.rsplit_once("code=").unwrap().1;
        let typed = ActivationDraft { password: password.to_owned(), code: String::new() };
        super::activation::complete(&self.engine, &self.nobody(), code, &typed).await
    }
}

both! {
    async fn sessions_are_seen_and_ended_by_their_owner_and_by_the_security_administrator(w: World) {
        let (first, second) = (w.token_of("wangjianguo").await, w.token_of("wangjianguo").await);
        let wang = w.request_with(&first).await;
        let own = live_sessions::own(&w.engine, &wang).await.unwrap();
        assert_eq!(own.rows.iter().filter(|row| row.here).count(), 1);
        assert_eq!(own.rows.len(), 2);
        let other = own.rows.iter().find(|row| !row.here).unwrap();
        live_sessions::end(&w.engine, &wang, &other.id).await.unwrap();
        assert!(w.request_with(&second).await.signed_in.is_none() && w.request_with(&first).await.signed_in.is_some());
        assert!(matches!(live_sessions::end(&w.engine, &wang, &other.id).await, Err(Error::NotFound)), "it is over");

        // Nobody sees or ends another's but the security administrator.
        let chu = w.request_of("chuqiang").await;
        let all = live_sessions::all(&w.engine, &chu, &of("建国")).await.unwrap();
        assert_eq!(all.rows.iter().map(|row| row.account.as_str()).collect::<Vec<_>>(), ["wangjianguo"]);
        let zhao = w.request_of("zhaolei").await;
        assert!(matches!(live_sessions::all(&w.engine, &zhao, &of("")).await, Err(Error::Forbidden)));
        assert!(matches!(live_sessions::end(&w.engine, &zhao, &all.rows[0].id).await, Err(Error::Forbidden)));
        live_sessions::end(&w.engine, &chu, &all.rows[0].id).await.unwrap();
        assert!(w.request_with(&first).await.signed_in.is_none());
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let ended: Vec<_> = events.iter().filter(|e| e.action == "session.end_other").map(|e| e.result.as_str()).collect();
        assert_eq!(ended, ["refused", "done"]);
    }

    async fn what_is_idle_or_over_is_not_listed_and_others_end_together(w: World) {
        let chu = w.request_of("chuqiang").await;
        w.token_of("limin").await;
        assert_eq!(live_sessions::all(&w.engine, &chu, &of("limin")).await.unwrap().rows.len(), 1);
        w.wait_ms(session::IDLE_MS);
        let chu = w.request_of("chuqiang").await;
        assert_eq!(live_sessions::all(&w.engine, &chu, &of("")).await.unwrap().rows.len(), 1, "the one that asks");
        let tokens = [w.token_of("limin").await, w.token_of("limin").await, w.token_of("limin").await];
        let li = w.request_with(&tokens[0]).await;
        live_sessions::end_others(&w.engine, &li).await.unwrap();
        assert!(w.request_with(&tokens[0]).await.signed_in.is_some());
        assert!(w.request_with(&tokens[1]).await.signed_in.is_none() && w.request_with(&tokens[2]).await.signed_in.is_none());
    }

    async fn everybodys_sessions_are_paged_and_each_is_on_one_page(w: World) {
        let chu = w.request_of("chuqiang").await;
        // Several of one millisecond, as of a busy morning.
        for n in 0..52 {
            w.token_of("limin").await;
            if n % 5 == 0 {
                w.wait_ms(1);
            }
        }
        let page = async |from: SessionFrom| {
            let query = SessionQuery { from, ..of("limin") };
            live_sessions::all(&w.engine, &chu, &query).await.unwrap()
        };
        let ids = |page: &SessionPage| page.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        let first = page(SessionFrom::Start).await;
        assert_eq!((first.rows.len(), first.total, &first.newer), (20, 52, &None));
        let second = page(SessionFrom::Before(first.older.clone().unwrap())).await;
        // Whoever signs in meanwhile moves nothing.
        w.wait_ms(1);
        w.token_of("limin").await;
        let third = page(SessionFrom::Before(second.older.clone().unwrap())).await;
        assert_eq!((second.rows.len(), third.rows.len(), &third.older), (20, 12, &None));
        let mut all = [ids(&first), ids(&second), ids(&third)].concat();
        let up = page(SessionFrom::After(third.newer.clone().unwrap())).await;
        assert_eq!((ids(&up), &up.older), (ids(&second), &second.older), "the same page, upwards");
        let top = page(SessionFrom::After(second.newer.clone().unwrap())).await;
        assert_eq!(ids(&top), ids(&first));
        assert!(top.newer.is_some(), "the one that came meanwhile");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 52, "each once");
        let nonsense = page(SessionFrom::Before("7-x".to_owned())).await;
        assert_eq!(nonsense.rows.len(), 20);
    }

    async fn a_page_whose_sessions_have_all_ended_is_the_first_one(w: World) {
        let chu = w.request_of("chuqiang").await;
        for _ in 0..21 {
            w.token_of("limin").await;
            w.wait_ms(1);
        }
        let page = async |from: SessionFrom| {
            let query = SessionQuery { from, ..of("limin") };
            live_sessions::all(&w.engine, &chu, &query).await.unwrap()
        };
        let ids = |page: &SessionPage| page.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        let first = page(SessionFrom::Start).await;
        let last = SessionFrom::Before(first.older.clone().unwrap());
        let above = SessionFrom::After(place(first.rows[0].created_at.0, &first.rows[0].id));
        let second = page(last.clone()).await;
        assert_eq!((first.rows.len(), second.rows.len()), (20, 1));
        // The way down is still there; and who came up looks above the newest.
        let up = page(above).await;
        assert_eq!((ids(&up), &up.newer, &up.older), (ids(&first), &None, &first.older));
        live_sessions::end(&w.engine, &chu, &second.rows[0].id).await.unwrap();
        let left = page(last).await;
        assert_eq!((ids(&left), left.total, &left.newer, &left.older), (ids(&first), 20, &None, &None));
        let none = SessionQuery { from: SessionFrom::Before(place(0, &first.rows[0].id)), ..of("nobody-here") };
        assert_eq!(live_sessions::all(&w.engine, &chu, &none).await.unwrap().rows, [], "there is nothing to be first");
    }

    async fn the_policys_changes_are_paged(w: World) {
        let chu = w.request_of("chuqiang").await;
        for n in 0..25 {
            let typed = PolicyDraft { days: (30 + n).to_string(), ..strict() };
            policy::change(&w.engine, &chu, n, &typed).await.unwrap();
        }
        let page = async |older: Option<i64>| policy::versions(&w.engine, &chu, older).await.unwrap();
        let (first, numbers) = (page(None).await, |page: &ChangePage| page.rows.iter().map(|it| it.number).collect::<Vec<_>>());
        assert_eq!(numbers(&first), (6..=25).rev().collect::<Vec<_>>());
        assert!(first.rows[0].moves[0].contains("54 天；动态口令：仅管理员"), "{:?}", first.rows[0].moves);
        let second = page(first.pages.older).await;
        assert_eq!((numbers(&second), second.number), ((1..=5).rev().collect(), 25));
        assert_eq!(page(second.pages.newer).await, first);
    }

    async fn the_policy_is_a_setting_with_versions(w: World) {
        let chu = w.request_of("chuqiang").await;
        assert_eq!(policy::present(&w.engine).await.unwrap(), PasswordPolicy::default());
        w.new_with("before", "Qiantang-Chao-18").await.unwrap();
        let bad = PolicyDraft { length: "3".to_owned(), ..strict() };
        assert!(matches!(policy::change(&w.engine, &chu, 0, &bad).await, Err(Error::Invalid(_))));
        let shown = policy::page(&w.engine, &chu, true).await.unwrap();
        assert_eq!((shown.draft, shown.errors.len()), (bad, 1), "what was typed is not lost");
        policy::change(&w.engine, &chu, 0, &strict()).await.unwrap();
        assert!(matches!(policy::change(&w.engine, &chu, 0, &PolicyDraft::from(&PasswordPolicy::default())).await, Err(Error::Conflict)));
        let shown = policy::page(&w.engine, &chu, false).await.unwrap();
        assert_eq!((shown.number, shown.made.unwrap().0.as_str()), (1, "褚强"));
        let made = policy::versions(&w.engine, &chu, None).await.unwrap().rows;
        assert_eq!((made.len(), made[0].number), (1, 1));
        assert!(made[0].moves[0].contains("16"), "{:?}", made[0].moves);
        assert!(matches!(w.new_with("after1", "Qiantang-Chao18").await, Err(Error::Invalid(_))), "15 characters");
        w.new_with("after2", "Qiantang-Chao-2026").await.unwrap();
        // What was set before holds as long as the policy says now.
        w.wait_ms(31 * 24 * 60 * 60 * 1000);
        let typed = Credentials { account: "before", password: "Qiantang-Chao-18", code: "" };
        let over = sign_in::by_password(&w.engine, &w.nobody(), typed, "test").await;
        assert!(matches!(over, Err(Error::PasswordOver)));
        let feng = w.request_of("fengxue").await;
        assert!(matches!(policy::page(&w.engine, &feng, false).await, Err(Error::Forbidden)));
        assert!(matches!(policy::versions(&w.engine, &feng, None).await, Err(Error::Forbidden)));
        assert!(matches!(policy::change(&w.engine, &feng, 1, &strict()).await, Err(Error::Forbidden)));
    }
}
