//! Stories of 浙政钉登录, against the gateway of the tests (identity.md, Sign-in).

use super::dingtalk::{Leaving, by_auth_code, come_back, leave};
use super::outside::AWAY_MOST;
use super::session;
use crate::audit::ONE_BY_ONE;
use crate::store::audit_event;
use crate::world::{World, both};
use crate::{Engine, Error};
use ::dingtalk::fake::{Fails, Fake, Setup};
use domain::view::person::OutsideRefusal as Why;
use std::net::{Ipv4Addr, SocketAddr};

const LI: i64 = 100_106;
const ZHAO: i64 = 100_104;
const FENG: i64 = 100_110;

/// The state in the address of the gateway's page.
fn state(leaving: &Leaving) -> String {
    leaving.address.rsplit_once("state=").unwrap().1.to_owned()
}

fn why<T>(answer: Result<T, Error>) -> Option<Why> {
    match answer {
        Err(Error::Outside(why)) => Some(why),
        _ => None,
    }
}

async fn leaves(w: &World, engine: &Engine) -> (String, String) {
    let leaving = leave(engine, &w.nobody(), None, "/orders/waiting".to_owned()).await.unwrap();
    (state(&leaving), leaving.browser.as_str().to_owned())
}

both! {
    async fn a_desk_comes_back_once_and_is_signed_in(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let leaving = leave(&engine, &w.nobody(), None, "/orders/waiting".to_owned()).await.unwrap();
        let back = "redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fdingtalk%2Fcallback";
        assert!(leaving.address.starts_with(&format!("{}/oauth2/auth.htm?", fake.address())), "{}", leaving.address);
        assert!(leaving.address.contains(back), "{}", leaving.address);
        let (state, browser) = (state(&leaving), leaving.browser.as_str());
        let code = fake.qr_code(LI).unwrap();
        let (token, next) = come_back(&engine, &w.nobody(), &state, browser, &code, "test").await.unwrap();
        assert_eq!(next, "/orders/waiting");
        let who = session::resolve(&engine, token.as_str(), engine.now(), true).await.unwrap().unwrap();
        assert_eq!(who.name, "李敏");
        // The state is gone, whatever comes with it.
        let again = fake.qr_code(LI).unwrap();
        assert_eq!(why(come_back(&engine, &w.nobody(), &state, browser, &again, "test").await), Some(Why::Over));
        let events = audit_event::after(&mut engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let last: Vec<_> = events.iter().rev().take(2).map(|it| (it.result.as_str(), it.detail.as_str())).collect();
        assert_eq!(last, [("refused", r#"{"by":"dingtalk","why":"over"}"#), ("done", r#"{"by":"dingtalk"}"#)]);
        engine.close().await;
    }

    async fn another_browser_a_late_one_and_a_used_code_are_not_let_in(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let (state, browser) = leaves(w, &engine).await;
        let (late, other) = leaves(w, &engine).await;
        let code = fake.qr_code(LI).unwrap();
        for stranger in [other.as_str(), ""] {
            let came = come_back(&engine, &w.nobody(), &state, stranger, &code, "test").await;
            assert_eq!(why(came), Some(Why::Over), "the state alone is nothing");
        }
        w.wait_ms(10 * 60 * 1000 - 1);
        let code = fake.qr_code(LI).unwrap();
        come_back(&engine, &w.nobody(), &state, &browser, &code, "test").await.unwrap();
        w.wait_ms(1);
        // A code of this moment: it is the browser that was away for too long.
        let fresh = fake.qr_code(LI).unwrap();
        assert_eq!(why(come_back(&engine, &w.nobody(), &late, &other, &fresh, "test").await), Some(Why::Over));
        for used in [code.as_str(), "", "nonsense"] {
            let (state, browser) = leaves(w, &engine).await;
            assert_eq!(why(come_back(&engine, &w.nobody(), &state, &browser, used, "test").await), Some(Why::Over), "{used}");
        }
        engine.close().await;
    }

    async fn who_is_not_linked_disabled_an_administrator_or_of_another_tenant_is_told_so(w: World) {
        let fake = w.gateway(&["limin", "zhaolei", "fengxue"]).await;
        let engine = w.linked(&fake).await;
        let by_app = async |id: i64| by_auth_code(&engine, &w.nobody(), &fake.auth_code(id).unwrap(), "test").await;
        assert!(by_app(LI).await.is_ok());
        assert_eq!(why(by_app(FENG).await), Some(Why::Administrator), "they show a password and a code");
        w.link("limin", None).await;
        assert_eq!(why(by_app(LI).await), Some(Why::Unknown));
        w.retires("zhaolei").await;
        assert_eq!(why(by_app(ZHAO).await), Some(Why::Unknown));
        w.link("limin", Some(LI)).await;
        assert!(by_app(LI).await.is_ok());

        // The same person at a gateway that says another tenant.
        let people = vec![::dingtalk::fake::Person {
            account_id: LI, name: "李敏".to_owned(), mobile: "13900000001".to_owned(), area_code: "86".to_owned(),
        }];
        let (clock, at) = (w.clock.clone(), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let setup = Setup { people, tenant_id: "1".to_owned(), ..Setup::default() };
        let other = Fake::start(setup, move || clock.now().0, at).await.unwrap();
        let dingtalk = w.dingtalk(&other).of_tenant(196_729);
        let engine = w.another_engine(true).await.unwrap().with_workshop(|workshop| workshop.dingtalk = Some(dingtalk));
        let came = by_auth_code(&engine, &w.nobody(), &other.auth_code(LI).unwrap(), "test").await;
        assert_eq!(why(came), Some(Why::OtherTenant));
        engine.close().await;
    }

    async fn a_gateway_that_is_away_is_said_so_and_a_refused_token_is_asked_for_again(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let by_app = async || by_auth_code(&engine, &w.nobody(), &fake.auth_code(LI).unwrap(), "test").await;
        for fails in [Fails::Http500, Fails::Hangs, Fails::Resets, Fails::HalfAnswers, Fails::Babbles, Fails::GatewayRefuses] {
            fake.fails_at("/rpc/oauth2/dingtalk_app_user.json", fails, 1);
            assert_eq!(why(by_app().await), Some(Why::Away), "{fails:?}");
        }
        fake.fails_at("/rpc/oauth2/dingtalk_app_user.json", Fails::ServiceRefuses, 1);
        assert_eq!(why(by_app().await), Some(Why::Over));
        fake.expire_tokens();
        assert!(by_app().await.is_ok());
        engine.close().await;
    }

    async fn browsers_are_away_as_many_as_one_customer_may_have_whatever_the_address(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let leaves = async |address: String| {
            let ctx = crate::Ctx { address: address.into(), ..w.nobody() };
            leave(&engine, &ctx, None, "/".to_owned()).await
        };
        for n in 0..AWAY_MOST {
            assert!(leaves(format!("2001:db8:1:2::{n:x}")).await.is_ok());
        }
        assert!(matches!(leaves("2001:db8:1:2:3::".to_owned()).await, Err(Error::TooOften { .. })));
        assert!(leaves("2001:db8:1:3::".to_owned()).await.is_ok());
        engine.close().await;
    }

    async fn whoever_comes_without_a_code_on_and_on_fills_no_log(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        for _ in 0..50 {
            assert_eq!(why(by_auth_code(&engine, &w.nobody(), "", "test").await), Some(Why::Over));
            assert_eq!(why(come_back(&engine, &w.nobody(), "x", "", "", "test").await), Some(Why::Over));
        }
        let events = audit_event::after(&mut engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let refused = events.iter().filter(|event| event.result == "refused").count();
        assert_eq!(i64::try_from(refused).unwrap(), ONE_BY_ONE);
        engine.close().await;
    }

    async fn who_the_gateway_knows_is_in_the_log_whatever_came_before_them(w: World) {
        let fake = w.gateway(&["limin", "zhaolei", "fengxue"]).await;
        let engine = w.linked(&fake).await;
        w.retires("zhaolei").await;
        for _ in 0..=ONE_BY_ONE {
            assert_eq!(why(by_auth_code(&engine, &w.nobody(), "", "test").await), Some(Why::Over));
        }
        w.link("limin", None).await;
        for (id, told) in [(ZHAO, Why::Unknown), (FENG, Why::Administrator), (LI, Why::Unknown)] {
            assert_eq!(why(by_auth_code(&engine, &w.nobody(), &fake.auth_code(id).unwrap(), "test").await), Some(told));
        }
        let events = audit_event::after(&mut engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let refused: Vec<_> = events.iter().filter(|event| event.result == "refused").map(|event| event.object_id.as_str()).collect();
        let many = usize::try_from(ONE_BY_ONE).unwrap();
        assert_eq!(refused[many..], ["浙政钉 100104", "fengxue", "浙政钉 100106"]);
        engine.close().await;
    }

    async fn a_site_without_it_has_none(w: World) {
        assert!(matches!(leave(&w.engine, &w.nobody(), None, "/".to_owned()).await, Err(Error::NotFound)));
        assert!(matches!(by_auth_code(&w.engine, &w.nobody(), "code1", "test").await, Err(Error::NotFound)));
    }
}
