//! Stories of signing in by a second device.

use super::code::{self, ALIVE_MOST, LIFE_MS, NewSignInCode};
use crate::Ctx;
use crate::audit::{ONE_BY_ONE, WINDOW_MS, close_windows};
use crate::error::Error;
use crate::store::audit_event;
use crate::world::{World, both};
use domain::view::person::CodeState;

impl World {
    async fn code(&self) -> NewSignInCode {
        code::ask(&self.engine, &self.nobody(), None, "Chromium").await.unwrap()
    }

    async fn how_far(&self, new: &NewSignInCode) -> CodeState {
        code::state(&self.engine, &self.nobody(), new.code.as_str(), new.browser.as_str()).await.unwrap()
    }

    async fn taken(&self, new: &NewSignInCode, browser: &str) -> Result<Ctx, Error> {
        let token = code::take(&self.engine, &self.nobody(), new.code.as_str(), browser, "Chromium").await?;
        Ok(self.request_with(&token).await)
    }
}

both! {
    async fn who_tries_on_and_on_without_an_account_has_twenty_rows_an_hour_and_their_number(w: World) {
        let new = w.code().await;
        let refused = async || {
            let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
            events.into_iter().filter(|event| event.action == "session.sign_in" && event.result == "refused").collect::<Vec<_>>()
        };
        let many = usize::try_from(ONE_BY_ONE).unwrap();
        for _ in 0..100 {
            assert!(matches!(w.taken(&new, "x").await, Err(Error::CodeOver)));
        }
        assert_eq!(refused().await.len(), many);
        let elsewhere = Ctx { address: "2001:db8:1:2:3::4".into(), ..w.nobody() };
        let other = code::take(&w.engine, &elsewhere, new.code.as_str(), "x", "Chromium").await;
        assert!(matches!(other, Err(Error::CodeOver)));
        assert_eq!(refused().await.len(), many + 1, "another address has its own");
        w.wait_ms(WINDOW_MS);
        assert_eq!(close_windows(&w.engine).await.unwrap(), 3, "of two addresses, and of all");
        let events = refused().await;
        assert_eq!(events.len(), many + 2);
        let said = events.last().unwrap();
        assert_eq!((said.address.as_str(), said.person_id), ("10.0.0.1", None));
        assert_eq!(said.detail, r#"{"by":"code","turned_away":80}"#);
        assert_eq!(close_windows(&w.engine).await.unwrap(), 0, "once");
    }

    async fn the_desk_goes_on_as_who_confirmed_on_the_phone_once(w: World) {
        let new = w.code().await;
        assert_eq!(w.how_far(&new).await, CodeState::Waiting);
        assert!(matches!(w.taken(&new, new.browser.as_str()).await, Err(Error::CodeOver)), "nobody confirmed");
        let wang = w.request_of("wangjianguo").await;
        let asks = code::who_asks(&w.engine, &wang, new.code.as_str()).await.unwrap();
        assert_eq!(asks.agent, "Chromium");
        code::decide(&w.engine, &wang, new.code.as_str(), true).await.unwrap();
        assert_eq!(w.how_far(&new).await, CodeState::Confirmed);
        let desk = w.taken(&new, new.browser.as_str()).await.unwrap();
        assert_eq!(desk.person().unwrap().name, "王建国");
        assert!(matches!(w.taken(&new, new.browser.as_str()).await, Err(Error::CodeOver)), "it is used");
        assert_eq!(w.how_far(&new).await, CodeState::Over);
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let last: Vec<_> = events.iter().rev().take(2).map(|e| (e.action.as_str(), e.person_name.as_str())).collect();
        assert_eq!(last, [("session.sign_in", "王建国"), ("session.confirm_code", "王建国")]);
    }

    async fn a_code_copied_to_another_browser_signs_nobody_in(w: World) {
        let (new, other) = (w.code().await, w.code().await);
        let wang = w.request_of("wangjianguo").await;
        code::decide(&w.engine, &wang, new.code.as_str(), true).await.unwrap();
        for browser in [other.browser.as_str(), "", "x"] {
            assert!(matches!(w.taken(&new, browser).await, Err(Error::CodeOver)), "{browser}");
            let seen = code::state(&w.engine, &w.nobody(), new.code.as_str(), browser).await.unwrap();
            assert_eq!(seen, CodeState::Over);
        }
        assert!(w.taken(&new, new.browser.as_str()).await.is_ok(), "its own still may");
    }

    async fn codes_are_as_many_as_one_customer_may_have_whatever_the_address(w: World) {
        let from = |n: i64| Ctx { address: format!("2001:db8:1:2::{n:x}").into(), ..w.nobody() };
        for n in 0..ALIVE_MOST {
            code::ask(&w.engine, &from(n), None, "Chromium").await.unwrap();
        }
        let one_more = code::ask(&w.engine, &from(ALIVE_MOST), None, "Chromium").await;
        assert!(matches!(one_more, Err(Error::TooOften { wait_ms: LIFE_MS })));
        let other = Ctx { address: "2001:db8:1:3::1".into(), ..w.nobody() };
        let new = code::ask(&w.engine, &other, None, "Chromium").await.unwrap();
        let wang = w.request_of("wangjianguo").await;
        let asks = code::who_asks(&w.engine, &wang, new.code.as_str()).await.unwrap();
        assert_eq!(asks.address, "2001:db8:1:3::1", "the phone sees the whole");
    }

    async fn a_refused_code_signs_nobody_in_and_is_decided_once(w: World) {
        let new = w.code().await;
        let wang = w.request_of("wangjianguo").await;
        code::decide(&w.engine, &wang, new.code.as_str(), false).await.unwrap();
        assert_eq!(w.how_far(&new).await, CodeState::Refused);
        let again = code::decide(&w.engine, &wang, new.code.as_str(), true).await;
        assert!(matches!(again, Err(Error::CodeOver)));
        assert!(matches!(code::who_asks(&w.engine, &wang, new.code.as_str()).await, Err(Error::CodeOver)));
        assert!(matches!(w.taken(&new, new.browser.as_str()).await, Err(Error::CodeOver)));
    }

    async fn a_code_is_good_for_two_minutes(w: World) {
        let (new, taken, left) = (w.code().await, w.code().await, w.code().await);
        let token = w.token_of("wangjianguo").await;
        w.wait_ms(2 * 60 * 1000 - 1);
        let wang = w.request_with(&token).await;
        assert_eq!(w.how_far(&new).await, CodeState::Waiting);
        for confirmed in [&taken, &left] {
            code::decide(&w.engine, &wang, confirmed.code.as_str(), true).await.unwrap();
        }
        w.wait_ms(1);
        let wang = w.request_with(&token).await;
        assert_eq!(w.how_far(&new).await, CodeState::Over);
        assert!(matches!(code::decide(&w.engine, &wang, new.code.as_str(), true).await, Err(Error::CodeOver)));
        assert!(matches!(code::who_asks(&w.engine, &w.nobody(), new.code.as_str()).await, Err(Error::NotSignedIn)));
        // What was confirmed in time may be taken half a minute later.
        w.wait_ms(30 * 1000 - 1);
        assert!(w.taken(&taken, taken.browser.as_str()).await.is_ok());
        w.wait_ms(1);
        assert_eq!(w.how_far(&left).await, CodeState::Over);
        assert!(matches!(w.taken(&left, left.browser.as_str()).await, Err(Error::CodeOver)));
    }

    async fn a_browser_has_one_code_and_keeps_its_secret(w: World) {
        let first = w.code().await;
        let second = code::ask(&w.engine, &w.nobody(), Some(first.browser.as_str()), "Chromium").await.unwrap();
        assert_eq!(second.browser.as_str(), first.browser.as_str());
        assert_eq!((w.how_far(&first).await, w.how_far(&second).await), (CodeState::Over, CodeState::Waiting));
        let other = code::ask(&w.engine, &w.nobody(), Some("no secret of ours"), "Chromium").await.unwrap();
        assert_eq!(other.browser.as_str().len(), 64);
        assert_eq!(w.how_far(&second).await, CodeState::Waiting);
    }

    async fn an_administrators_phone_signs_no_desk_in(w: World) {
        let new = w.code().await;
        let feng = w.request_of("fengxue").await;
        assert!(matches!(code::who_asks(&w.engine, &feng, new.code.as_str()).await, Err(Error::Forbidden)));
        assert!(matches!(code::decide(&w.engine, &feng, new.code.as_str(), true).await, Err(Error::Forbidden)));
        assert_eq!(w.how_far(&new).await, CodeState::Waiting);
    }

    async fn a_disabled_account_is_not_signed_in_by_its_code(w: World) {
        let new = w.code().await;
        let wang = w.request_of("wangjianguo").await;
        code::decide(&w.engine, &wang, new.code.as_str(), true).await.unwrap();
        let off = w.engine.db().write((), |conn, _| {
            Box::pin(crate::store::raw(conn, "UPDATE person SET active = FALSE WHERE account = 'wangjianguo'"))
        });
        off.await.unwrap();
        assert!(matches!(w.taken(&new, new.browser.as_str()).await, Err(Error::CodeOver)));
    }
}
