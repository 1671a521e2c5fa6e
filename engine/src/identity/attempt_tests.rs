//! Stories of who tries passwords: many at once, and while they have to wait.

use super::sign_in::{self, Credentials};
use crate::error::Error;
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
}
