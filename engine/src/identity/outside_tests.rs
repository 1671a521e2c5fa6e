//! Stories of who comes from elsewhere, beside what others do.

use super::dingtalk::by_auth_code;
use super::oidc_tests::{Site, why};
use crate::audit::{ONE_BY_ONE, WINDOW_MS, close_windows};
use crate::store::{audit_event, sign_in_failure};
use crate::world::{Held, both};
use crate::{Engine, Error};
use domain::view::oidc::OidcRefusal;
use domain::view::person::OutsideRefusal;
use serde_json::json;

/// Whom the log says were not let in: as what, from where, and what it says of it.
async fn refused(engine: &Engine) -> Vec<(String, String, String)> {
    let rows = audit_event::after(&mut engine.db().reader().await.unwrap(), 0, 10_000).await.unwrap();
    let refused = rows.into_iter().filter(|row| row.result == "refused");
    refused.map(|row| (row.object_id, row.address, row.detail)).collect()
}

both! {
    async fn who_is_proved_and_comes_on_and_on_fills_no_log_and_takes_nobodys_rows(w: World) {
        let site = Site::new(w, None).await;
        let many = usize::try_from(ONE_BY_ONE).unwrap();
        for _ in 0..many + 5 {
            assert_eq!(why(site.comes("u-1", json!({})).await), Some(OidcRefusal::Waits(0)));
        }
        assert_eq!(refused(&site.engine).await.len(), many);
        assert_eq!(why(site.comes("u-2", json!({})).await), Some(OidcRefusal::Waits(0)));
        assert_eq!(why(site.back("x", "", "").await), Some(OidcRefusal::Over));
        let rows = refused(&site.engine).await;
        assert_eq!(rows.len(), many + 2, "somebody else, and who is nobody, from the same address");
        assert_eq!(rows[many].0, "u-2");

        w.wait_ms(WINDOW_MS);
        close_windows(&site.engine).await.unwrap();
        let rows = refused(&site.engine).await;
        assert_eq!(rows.len(), many + 3);
        let number = r#"{"by":"oidc","turned_away":5}"#.to_owned();
        assert_eq!(rows[many + 2], (String::new(), String::new(), number));
        assert_eq!(why(site.comes("u-1", json!({})).await), Some(OidcRefusal::Waits(0)));
        assert_eq!(refused(&site.engine).await.len(), many + 4, "another hour");
        site.engine.close().await;
    }

    async fn who_the_gateway_knows_and_comes_on_and_on_fills_no_log(w: World) {
        let fake = w.gateway(&["zhaolei", "fengxue"]).await;
        let engine = w.linked(&fake).await;
        let many = usize::try_from(ONE_BY_ONE).unwrap();
        let administrator = async || {
            let came = by_auth_code(&engine, &w.nobody(), &fake.auth_code(100_110).unwrap(), "test").await;
            assert!(matches!(came, Err(Error::Outside(OutsideRefusal::Administrator))));
        };
        for _ in 0..many + 5 {
            administrator().await;
        }
        assert_eq!(refused(&engine).await.len(), many);
        w.retires("zhaolei").await;
        let came = by_auth_code(&engine, &w.nobody(), &fake.auth_code(100_104).unwrap(), "test").await;
        assert!(matches!(came, Err(Error::Outside(OutsideRefusal::Unknown))));
        assert_eq!(refused(&engine).await[many].0, "浙政钉 100104");
        // Who comes again says how many there were.
        w.wait_ms(WINDOW_MS);
        administrator().await;
        let rows = refused(&engine).await;
        assert_eq!(rows.len(), many + 3);
        assert_eq!(rows[many + 1].2, r#"{"by":"dingtalk","turned_away":5}"#);
        assert_eq!(rows[many + 2].0, "fengxue");
        engine.close().await;
    }

    /// Whoever has the log in hand waits for nothing else: who holds that may wait for the log.
    async fn who_enters_by_a_rule_waits_for_an_attempt_without_the_log_in_hand(w: World) {
        let site = Site::new(w, Some("number=account")).await;
        // One attempt failed before: nobody waits for a row that is not there yet.
        let before = w.engine.db().write(w.nobody(), |conn, ctx| {
            Box::pin(async move {
                sign_in_failure::hold_or_know(conn, "zhaolei", &ctx.counted_from(), ctx.now).await.map(|_| ())
            })
        });
        before.await.unwrap();
        let (attempt, held) = Held::pair();
        let attempt = w.engine.db().write((attempt, w.nobody()), |conn, s| {
            Box::pin(async move {
                let (held, ctx) = &*s;
                sign_in_failure::hold_or_know(conn, "zhaolei", &ctx.counted_from(), ctx.now).await?;
                held.holds().await;
                Ok(())
            })
        });
        let enters = async {
            held.is_done().await;
            site.comes("u-1", json!({ "number": "zhaolei" })).await.map(|_| ())
        };
        let looks = async {
            let is_taken = w.is_log_taken_while_somebody_waits().await;
            held.ends();
            is_taken
        };
        let (attempted, entered, is_taken) = tokio::join!(attempt, enters, looks);
        attempted.unwrap();
        entered.unwrap();
        assert_ne!(is_taken, Some(true), "who waits for the attempt has the log in hand");
        let newest = site.newest(2).await;
        let actions: Vec<_> = newest.iter().map(|event| event.0.as_str()).collect();
        assert_eq!(actions, ["session.sign_in", "account.link_sign_in"]);
        site.engine.close().await;
    }
}
