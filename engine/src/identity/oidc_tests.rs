//! Stories of sign-in by OpenID Connect, against the provider of the tests (identity.md, Sign-in).

use super::oidc::{Back, WAITING_MOST, WAITING_MS, come_back, leave};
use super::outside::NotIn;
use super::session::{self, Token};
use super::{dingtalk, outside, sign_in};
use crate::account;
use crate::audit::ONE_BY_ONE;
use crate::outside::Oidc;
use crate::store::person_kept::Shut;
use crate::store::{audit_event, person, raw};
use crate::world::{World, both};
use crate::{Engine, Error, Result};
use ::oidc::fake::{Fake, Wrong};
use domain::Role;
use domain::view::oidc::OidcRefusal as Why;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use uuid::Uuid;

pub(super) fn why<T>(answer: Result<T>) -> Option<Why> {
    match answer {
        // Each has a code of their own: one test looks at it.
        Err(Error::Oidc(Why::Waits(_))) => Some(Why::Waits(0)),
        Err(Error::Oidc(why)) => Some(why),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    }
}

/// A site with a provider.
pub(super) struct Site<'w> {
    w: &'w World,
    fake: Fake,
    pub(super) engine: Engine,
}

impl<'w> Site<'w> {
    pub(super) async fn new(w: &'w World, rule: Option<&str>) -> Self {
        let clock = w.clock.clone();
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let fake = Fake::start(move || clock.now().0, at).await.unwrap();
        let oidc = Oidc::of_fake(&fake, rule, Duration::from_secs(2));
        let engine = w.another_engine(true).await.unwrap().with_workshop(|workshop| workshop.oidc = Some(oidc));
        Self { w, fake, engine }
    }

    /// A browser leaves: the provider's page, and its secret.
    async fn leaves(&self) -> (String, String) {
        let leaving = leave(&self.engine, &self.w.nobody(), None, "/orders/waiting".to_owned()).await.unwrap();
        (leaving.address, leaving.browser.as_str().to_owned())
    }

    pub(super) async fn back(&self, state: &str, code: &str, browser: &str) -> Result<(Token, String)> {
        let back = Back { state, code, error: "", issuer: "" };
        come_back(&self.engine, &self.w.nobody(), back, browser, "test").await
    }

    /// This person goes there and comes back.
    pub(super) async fn comes(&self, subject: &str, claims: Value) -> Result<Token> {
        let (page, browser) = self.leaves().await;
        let (code, state) = self.fake.signs_in(&page, subject, &claims);
        self.back(&state, &code, &browser).await.map(|(token, _)| token)
    }

    async fn name_of(&self, token: &Token) -> Option<String> {
        let who = session::resolve(&self.engine, token.as_str(), self.engine.now(), true).await.unwrap();
        who.map(|who| who.name.clone())
    }

    /// Who waits: subjects and names.
    async fn waiting(&self) -> Vec<(String, String)> {
        let feng = self.w.request_of("fengxue").await;
        let page = account::waiting(&self.engine, &feng, "").await.unwrap();
        page.rows.into_iter().map(|row| (row.subject, row.name)).collect()
    }

    /// The system administrator says that the one who has waited longest is this person.
    async fn links(&self, account: &str) -> Result<()> {
        let feng = self.w.request_of("fengxue").await;
        let id = account::waiting(&self.engine, &feng, "").await.unwrap().rows[0].id;
        account::link(&self.engine, &feng, id, self.w.id_of(account).await).await
    }

    /// The newest events: action, result, detail.
    pub(super) async fn newest(&self, many: usize) -> Vec<(String, String, Value)> {
        let events = audit_event::after(&mut self.engine.db().reader().await.unwrap(), 0, 10_000).await.unwrap();
        let said = |detail: &str| serde_json::from_str(detail).unwrap();
        events.into_iter().rev().take(many).map(|it| (it.action, it.result, said(&it.detail))).collect()
    }
}

