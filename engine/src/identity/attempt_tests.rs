//! Stories of who tries passwords: many at once, and while they have to wait.

use super::hashing::SHARE;
use super::sign_in::{self, Credentials};
use super::{authenticator, password};
use crate::audit::{ONE_BY_ONE, WINDOW_MS, close_windows};
use crate::demo::PASSWORD;
use crate::error::Error;
use crate::store::audit_event;
use crate::world::both;

fn typed<'a>(account: &'a str, password: &'a str) -> Credentials<'a> {
    Credentials { account, password, code: "" }
}

both! {
    async fn many_at_once_after_the_wait_are_one_attempt(w: World) {
        let other = w.another_process().await;
        for _ in 0..5 {
            let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", "wrong"), "test").await;
            assert!(matches!(answer, Err(Error::WrongCredentials)));
        }
        w.wait_ms(60_000);
        let nobody = w.nobody();
        let all = (0..20).map(|n| {
            let engine = if n % 2 == 0 { &w.engine } else { &other.engine };
            sign_in::by_password(engine, &nobody, typed("limin", "wrong"), "test")
        });
        let answers = futures_util::future::join_all(all).await;
        let looked_at = answers.iter().filter(|it| matches!(it, Err(Error::WrongCredentials))).count();
        let turned_away = answers.iter().filter(|it| matches!(it, Err(Error::TooOften { .. }))).count();
        assert_eq!((looked_at, turned_away), (1, 19));
        assert_eq!(w.engine.hashing().compared() + other.engine.hashing().compared(), 5 + 1);
        other.engine.close().await;
    }

    async fn who_has_to_wait_takes_no_place_from_those_beside_them(w: World) {
        let tries = async |account: &str, password: &str| {
            sign_in::by_password(&w.engine, &w.nobody(), typed(account, password), "test").await.map(|_| ())
        };
        for _ in 0..5 {
            assert!(matches!(tries("limin", "wrong").await, Err(Error::WrongCredentials)));
        }
        let places: Vec<_> =
            (0..SHARE).map(|_| w.engine.hashing().place_from(&w.nobody().counted_from()).unwrap()).collect();
        assert!(matches!(tries("limin", "wrong").await, Err(Error::TooOften { wait_ms: 60_000 })));
        assert!(matches!(tries("wangjianguo", PASSWORD).await, Err(Error::Busy)), "who need not wait needs a place");
        w.wait_ms(60_000);
        assert!(matches!(tries("limin", PASSWORD).await, Err(Error::Busy)), "and has not failed without one");
        drop(places);
        tries("wangjianguo", PASSWORD).await.unwrap();
        tries("limin", PASSWORD).await.unwrap();
    }

    async fn who_is_signed_in_has_places_of_their_own(w: World) {
        let li = w.request_of("limin").await;
        let all = |whose: &str| -> Vec<_> {
            (0..SHARE).map(|_| w.engine.hashing().place_from(whose).unwrap()).collect()
        };
        let of_the_office = all(&w.nobody().counted_from());
        let stranger = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await;
        assert!(matches!(stranger, Err(Error::Busy)));
        assert!(authenticator::begin(&w.engine, &li, PASSWORD, "").await.is_ok());
        let own = all(&sign_in::queues_as(&li));
        assert!(matches!(authenticator::begin(&w.engine, &li, PASSWORD, "").await, Err(Error::Busy)), "as many as one has");
        drop(own);
        password::change(&w.engine, &li, typed("limin", PASSWORD), "Xixi-Shidi-2027").await.unwrap();
        drop(of_the_office);
    }

    async fn no_number_is_lost_of_a_made_up_name_that_was_turned_away(w: World) {
        let tries = async |account: &str| {
            sign_in::by_password(&w.engine, &w.nobody(), typed(account, "wrong"), "test").await.map(|_| ())
        };
        for n in 0..ONE_BY_ONE {
            assert!(matches!(tries(&format!("nobody{n}")).await, Err(Error::WrongCredentials)));
        }
        // From here on nothing of the address has a row of its own.
        for _ in 0..5 {
            assert!(matches!(tries("ghost").await, Err(Error::WrongCredentials)));
        }
        for _ in 0..7 {
            assert!(matches!(tries("ghost").await, Err(Error::TooOften { .. })));
        }
        w.wait_ms(60_000);
        assert!(matches!(tries("ghost").await, Err(Error::WrongCredentials)));
        w.wait_ms(WINDOW_MS);
        close_windows(&w.engine).await.unwrap();
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        assert_eq!(i64::try_from(rows.len()).unwrap(), ONE_BY_ONE + 1);
        assert_eq!(rows.last().unwrap().detail, r#"{"by":"password","turned_away":13}"#, "5 that failed, 7, and 1");
    }
}
