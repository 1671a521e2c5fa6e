//! Stories of who asks on and on for what is not theirs: the log has the first ones, and how many came after them.

use super::forbidden::{OF_ALL, ONE_BY_ONE, WINDOW_MS, note_sign_in};
use super::{Event, close_windows, note_forbidden, verify};
use crate::ctx::Ctx;
use crate::identity::policy;
use crate::store::audit_event::{self, AuditRow};
use crate::store::refusal_count as counts;
use crate::world::{Held, World, both};
use domain::fields::PolicyDraft;
use std::sync::Arc;

impl World {
    /// The person's next request.
    async fn asks_as(&self, account: &str, n: i64) -> Ctx {
        Ctx { request_id: Arc::from(format!("{account}-{n}")), ..self.request_of_once(account).await }
    }

    async fn request_of_once(&self, account: &str) -> Ctx {
        let id = self.id_of(account).await;
        let roles = crate::store::person::roles(&mut self.engine.db().reader().await.unwrap(), id).await.unwrap();
        let name = account.to_owned();
        let who = crate::ctx::SignedIn { person: id, name, roles, session: [0; 32], api_token: None };
        Ctx { signed_in: Some(Arc::new(who)), ..self.nobody() }
    }

    /// So many who are not signed in are not let in, each from an address of their own.
    async fn knocks(&self, many: i64) {
        let write = self.engine.db().write(self.nobody(), move |conn, nobody| {
            Box::pin(async move {
                let event = Event::refused("session.sign_in", "account", "");
                for n in 0..many {
                    let ctx = Ctx { address: format!("2001:db8:{n:x}::1").into(), ..(*nobody).clone() };
                    note_sign_in(conn, &ctx, "code", &event, 1).await?;
                }
                Ok(())
            })
        });
        write.await.unwrap();
    }

    /// What the log has of refusals: action, object, detail.
    async fn refusals(&self) -> Vec<AuditRow> {
        let rows = audit_event::after(&mut self.engine.db().reader().await.unwrap(), 0, 10_000).await.unwrap();
        rows.into_iter().filter(|row| row.result == "refused").collect()
    }
}

/// What the rows say was not noted one by one.
fn counted(rows: &[AuditRow]) -> Vec<i64> {
    let number =
        |row: &AuditRow| serde_json::from_str::<serde_json::Value>(&row.detail).unwrap()["turned_away"].as_i64();
    rows.iter().filter_map(number).collect()
}

