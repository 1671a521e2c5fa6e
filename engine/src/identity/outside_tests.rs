//! Stories of who comes from elsewhere, beside what others do.

use super::oidc_tests::Site;
use crate::store::sign_in_failure;
use crate::world::{Held, both};
use serde_json::json;

both! {
    /// Whoever has the log in hand waits for nothing else: who holds that may wait for the log.
    async fn who_enters_by_a_rule_waits_for_an_attempt_without_the_log_in_hand(w: World) {
        let site = Site::new(w, Some("number=account")).await;
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
            let is_free = w.is_log_free_while_somebody_waits().await;
            held.ends();
            is_free
        };
        let (attempted, entered, is_free) = tokio::join!(attempt, enters, looks);
        attempted.unwrap();
        entered.unwrap();
        assert!(is_free, "who waits for the attempt has the log in hand");
        let newest = site.newest(2).await;
        let actions: Vec<_> = newest.iter().map(|event| event.0.as_str()).collect();
        assert_eq!(actions, ["session.sign_in", "account.link_sign_in"]);
        site.engine.close().await;
    }
}
