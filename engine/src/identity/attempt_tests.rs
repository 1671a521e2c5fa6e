//! Stories of who tries passwords: many at once, and while they have to wait.

use super::hashing::{OWN_SHARE, SHARE};
use super::sign_in::{self, Credentials};
use super::{activation, authenticator, password};
use crate::audit::{ONE_BY_ONE, WINDOW_MS, close_windows};
use crate::demo::PASSWORD;
use crate::error::Error;
use crate::store::{account, audit_event};
use crate::world::both;
use domain::fields::ActivationDraft;
use futures_util::future::join_all;
use std::cell::Cell;

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
        let answers = join_all(all).await;
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
        let id = li.person().unwrap().person;
        let of_the_office: Vec<_> =
            (0..SHARE).map(|_| w.engine.hashing().place_from(&w.nobody().counted_from()).unwrap()).collect();
        let stranger = sign_in::by_password(&w.engine, &w.nobody(), typed("limin", PASSWORD), "test").await;
        assert!(matches!(stranger, Err(Error::Busy)));
        let other = sign_in::by_password(&w.engine, &li, typed("wangjianguo", PASSWORD), "test").await;
        assert!(matches!(other, Err(Error::Busy)), "for their own account alone");
        assert!(authenticator::begin(&w.engine, &li, PASSWORD, "").await.is_ok());
        let own: Vec<_> = (0..OWN_SHARE).map(|_| w.engine.hashing().place_of(id).unwrap()).collect();
        assert!(matches!(authenticator::begin(&w.engine, &li, PASSWORD, "").await, Err(Error::Busy)), "as many as one has");
        drop(own);
        password::change(&w.engine, &li, typed("limin", PASSWORD), "Xixi-Shidi-2027").await.unwrap();
        drop(of_the_office);
    }

    async fn who_activates_waits_in_places_of_their_own(w: World) {
        let (id, now) = (w.id_of("limin").await, w.engine.now());
        let (code, stored) = activation::new(&w.engine);
        let put = w.engine.db().write((), move |conn, _| {
            Box::pin(async move { account::put_activation(conn, id, stored, now).await })
        });
        put.await.unwrap();
        let draft = ActivationDraft { password: "Xixi-Shidi-2027".to_owned(), code: String::new() };
        let complete = async || activation::complete(&w.engine, &w.nobody(), code.as_str(), &draft).await;
        let own: Vec<_> = (0..OWN_SHARE).map(|_| w.engine.hashing().place_of(id).unwrap()).collect();
        assert!(matches!(complete().await, Err(Error::Busy)), "as many as one has");
        drop(own);
        let address = w.nobody().counted_from();
        let of_the_office: Vec<_> = (0..SHARE).map(|_| w.engine.hashing().place_from(&address).unwrap()).collect();
        assert!(w.engine.hashing().place_from(&address).is_err(), "all of the address are taken");
        complete().await.unwrap();
        drop(of_the_office);
    }

    async fn a_change_of_a_password_has_one_place_from_its_first_comparison_to_its_last(w: World) {
        let (hashing, address) = (w.engine.hashing(), w.nobody().counted_from());
        let places: Vec<_> = (1..SHARE).map(|_| hashing.place_from(&address).unwrap()).collect();
        let over = Cell::new(false);
        let change = async {
            let changed = password::change(&w.engine, &w.nobody(), typed("limin", PASSWORD), "Xixi-Shidi-2027").await;
            over.set(true);
            changed
        };
        let watch = async {
            let mut looks = 0;
            while hashing.compared() < 2 && !over.get() {
                if hashing.compared() == 1 {
                    assert!(hashing.place_from(&address).is_err(), "the last place of the address is held");
                    looks += 1;
                }
                tokio::task::yield_now().await;
            }
            looks
        };
        let (changed, looks) = tokio::join!(change, watch);
        changed.unwrap();
        assert!(looks > 0);
        assert!(hashing.place_from(&address).is_ok(), "given back");
        drop(places);
    }

    async fn who_changes_a_password_on_and_on_leaves_the_others_their_places(w: World) {
        // Each time it is compared with those that were used before.
        let used = [PASSWORD, "Xixi-Shidi-2027", "Xixi-Shidi-2028", "Xixi-Shidi-2029", "Xixi-Shidi-2030"];
        for two in used.windows(2) {
            w.wait_ms(1);
            password::change(&w.engine, &w.nobody(), typed("limin", two[0]), two[1]).await.unwrap();
        }
        let (li, over) = (w.request_of("limin").await, Cell::new(false));
        let asks = |_| async {
            while !over.get() {
                let answer = password::change(&w.engine, &li, typed("limin", used[4]), used[1]).await;
                assert!(matches!(answer, Err(Error::Invalid(_) | Error::Busy)));
            }
        };
        let beside = async {
            for _ in 0..5 {
                let answer = sign_in::by_password(&w.engine, &w.nobody(), typed("wangjianguo", PASSWORD), "test").await;
                answer.map(|_| ()).unwrap();
            }
            over.set(true);
        };
        tokio::join!(join_all((0..100).map(asks)), beside);
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
