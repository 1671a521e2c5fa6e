//! Stories of signing in and out.

use super::attempt;
use super::hashing::SHARE;
use super::session;
use super::sign_in::{self, Credentials};
use crate::audit::ONE_BY_ONE;
use crate::demo::PASSWORD;
use crate::error::Error;
use crate::store::{audit_event, person};
use crate::world::both;
use domain::{PersonId, Role};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn typed<'a>(account: &'a str, password: &'a str) -> Credentials<'a> {
    Credentials { account, password, code: "" }
}

both! {
    async fn a_person_signs_in_by_password_and_out_again(w: World) {
        let token = sign_in::by_password(&w.engine, &w.nobody(), typed(" WangJianguo ", PASSWORD), "test").await.unwrap();
        let token = token.inside().unwrap();
        let ctx = w.request_with(&token).await;
        assert_eq!(ctx.person().unwrap().name, "王建国");
        assert!(ctx.with_role(&[Role::Staff]).is_ok());
        assert!(matches!(ctx.with_role(&[Role::Auditor]), Err(Error::Forbidden)));
        session::end(&w.engine, &ctx).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_none());
    }

    async fn a_wrong_password_and_an_unknown_account_are_one_answer(w: World) {
        for account in ["wangjianguo", "nobody"] {
            let answer = sign_in::by_password(&w.engine, &w.nobody(), typed(account, "wrong"), "test").await;
            assert!(matches!(answer, Err(Error::WrongCredentials)), "{account}");
        }
    }

    /// Not by the clock, which lies on a busy machine: by what the answer costs.
    async fn an_unknown_a_stopped_and_a_known_account_cost_one_comparison_each(w: World) {
        w.retires("zhaolei").await;
        for (account, password) in
            [("limin", PASSWORD), ("limin", "wrong"), ("nobody", "wrong"), ("zhaolei", PASSWORD), ("fengxue", "wrong")]
        {
            let before = w.engine.hashing().compared();
            let _ = sign_in::by_password(&w.engine, &w.nobody(), typed(account, password), "test").await;
            assert_eq!(w.engine.hashing().compared() - before, 1, "{account}");
        }
    }

    async fn who_finds_no_place_in_the_queue_is_told_so_and_has_not_failed(w: World) {
        let mut places = Vec::new();
        while let Ok(place) = w.engine.hashing().place() {
            places.push(place);
            assert!(places.len() < 10_000, "the queue has an end");
        }
        for _ in 0..10 {
            let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", "wrong"), "test").await;
            assert!(matches!(answer, Err(Error::Busy)));
        }
        assert_eq!(w.engine.hashing().compared(), 0);
        drop(places);
        assert!(sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await.is_ok());
    }

    async fn one_address_does_not_keep_the_others_out(w: World) {
        let stranger = crate::Ctx { address: "2001:db8:1:2::1".into(), ..w.nobody() };
        let places: Vec<_> = (0..SHARE).map(|_| w.engine.hashing().place_from(&stranger.counted_from()).unwrap()).collect();
        let beside = crate::Ctx { address: "2001:db8:1:2:3::4".into(), ..w.nobody() };
        for ctx in [&stranger, &beside] {
            let answer = sign_in::by_password(&w.engine, ctx, typed("limin", PASSWORD), "test").await;
            assert!(matches!(answer, Err(Error::Busy)), "one customer's addresses are one");
        }
        assert!(sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await.is_ok());
        // A second one that tries the same leaves a place as well.
        let more: Vec<_> = (0..SHARE).map(|_| w.engine.hashing().place_from("10.0.0.2").unwrap()).collect();
        assert!(sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await.is_ok());
        drop((places, more));
        assert!(sign_in::by_password(&w.engine, &stranger, typed("limin", PASSWORD), "test").await.is_ok(), "given back");
    }

    async fn five_failures_lock_the_account_for_that_address_only(w: World) {
        for _ in 0..5 {
            let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", "wrong"), "test").await;
            assert!(matches!(answer, Err(Error::WrongCredentials)));
        }
        let locked = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await;
        assert!(matches!(locked, Err(Error::TooOften { wait_ms: 60_000 })));
        let elsewhere = crate::Ctx { address: "10.0.0.2".into(), ..w.nobody() };
        assert!(sign_in::by_password(&w.engine, &elsewhere, typed("limin", PASSWORD), "test").await.is_ok());
        w.wait_ms(60_000);
        assert!(sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await.is_ok());
        // A success forgets the failures.
        let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", "wrong"), "test").await;
        assert!(matches!(answer, Err(Error::WrongCredentials)));
    }

    async fn a_session_ends_after_half_an_hour_without_use(w: World) {
        let token = w.token_of("chenjing").await;
        for _ in 0..3 {
            w.wait_ms(30 * 60 * 1000 - 1);
            assert!(w.request_with(&token).await.signed_in.is_some());
        }
        w.wait_ms(30 * 60 * 1000);
        assert!(w.request_with(&token).await.signed_in.is_none());
        // Its use was noted to the minute.
        w.wait_ms(60_000);
        assert_eq!(session::sweep(&w.engine).await.unwrap(), 1);
    }

    async fn a_session_ends_after_twelve_hours_however_busy(w: World) {
        let token = w.token_of("chenjing").await;
        let (whole, step) = (12 * 60 * 60 * 1000, 30 * 60 * 1000 - 1);
        for _ in 0..whole / step {
            w.wait_ms(step);
            assert!(w.request_with(&token).await.signed_in.is_some());
        }
        w.wait_ms(whole % step - 1);
        assert!(w.request_with(&token).await.signed_in.is_some());
        w.wait_ms(1);
        assert!(w.request_with(&token).await.signed_in.is_none());
    }

    async fn a_sign_in_replaces_the_session_that_asked(w: World) {
        let old = w.token_of("wangjianguo").await;
        let ctx = w.request_with(&old).await;
        let new = sign_in::by_demo_click(&w.engine, &ctx, "limin", "test").await.unwrap();
        assert!(w.request_with(&old).await.signed_in.is_none());
        assert_eq!(w.request_with(&new).await.person().unwrap().name, "李敏");
    }

    async fn a_session_outlives_a_restart(w: World) {
        let token = w.token_of("wangjianguo").await;
        let restarted = w.another_engine(true).await.unwrap();
        let who = session::resolve(&restarted, token.as_str(), restarted.now(), true).await.unwrap();
        assert_eq!(who.unwrap().name, "王建国");
        restarted.close().await;
    }

    async fn a_token_is_of_256_bits_and_the_database_has_its_hash(w: World) {
        let (token, other) = (w.token_of("wangjianguo").await, w.token_of("wangjianguo").await);
        for token in [&token, &other] {
            let text = token.as_str();
            assert_eq!(text.len(), 64);
            assert!(text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{text}");
            // The row is found by the hash, so what lies there is the hash and not the token.
            let hash: [u8; 32] = Sha256::digest(text).into();
            let mut reader = w.engine.db().reader().await.unwrap();
            let row = crate::store::session::by_token(&mut reader, &hash).await.unwrap();
            assert_eq!(row.unwrap().person_name, "王建国");
        }
        assert_ne!(token.as_str(), other.as_str());
    }

    async fn the_one_click_sign_in_is_for_demos_alone(w: World) {
        assert!(matches!(w.another_engine(false).await, Err(Error::OtherInstallation { found: "demo", .. })));
        assert_eq!(sign_in::demo_people(&w.engine).await.unwrap().len(), 12);
        let real = w.engine_beside(false).await.unwrap();
        let answer = sign_in::by_demo_click(&real, &w.nobody(), "wangjianguo", "test").await;
        assert!(matches!(answer, Err(Error::NotFound)));
        assert!(sign_in::demo_people(&real).await.unwrap().is_empty());
        real.close().await;
        assert!(matches!(w.engine_beside(true).await, Err(Error::OtherInstallation { found: "real", .. })));
        w.engine_beside(false).await.unwrap().close().await;
    }

    async fn a_session_that_another_process_ended_is_over_within_five_seconds_of_use(w: World) {
        let token = w.token_of("wangjianguo").await;
        let ctx = w.request_with(&token).await;
        let other = w.another_engine(true).await.unwrap();
        session::end(&other, &ctx).await.unwrap();
        other.close().await;
        for _ in 0..4 {
            w.wait_ms(1_000);
            w.request_with(&token).await;
        }
        w.wait_ms(1_000);
        assert!(w.request_with(&token).await.signed_in.is_none());
    }

    async fn the_database_keeps_the_three_administrators_apart(w: World) {
        let people = sign_in::demo_people(&w.engine).await.unwrap();
        assert_eq!(people.iter().filter(|p| p.role.is_administrator()).count(), 3);
        for (account, second) in [("fengxue", Role::Auditor), ("fengxue", Role::Staff), ("wangjianguo", Role::Auditor)] {
            let id = person::by_account(&mut w.engine.db().reader().await.unwrap(), account).await.unwrap().unwrap().id;
            let give = w.engine.db().write((id, second), |conn, s| {
                Box::pin(async move { person::insert_role(conn, PersonId(s.0), s.1, "").await })
            });
            assert!(give.await.is_err(), "{account} can't be {second:?} as well");
        }
    }

    async fn every_sign_in_and_every_failure_is_in_the_audit_log(w: World) {
        let ctx = w.request_of("wangjianguo").await;
        let _ = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", "wrong"), "test").await;
        session::end(&w.engine, &ctx).await.unwrap();
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 10).await.unwrap();
        let story: Vec<_> = rows.iter().map(|r| (r.seq, r.action.as_str(), r.result.as_str(), r.person_name.as_str())).collect();
        assert_eq!(story, [
            (1, "session.sign_in", "done", "王建国"),
            (2, "session.sign_in", "refused", ""),
            (3, "session.end", "done", "王建国"),
        ]);
        assert!(rows.iter().all(|r| !r.detail.contains("wrong")));
    }

    async fn whoever_is_turned_away_is_in_the_log_once_a_wait_with_how_often(w: World) {
        let try_it = async |account: &str, password: &str| {
            sign_in::by_password(&w.engine, &w.nobody(), typed(account, password), "test").await
        };
        for _ in 0..5 {
            assert!(matches!(try_it("limin", "wrong").await, Err(Error::WrongCredentials)));
        }
        for _ in 0..20 {
            assert!(matches!(try_it("limin", PASSWORD).await, Err(Error::TooOften { .. })));
        }
        let rows = async || audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let turned = |rows: &[audit_event::AuditRow]| -> Vec<String> {
            let of = rows.iter().filter(|r| r.result == "refused" && r.object_id == "limin" && r.detail.contains("too often"));
            of.map(|r| r.detail.clone()).collect()
        };
        assert_eq!(turned(&rows().await).len(), 1, "twenty leave one row");
        w.wait_ms(60_000);
        assert!(matches!(try_it("limin", "wrong").await, Err(Error::WrongCredentials)));
        let told = turned(&rows().await);
        assert_eq!(told.len(), 2);
        assert!(told[1].contains("\"turned_away\":20"), "{told:?}");
        assert!(matches!(try_it("limin", "wrong").await, Err(Error::TooOften { .. })));
        assert_eq!(turned(&rows().await).len(), 3, "the next wait has a row of its own");
    }

    async fn failures_are_forgotten_after_a_day_and_what_is_left_of_them_is_told(w: World) {
        let try_it = async |account: &str| {
            sign_in::by_password(&w.engine, &w.nobody(), typed(account, "wrong"), "test").await.map(|_| ()).unwrap_err()
        };
        assert!(matches!(try_it("wangjianguo").await, Error::WrongCredentials));
        for _ in 0..5 {
            assert!(matches!(try_it("limin").await, Error::WrongCredentials));
        }
        for _ in 0..7 {
            assert!(matches!(try_it("limin").await, Error::TooOften { .. }));
        }
        w.wait_ms(24 * 60 * 60 * 1000 - 1);
        assert_eq!(attempt::sweep(&w.engine).await.unwrap(), 0);
        assert!(matches!(try_it("wangjianguo").await, Error::WrongCredentials));
        w.wait_ms(1);
        assert_eq!(attempt::sweep(&w.engine).await.unwrap(), 1, "of the other one there is a newer");
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let said = rows.last().unwrap();
        assert_eq!((said.object_id.as_str(), said.address.as_str()), ("limin", "10.0.0.1"));
        assert!(said.detail.contains("\"turned_away\":7"), "{}", said.detail);
        assert_eq!(attempt::sweep(&w.engine).await.unwrap(), 0);
        w.wait_ms(24 * 60 * 60 * 1000);
        assert_eq!(attempt::sweep(&w.engine).await.unwrap(), 1);
        // Five are free again.
        for _ in 0..5 {
            assert!(matches!(try_it("limin").await, Error::WrongCredentials));
        }
    }

    async fn what_is_no_account_at_all_is_noted_and_waited_for_too(w: World) {
        let long = "x".repeat(300);
        for account in ["a\nb", "a\u{1b}[31m", long.as_str(), "\u{0}", "a\tb"] {
            let answer = sign_in::by_password(&w.engine, &w.nobody(), typed(account, "wrong"), "test").await;
            assert!(matches!(answer, Err(Error::WrongCredentials)), "{account:?}");
        }
        let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("a\nb", "wrong"), "test").await;
        assert!(matches!(answer, Err(Error::TooOften { .. })));
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        assert_eq!(rows.iter().filter(|r| r.action == "session.sign_in" && r.result == "refused").count(), 6);
        assert!(rows.iter().all(|r| !r.detail.contains("xxx") && !r.detail.contains("31m")), "and nothing of it is kept");
    }

    async fn made_up_names_have_twenty_rows_an_hour_and_an_account_has_each(w: World) {
        for n in 0..ONE_BY_ONE + 3 {
            let account = format!("nobody{n}");
            let answer = sign_in::by_password(&w.engine, &w.nobody(), typed(&account, "wrong"), "test").await;
            assert!(matches!(answer, Err(Error::WrongCredentials)));
        }
        let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", "wrong"), "test").await;
        assert!(matches!(answer, Err(Error::WrongCredentials)));
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        assert_eq!(i64::try_from(rows.len()).unwrap(), ONE_BY_ONE + 1);
        assert_eq!(rows.last().unwrap().object_id, "limin", "whoever floods the log hides nothing of it");
    }

    async fn nobody_rewrites_the_audit_log_or_changes_a_role_in_place(w: World) {
        const LOG: &str = "audit_event is append-only";
        const AUDITORS: &str = "auditor_event is append-only";
        w.request_of("wangjianguo").await;
        w.request_of("weiping").await;
        let everywhere = [
            ("UPDATE audit_event SET person_name = 'x'", LOG),
            ("DELETE FROM audit_event", LOG),
            ("INSERT INTO audit_event SELECT * FROM audit_event WHERE TRUE ON CONFLICT (seq) DO UPDATE SET person_name = 'x'", LOG),
            ("UPDATE auditor_event SET seq = seq", AUDITORS),
            ("DELETE FROM auditor_event", AUDITORS),
            ("UPDATE person_role SET role = 'auditor'", "person_role is given and taken, not changed"),
        ];
        let here: &[(&'static str, &'static str)] = match w.on() {
            On::Sqlite => &[
                ("INSERT INTO audit_event SELECT * FROM audit_event", LOG),
                ("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event", LOG),
                ("UPDATE OR REPLACE audit_event SET seq = seq + 1", LOG),
            ],
            On::Postgres => &[
                ("INSERT INTO audit_event SELECT * FROM audit_event", "unique constraint audit_event_pkey"),
                ("TRUNCATE audit_event, auditor_event", LOG),
                ("TRUNCATE audit_event CASCADE", LOG),
                ("TRUNCATE auditor_event", AUDITORS),
            ],
        };
        for (statement, refused) in everywhere.iter().chain(here).copied() {
            let change = w.engine.db().write(statement, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await }));
            let said = change.await.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains(refused), "{statement}: {said}");
        }
    }
}

#[test]
fn ids_are_ordered_by_time() {
    let entropy = crate::Entropy::System;
    let ids: Vec<Uuid> = (1..100).map(|ms| entropy.id(domain::UtcMillis(ms * 1_000_000))).collect();
    assert!(ids.is_sorted());
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
}