both! {
    async fn twenty_an_hour_are_noted_and_the_next_one_says_how_many_more_there_were(w: World) {
        let draft = PolicyDraft::default();
        for n in 0..ONE_BY_ONE + 7 {
            let wang = w.asks_as("wangjianguo", n).await;
            assert!(policy::change(&w.engine, &wang, 0, &draft).await.is_err());
            // Whoever answers 403 looks whether it is noted: what was counted is.
            note_forbidden(&w.engine, &wang, "/api/policy/change").await.unwrap();
        }
        let rows = w.refusals().await;
        assert_eq!(i64::try_from(rows.len()).unwrap(), ONE_BY_ONE);
        assert!(rows.iter().all(|row| row.action == "sign_in_policy.change") && counted(&rows).is_empty());
        // Another function, and another person, have windows of their own.
        let wang = w.asks_as("wangjianguo", 100).await;
        note_forbidden(&w.engine, &wang, "/api/rule/change").await.unwrap();
        assert!(policy::change(&w.engine, &w.asks_as("limin", 0).await, 0, &draft).await.is_err());
        assert_eq!(i64::try_from(w.refusals().await.len()).unwrap(), ONE_BY_ONE + 2);

        w.wait_ms(WINDOW_MS);
        assert!(policy::change(&w.engine, &w.asks_as("wangjianguo", 101).await, 0, &draft).await.is_err());
        let rows = w.refusals().await;
        assert_eq!(counted(&rows), [7]);
        let said = &rows[rows.len() - 2];
        assert_eq!((said.action.as_str(), said.object_id.as_str()), ("request.send", "sign_in_policy.change"));
        assert_eq!((said.person_id, said.person_name.as_str()), (Some(w.id_of("wangjianguo").await.0), "wangjianguo"));
        assert_eq!(rows.last().unwrap().action, "sign_in_policy.change", "and it is noted itself");
        assert!(verify(w.engine.db()).await.unwrap().broken.is_none());
    }

    async fn a_window_that_is_over_is_told_of_though_nobody_asks_again(w: World) {
        for n in 0..ONE_BY_ONE + 3 {
            let path = format!("/upload/0193-{n}/{n}");
            note_forbidden(&w.engine, &w.asks_as("limin", n).await, &path).await.unwrap();
        }
        assert_eq!(i64::try_from(w.refusals().await.len()).unwrap(), ONE_BY_ONE, "one function, whatever the ids");
        w.wait_ms(WINDOW_MS - 1);
        assert_eq!(close_windows(&w.engine).await.unwrap(), 0);
        w.wait_ms(1);
        assert_eq!(close_windows(&w.engine).await.unwrap(), 1);
        let rows = w.refusals().await;
        assert_eq!(counted(&rows), [3]);
        assert_eq!(rows.last().unwrap().object_id, "/upload/{}/{}");
        assert_eq!(rows.last().unwrap().person_name, "李敏");
        assert_eq!(close_windows(&w.engine).await.unwrap(), 0, "once");
    }

    async fn processes_count_together(w: World) {
        let other = w.another_process().await;
        for n in 0..ONE_BY_ONE + 4 {
            let engine = if n % 2 == 0 { &w.engine } else { &other.engine };
            note_forbidden(engine, &w.asks_as("limin", n).await, "/api/rule/change").await.unwrap();
        }
        assert_eq!(i64::try_from(w.refusals().await.len()).unwrap(), ONE_BY_ONE);
        other.engine.close().await;
        w.wait_ms(WINDOW_MS);
        close_windows(&w.engine).await.unwrap();
        assert_eq!(counted(&w.refusals().await), [4]);
    }

    async fn whoever_has_many_addresses_fills_no_log_either(w: World) {
        w.knocks(OF_ALL + 5).await;
        assert_eq!(i64::try_from(w.refusals().await.len()).unwrap(), OF_ALL);
        // Who is signed in has rows of their own.
        note_forbidden(&w.engine, &w.asks_as("limin", 0).await, "/api/rule/change").await.unwrap();
        assert_eq!(i64::try_from(w.refusals().await.len()).unwrap(), OF_ALL + 1);
        w.wait_ms(WINDOW_MS);
        // Each address that had a row, all of them together, and the person: more than are looked for at once.
        assert_eq!(i64::try_from(close_windows(&w.engine).await.unwrap()).unwrap(), OF_ALL + 2);
        let rows = w.refusals().await;
        assert_eq!(counted(&rows), [5]);
        let said = rows.last().unwrap();
        assert_eq!((said.action.as_str(), said.address.as_str(), said.person_id), ("session.sign_in", "", None));
        // The same where somebody comes before the sweep does.
        w.knocks(OF_ALL + 3).await;
        w.wait_ms(WINDOW_MS);
        w.knocks(1).await;
        let rows = w.refusals().await;
        assert_eq!(counted(&rows), [5, 3]);
        assert_eq!((rows[rows.len() - 2].address.as_str(), rows[rows.len() - 1].address.as_str()), ("", "2001:db8:0::1"));
    }

    async fn who_comes_while_the_window_of_all_begins_anew_counts_once(w: World) {
        const WAY: &str = "session.sign_in code";
        w.knocks(OF_ALL).await;
        let (begins, held) = Held::pair();
        let begins = w.engine.db().write((begins, w.engine.now()), |conn, s| {
            Box::pin(async move {
                counts::begin(conn, counts::ALL, WAY, s.1).await?;
                s.0.holds().await;
                Ok(())
            })
        });
        let comes = async {
            held.is_done().await;
            w.knocks(1).await;
        };
        let looks = async {
            w.is_log_taken_while_somebody_waits().await;
            held.ends();
        };
        let (begun, (), ()) = tokio::join!(begins, comes, looks);
        begun.unwrap();
        let all = counts::of(&mut w.engine.db().reader().await.unwrap(), counts::ALL, WAY).await.unwrap().unwrap();
        assert_eq!((all.noted, all.more), (2, 0), "the one with which it began, and this one");
    }
}