both! {
    async fn who_comes_for_the_first_time_waits_is_linked_and_enters(w: World) {
        let site = Site::new(w, None).await;
        let said = json!({ "name": "赵 磊\u{0}\u{202e}", "email": "limin@example.gov.cn", "phone_number": "13900000106" });
        assert_eq!(why(site.comes("u-1", said.clone()).await), Some(Why::Waits(0)), "nothing that it says is an account");
        assert_eq!(why(site.comes("u-1", said.clone()).await), Some(Why::Waits(0)));
        assert_eq!(site.waiting().await, [("u-1".to_owned(), "赵 磊".to_owned())], "once");
        let refused = (String::from("session.sign_in"), "refused".to_owned(), json!({ "by": "oidc", "why": "waits" }));
        let newest = site.newest(6).await;
        assert_eq!(newest.iter().filter(|event| **event == refused).count(), 2, "{newest:?}");

        let feng = w.request_of("fengxue").await;
        let told = site.comes("u-1", said.clone()).await.map(|_| ()).unwrap_err();
        let page = account::waiting(&site.engine, &feng, "赵磊").await.unwrap();
        assert!(matches!(told, Error::Oidc(Why::Waits(code)) if code == page.rows[0].code && code > 0), "{told:?}");
        let found = page.found;
        assert_eq!(found.iter().map(|row| row.account.as_str()).collect::<Vec<_>>(), ["zhaolei"]);
        site.links("zhaolei").await.unwrap();
        let issuer = site.fake.settings().issuer;
        let detail = json!({ "issuer": issuer, "oidc_subject": "u-1", "name": "赵 磊" });
        assert_eq!(site.newest(1).await, [("account.link_sign_in".to_owned(), "done".to_owned(), detail)]);
        assert_eq!(site.waiting().await, []);

        let (page, browser) = site.leaves().await;
        let back = "redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Foidc%2Fcallback";
        assert!(page.contains(back), "{page}");
        let (code, state) = site.fake.signs_in(&page, "u-1", &json!({}));
        let (token, next) = site.back(&state, &code, &browser).await.unwrap();
        assert_eq!((site.name_of(&token).await.as_deref(), next.as_str()), (Some("赵磊"), "/orders/waiting"));
        let done = (String::from("session.sign_in"), "done".to_owned(), json!({ "by": "oidc" }));
        assert_eq!(site.newest(1).await, [done]);
        assert_eq!(why(site.comes("u-2", said).await), Some(Why::Waits(0)), "somebody else of that name is somebody else");
        site.engine.close().await;
    }

    async fn another_browser_a_late_one_and_a_replay_are_not_let_in(w: World) {
        let site = Site::new(w, Some("number=account")).await;
        let claims = json!({ "number": "zhaolei" });
        let (page, browser) = site.leaves().await;
        let (_, other) = site.leaves().await;
        let (code, state) = site.fake.signs_in(&page, "u-1", &claims);
        for stranger in [other.as_str(), ""] {
            assert_eq!(why(site.back(&state, &code, stranger).await), Some(Why::Over), "the state alone is nothing");
        }
        assert_eq!(why(site.back("", &code, &browser).await), Some(Why::Over));
        assert!(site.back(&state, &code, &browser).await.is_ok());
        assert_eq!(why(site.back(&state, &code, &browser).await), Some(Why::Over), "once");

        let (in_time, late) = (site.leaves().await, site.leaves().await);
        w.wait_ms(10 * 60 * 1000 - 1);
        for ((page, browser), said) in [(in_time, None), (late, Some(Why::Over))] {
            let (code, state) = site.fake.signs_in(&page, "u-1", &claims);
            assert_eq!(why(site.back(&state, &code, &browser).await), said);
            w.wait_ms(1);
        }
        for code in ["nonsense", "", &"x".repeat(3_000)] {
            let (page, browser) = site.leaves().await;
            let (_, state) = site.fake.signs_in(&page, "u-1", &claims);
            assert_eq!(why(site.back(&state, code, &browser).await), Some(Why::Over), "{code}");
        }
        // The code of another way, put into one's own: its verifier is another one.
        let (theirs, _) = site.leaves().await;
        let (code, _) = site.fake.signs_in(&theirs, "u-1", &claims);
        let (own, browser) = site.leaves().await;
        let (_, state) = site.fake.signs_in(&own, "u-3", &json!({}));
        assert_eq!(why(site.back(&state, &code, &browser).await), Some(Why::Over));
        site.engine.close().await;
    }

    async fn whoever_comes_back_from_nowhere_on_and_on_fills_no_log(w: World) {
        let site = Site::new(w, None).await;
        for _ in 0..100 {
            assert_eq!(why(site.back("x", "", "").await), Some(Why::Over));
        }
        let newest = site.newest(1_000).await;
        let refused = newest.iter().filter(|event| event.1 == "refused").count();
        assert_eq!(i64::try_from(refused).unwrap(), ONE_BY_ONE);
        assert_eq!(why(site.comes("u-1", json!({})).await), Some(Why::Waits(0)));
        let newest = site.newest(1).await;
        assert_eq!(newest[0].2, json!({ "by": "oidc", "why": "waits" }), "whom the provider knows is noted all the same");
        site.engine.close().await;
    }

    async fn what_is_cancelled_unproved_or_away_is_said_so(w: World) {
        let site = Site::new(w, Some("number=account")).await;
        let claims = json!({ "number": "zhaolei" });
        for (error, issuer, said) in [
            ("access_denied", "", Why::Cancelled),
            ("temporarily_unavailable", "", Why::Away),
            ("unauthorized_client", "", Why::Refused),
            ("<script>", "", Why::Refused),
            ("", "https://other.example", Why::Unproved),
        ] {
            let (page, browser) = site.leaves().await;
            let (code, state) = site.fake.signs_in(&page, "u-1", &claims);
            let back = Back { state: &state, code: &code, error, issuer };
            let came = come_back(&site.engine, &w.nobody(), back, &browser, "test").await;
            assert_eq!(why(came), Some(said), "{error} {issuer}");
        }
        for says in [json!({ "nonce": "other" }), json!({ "aud": "other" }), json!({ "exp": 1 }), json!({ "iss": "x" })] {
            site.fake.says(&says);
            assert_eq!(why(site.comes("u-1", claims.clone()).await), Some(Why::Unproved), "{says}");
        }
        site.fake.says(&json!({}));
        site.fake.takes_another_key();
        assert!(site.comes("u-1", claims.clone()).await.is_ok(), "a new key is looked for");
        for wrong in [Wrong::Fails, Wrong::Hangs, Wrong::Babbles, Wrong::Redirects, Wrong::RefusesSecret] {
            let (page, browser) = site.leaves().await;
            let (code, state) = site.fake.signs_in(&page, "u-1", &claims);
            site.fake.goes(Some(wrong));
            let told = if wrong == Wrong::RefusesSecret { Why::Refused } else { Why::Away };
            assert_eq!(why(site.back(&state, &code, &browser).await), Some(told), "{wrong:?}");
            site.fake.goes(None);
        }
        // What the provider says of itself is asked again after an hour.
        w.wait_ms(60 * 60 * 1000);
        site.fake.goes(Some(Wrong::Fails));
        let left = leave(&site.engine, &w.nobody(), None, "/".to_owned()).await;
        assert_eq!(why(left), Some(Why::Away));
        site.engine.close().await;
    }

    async fn administrators_are_not_linked_and_do_not_enter_and_who_is_stopped_is_out(w: World) {
        let site = Site::new(w, None).await;
        assert_eq!(why(site.comes("u-1", json!({ "name": "某人" })).await), Some(Why::Waits(0)));
        for administrator in ["fengxue", "weiping", "chuqiang"] {
            assert!(matches!(site.links(administrator).await, Err(Error::OfAdministrator)), "{administrator}");
        }
        w.retires("wufang").await;
        assert!(matches!(site.links("wufang").await, Err(Error::Stopped)));
        site.links("wangjianguo").await.unwrap();
        let token = site.comes("u-1", json!({})).await.unwrap();
        assert_eq!(site.name_of(&token).await.as_deref(), Some("王建国"));
        w.retires("wangjianguo").await;
        assert_eq!(why(site.comes("u-1", json!({})).await), Some(Why::Stopped));

        assert_eq!(why(site.comes("u-2", json!({})).await), Some(Why::Waits(0)));
        site.links("zhaolei").await.unwrap();
        const TAKE: &str =
            "DELETE FROM person_role WHERE person_id = (SELECT id FROM person WHERE account = 'zhaolei')";
        let zhao = w.id_of("zhaolei").await;
        let give = site.engine.db().write((), move |conn, _| {
            Box::pin(async move {
                raw(conn, TAKE).await?;
                person::insert_role(conn, zhao, Role::Auditor, "").await
            })
        });
        give.await.unwrap();
        assert_eq!(why(site.comes("u-2", json!({})).await), Some(Why::Administrator), "since it was linked");
        site.engine.close().await;
    }

    async fn a_rule_knows_an_account_once(w: World) {
        let site = Site::new(w, Some("number=account")).await;
        site.fake.tells_aside();
        let token = site.comes("u-1", json!({ "number": "ZhaoLei", "name": "赵磊" })).await.unwrap();
        assert_eq!(site.name_of(&token).await.as_deref(), Some("赵磊"));
        let [entered, linked] = site.newest(2).await.try_into().unwrap();
        assert_eq!((entered.0.as_str(), linked.0.as_str()), ("session.sign_in", "account.link_sign_in"));
        assert_eq!((&linked.2["by"], &linked.2["oidc_subject"]), (&json!("rule"), &json!("u-1")));
        assert!(site.comes("u-1", json!({})).await.is_ok(), "now it is (iss, sub), whatever else is said");
        // A number that was given to somebody else opens nothing of its owner's before.
        assert_eq!(why(site.comes("u-2", json!({ "number": "zhaolei" })).await), Some(Why::Waits(0)));
        for number in [json!("nobody-here"), json!(""), json!(null), json!(["limin"]), json!({ "a": "limin" }), json!(true)] {
            assert_eq!(why(site.comes("u-3", json!({ "number": number })).await), Some(Why::Waits(0)), "{number}");
        }
        assert_eq!(why(site.comes("u-4", json!({ "number": "fengxue" })).await), Some(Why::Administrator));
        w.retires("zhoutao").await;
        assert_eq!(why(site.comes("u-5", json!({ "number": "zhoutao" })).await), Some(Why::Stopped));
        // Nobody is taken for somebody because the provider could not be asked, or spoke of somebody else.
        site.fake.goes(Some(Wrong::OtherSubject));
        assert_eq!(why(site.comes("u-6", json!({ "number": "limin" })).await), Some(Why::Away));
        site.fake.goes(None);

        site.engine.close().await;
    }

    async fn a_rule_may_go_by_the_id_of_dingtalk(w: World) {
        let by_id = Site::new(w, Some("staff=dingtalk")).await;
        let token = by_id.comes("v-1", json!({ "staff": 100_106 })).await.unwrap();
        assert_eq!(by_id.name_of(&token).await.as_deref(), Some("李敏"));
        assert_eq!(why(by_id.comes("v-2", json!({ "staff": "limin" })).await), Some(Why::Waits(0)));
        by_id.engine.close().await;
    }

    async fn a_link_that_is_undone_signs_the_person_out(w: World) {
        let site = Site::new(w, Some("number=account")).await;
        let token = site.comes("u-1", json!({ "number": "zhaolei", "name": "13800000001" })).await.unwrap();
        let (feng, zhao) = (w.request_of("fengxue").await, w.id_of("zhaolei").await);
        let identities = account::form(&site.engine, &feng, Some(zhao), false).await.unwrap().identities;
        let [one] = identities.try_into().unwrap();
        assert_eq!((one.subject.as_str(), one.name.as_str()), ("u-1", "138****0001"), "numbers are masked");
        let other = account::unlink(&site.engine, &feng, one.id, w.id_of("limin").await).await;
        assert!(matches!(other, Err(Error::NotFound)), "it is not theirs");
        account::unlink(&site.engine, &feng, one.id, zhao).await.unwrap();
        assert_eq!(site.newest(1).await[0].0, "account.unlink_sign_in");
        assert_eq!(site.name_of(&token).await, None);
        assert_eq!(why(site.comes("u-1", json!({})).await), Some(Why::Waits(0)));
        assert!(matches!(account::unlink(&site.engine, &feng, one.id, zhao).await, Err(Error::NotFound)));
        site.engine.close().await;
    }

    async fn those_who_wait_are_few_and_are_forgotten(w: World) {
        let site = Site::new(w, None).await;
        for n in 0..WAITING_MOST {
            assert_eq!(why(site.comes(&format!("u-{n}"), json!({})).await), Some(Why::Waits(0)));
            // Each leaves from the same address.
            w.wait_ms(2_000);
        }
        assert_eq!(why(site.comes("one-more", json!({})).await), Some(Why::Full));
        assert_eq!(why(site.comes("u-0", json!({})).await), Some(Why::Waits(0)), "who waits already may ask again");
        let feng = w.request_of("fengxue").await;
        let rows = account::waiting(&site.engine, &feng, "").await.unwrap().rows;
        account::refuse(&site.engine, &feng, rows[0].id).await.unwrap();
        assert!(matches!(account::refuse(&site.engine, &feng, rows[0].id).await, Err(Error::NotFound)));
        assert_eq!(site.newest(1).await[0].0, "account.refuse_sign_in");
        assert_eq!(why(site.comes("one-more", json!({})).await), Some(Why::Waits(0)));
        w.wait_ms(WAITING_MS);
        assert_eq!(why(site.comes("later", json!({})).await), Some(Why::Waits(0)));
        assert_eq!(site.waiting().await.len(), 1);
        site.engine.close().await;
    }

    async fn only_the_system_administrator_links(w: World) {
        let site = Site::new(w, None).await;
        assert_eq!(why(site.comes("u-1", json!({})).await), Some(Why::Waits(0)));
        let (id, zhao) = (Uuid::from_u128(1), w.id_of("zhaolei").await);
        for account in ["weiping", "chuqiang", "wangjianguo", "zhaolei"] {
            let who = w.request_of(account).await;
            assert!(matches!(account::waiting(&site.engine, &who, "").await, Err(Error::Forbidden)));
            assert!(matches!(account::link(&site.engine, &who, id, zhao).await, Err(Error::Forbidden)));
            assert!(matches!(account::unlink(&site.engine, &who, id, zhao).await, Err(Error::Forbidden)));
            assert!(matches!(account::refuse(&site.engine, &who, id).await, Err(Error::Forbidden)));
        }
        let query = domain::query::PersonQuery::default();
        let (feng, chu) = (w.request_of("fengxue").await, w.request_of("chuqiang").await);
        assert_eq!(account::list(&site.engine, &feng, &query).await.unwrap().waiting, Some(1));
        assert_eq!(account::list(&site.engine, &chu, &query).await.unwrap().waiting, None);
        assert_eq!(account::list(&w.engine, &feng, &query).await.unwrap().waiting, None, "a site without it");
        assert!(matches!(account::link(&site.engine, &feng, id, zhao).await, Err(Error::NotFound)));
        site.engine.close().await;
    }

    async fn who_left_for_one_side_does_not_come_back_from_the_other(w: World) {
        let gateway = w.gateway(&["limin"]).await;
        let dingtalk = w.dingtalk(&gateway);
        let Site { fake, engine, .. } = Site::new(w, None).await;
        let engine = engine.with_workshop(|workshop| workshop.dingtalk = Some(dingtalk));
        let leaving = leave(&engine, &w.nobody(), None, "/".to_owned()).await.unwrap();
        let (_, state) = fake.signs_in(&leaving.address, "u-1", &json!({}));
        let browser = leaving.browser.as_str();
        for state in [state.clone(), format!("oidc {state}")] {
            let code = gateway.qr_code(100_106).unwrap();
            let came = dingtalk::come_back(&engine, &w.nobody(), &state, browser, &code, "test").await;
            assert!(matches!(came, Err(Error::Outside(_))), "{state}");
        }
        let leaving = dingtalk::leave(&engine, &w.nobody(), None, "/".to_owned()).await.unwrap();
        let state = leaving.address.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
        let back = Back { state, code: "a-code", error: "", issuer: "" };
        let came = come_back(&engine, &w.nobody(), back, leaving.browser.as_str(), "test").await;
        assert_eq!(why(came), Some(Why::Over));
        engine.close().await;
    }

    async fn what_changes_while_the_provider_is_asked_counts(w: World) {
        let site = Site::new(w, None).await;
        assert_eq!(why(site.comes("u-1", json!({})).await), Some(Why::Waits(0)));
        site.links("zhaolei").await.unwrap();
        let found = person::by_account(&mut site.engine.db().reader().await.unwrap(), "zhaolei").await.unwrap().unwrap();
        let (nobody, issuer) = (w.nobody(), site.fake.settings().issuer);
        let enters = async |subject: &str| {
            let link = Some((issuer.clone(), subject.to_owned()));
            let entered = outside::enter(&site.engine, &nobody, found.clone(), "test", "oidc", link).await.unwrap();
            entered.map(|_| ())
        };
        enters("u-1").await.unwrap();
        assert_eq!(enters("u-2").await, Err(NotIn::Unlinked));
        let feng = w.request_of("fengxue").await;
        account::set_active(&site.engine, &feng, found.person_id(), false).await.unwrap();
        assert_eq!(enters("u-1").await, Err(NotIn::Shut(Shut::Stopped)));
        assert_eq!(why(site.comes("u-9", json!({})).await), Some(Why::Waits(0)));
        assert!(matches!(site.links("zhaolei").await, Err(Error::Stopped)));
        site.engine.close().await;
    }

    async fn a_sign_in_makes_a_new_session_and_a_site_without_a_provider_has_none(w: World) {
        let site = Site::new(w, Some("number=account")).await;
        let before = sign_in::by_demo_click(&site.engine, &w.nobody(), "limin", "test").await.unwrap();
        let signed_in = session::resolve(&site.engine, before.as_str(), site.engine.now(), true).await.unwrap();
        let limin = crate::Ctx { signed_in, ..w.nobody() };
        let leaving = leave(&site.engine, &limin, None, "/".to_owned()).await.unwrap();
        let (code, state) = site.fake.signs_in(&leaving.address, "u-1", &json!({ "number": "zhaolei" }));
        let back = Back { state: &state, code: &code, error: "", issuer: &site.fake.settings().issuer };
        let (token, _) = come_back(&site.engine, &limin, back, leaving.browser.as_str(), "test").await.unwrap();
        assert_ne!(token.as_str(), before.as_str());
        assert_eq!(site.name_of(&before).await, None, "the one that asked is over");
        site.engine.close().await;
        assert!(matches!(leave(&w.engine, &w.nobody(), None, "/".to_owned()).await, Err(Error::NotFound)));
        let came = come_back(&w.engine, &w.nobody(), back, leaving.browser.as_str(), "test").await;
        assert!(matches!(came, Err(Error::NotFound)));
    }
}
