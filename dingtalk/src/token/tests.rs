//! Stories of many callers and one token, without a gateway.

use super::*;
use futures_util::future::join_all;
use std::cell::Cell;
use tokio::sync::{Notify, oneshot};

const HOUR_MS: i64 = 60 * 60_000;

/// A gateway in small: it counts how often it was asked.
#[derive(Default)]
struct Desk {
    now: Cell<i64>,
    asked: Cell<u32>,
    keeper: Keeper,
}

impl Desk {
    async fn gives(&self) -> Result<Given, Error> {
        self.asked.set(self.asked.get() + 1);
        tokio::task::yield_now().await;
        Ok(Given { token: Token::new(&format!("t{}", self.asked.get())), lives_ms: 2 * HOUR_MS })
    }

    async fn fails(&self) -> Result<Given, Error> {
        self.asked.set(self.asked.get() + 1);
        tokio::task::yield_now().await;
        Err(Error::Status(500))
    }

    async fn get(&self) -> Result<String, Error> {
        let token = self.keeper.get(|| self.now.get(), || self.gives()).await?;
        Ok(token.reveal().to_owned())
    }

    async fn get_in_an_outage(&self) -> Result<String, Error> {
        let token = self.keeper.get(|| self.now.get(), || self.fails()).await?;
        Ok(token.reveal().to_owned())
    }
}

#[tokio::test]
async fn one_asks_for_all() {
    let desk = Desk::default();
    let all = join_all((0..50).map(|_| desk.get())).await;
    assert_eq!(all, vec![Ok("t1".to_owned()); 50]);
    assert_eq!(desk.asked.get(), 1);
}

#[tokio::test]
async fn a_token_is_kept_and_renewed_five_minutes_early() {
    let desk = Desk::default();
    for (at, token) in [(0, "t1"), (2 * HOUR_MS - EARLY_MS - 1, "t1"), (2 * HOUR_MS - EARLY_MS, "t2")] {
        desk.now.set(at);
        assert_eq!(desk.get().await.unwrap(), token, "{at}");
    }
    desk.now.set(desk.now.get() + 10 * HOUR_MS);
    assert_eq!(desk.get().await.unwrap(), "t3", "and after its end");
}

#[tokio::test]
async fn while_one_renews_the_others_go_on_with_the_old() {
    let desk = Desk::default();
    desk.get().await.unwrap();
    desk.now.set(2 * HOUR_MS - 1);
    let all = join_all((0..3).map(|_| desk.get())).await;
    assert_eq!(all, ["t2", "t1", "t1"].map(|token| Ok(token.to_owned())));
    assert_eq!(desk.asked.get(), 2);
}

#[tokio::test]
async fn a_failure_to_renew_is_none_before_the_end() {
    let desk = Desk::default();
    desk.get().await.unwrap();
    desk.now.set(2 * HOUR_MS - 1);
    assert_eq!(desk.get_in_an_outage().await.unwrap(), "t1");
    desk.now.set(2 * HOUR_MS);
    assert_eq!(desk.get_in_an_outage().await, Err(Error::Status(500)));
    assert_eq!(desk.get().await.unwrap(), "t4");
}

#[tokio::test]
async fn a_failure_is_everybodys_who_waited_and_nobodys_after() {
    let desk = Desk::default();
    let all = join_all((0..50).map(|_| desk.get_in_an_outage())).await;
    assert_eq!(all, vec![Err(Error::Status(500)); 50]);
    assert_eq!(desk.asked.get(), 1);
    assert_eq!(desk.get().await.unwrap(), "t2");
}

#[tokio::test]
async fn only_the_token_that_was_refused_is_dropped() {
    let desk = Desk::default();
    desk.get().await.unwrap();
    desk.keeper.drop_token(&Token::new("t1"));
    assert_eq!(desk.get().await.unwrap(), "t2");
    desk.keeper.drop_token(&Token::new("t1"));
    assert_eq!(desk.get().await.unwrap(), "t2", "somebody was late");
}

#[tokio::test]
async fn whoever_is_stopped_while_asking_leaves_it_to_the_next() {
    let keeper = Arc::new(Keeper::default());
    let begun = Arc::new(Notify::new());
    let asks = tokio::spawn({
        let (keeper, begun) = (keeper.clone(), begun.clone());
        async move {
            let never = || async {
                begun.notify_one();
                std::future::pending().await
            };
            keeper.get(|| 0, never).await
        }
    });
    begun.notified().await;
    let (waits, waiting) = oneshot::channel();
    let second = tokio::spawn({
        let keeper = keeper.clone();
        async move {
            waits.send(()).unwrap();
            keeper.get(|| 0, || async { Ok(Given { token: Token::new("t"), lives_ms: HOUR_MS }) }).await
        }
    });
    waiting.await.unwrap();
    asks.abort();
    assert_eq!(second.await.unwrap().unwrap().reveal(), "t");
}

#[tokio::test]
async fn a_token_that_lives_shortly_is_renewed_at_half_its_time() {
    let keeper = Keeper::default();
    let now = Cell::new(0);
    let give = |token: &'static str| {
        let given = Given { token: Token::new(token), lives_ms: 60_000 };
        keeper.get(|| now.get(), || async move { Ok(given) })
    };
    for (at, token) in [(0, "a"), (29_999, "a"), (30_000, "b")] {
        now.set(at);
        assert_eq!(give(if at == 0 { "a" } else { "b" }).await.unwrap().reveal(), token);
    }
}

#[test]
fn a_token_is_not_shown() {
    assert_eq!(format!("{:?}", Token::new("app_t")), "Token(…)");
}
