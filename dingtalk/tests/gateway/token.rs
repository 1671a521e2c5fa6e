//! One token for all callers, as long as it is good.

use super::{START, TOKEN, World};
use dingtalk::Error;
use dingtalk::fake::Fails;
use futures_util::future::join_all;
use std::sync::atomic::Ordering;

const USER: &str = "/rpc/oauth2/getuserinfo_bycode.json";

#[tokio::test]
async fn fifty_callers_ask_for_one_token() {
    let w = World::new().await;
    let all = join_all((0..50).map(|_| w.wang_signs_in())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!((w.calls_of(TOKEN), w.calls_of(USER)), (1, 50));
}

#[tokio::test]
async fn in_an_outage_fifty_callers_wait_once() {
    let w = World::new().await;
    w.fake.fails_at(TOKEN, Fails::Http500, 1);
    let all = join_all((0..50).map(|_| w.client.check())).await;
    assert_eq!(all, vec![Err(Error::Status(500)); 50]);
    assert_eq!(w.calls_of(TOKEN), 1);
    assert_eq!(w.client.check().await, Ok(()), "whoever comes later asks anew");
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end() {
    let w = World::new().await;
    for (minutes, asked) in [(0, 1), (114, 1), (115, 2), (229, 2), (500, 3)] {
        w.clock.store(START + minutes * 60_000, Ordering::SeqCst);
        w.wang_signs_in().await.unwrap();
        assert_eq!(w.calls_of(TOKEN), asked, "after {minutes} minutes");
    }
    assert_eq!(w.fake.refusals(), [""; 0], "nobody saw an old token");
}

#[tokio::test]
async fn an_outage_before_its_end_hurts_nobody() {
    let w = World::new().await;
    w.client.check().await.unwrap();
    w.wait_ms(119 * 60_000);
    w.fake.fails_at(TOKEN, Fails::Http500, 2);
    w.wang_signs_in().await.unwrap();
    w.wait_ms(60_000);
    assert_eq!(w.wang_signs_in().await, Err(Error::Status(500)), "now it is at its end");
    w.wang_signs_in().await.unwrap();
}

#[tokio::test]
async fn a_token_that_the_gateway_forgot_is_asked_for_once_more() {
    let w = World::new().await;
    w.wang_signs_in().await.unwrap();
    w.fake.expire_tokens();
    let who = w.wang_signs_in().await.unwrap();
    assert_eq!(who.name, "王建国", "the code was not used up by the refused call");
    assert_eq!((w.calls_of(TOKEN), w.calls_of(USER)), (2, 3));
}

#[tokio::test]
async fn exactly_once_more() {
    let w = World::new().await;
    w.fake.fails_at(USER, Fails::ExpiredToken, u32::MAX);
    assert_eq!(w.wang_signs_in().await, Err(Error::TokenExpired));
    assert_eq!((w.calls_of(TOKEN), w.calls_of(USER)), (2, 2));
    assert!(Error::TokenExpired.is_retryable());
}

/// Whoever was late does not drop the token that another got meanwhile.
#[tokio::test]
async fn many_callers_with_a_forgotten_token_ask_for_one() {
    let w = World::new().await;
    w.client.check().await.unwrap();
    w.fake.expire_tokens();
    let all = join_all((0..50).map(|_| w.wang_signs_in())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(w.calls_of(TOKEN), 2);
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_not_shown() {
    let w = World::new().await;
    let secret = "not-the-secret";
    let client = w.another(|settings| dingtalk::Settings { app_secret: secret.to_owned(), ..settings });
    let error = client.check().await.unwrap_err();
    assert_eq!(error.to_string(), "the gateway refused: 1000 sign not match");
    assert!(!format!("{error:?} {client:?}").contains(secret));
}

#[tokio::test]
async fn the_asking_itself_is_not_repeated() {
    let w = World::new().await;
    w.fake.fails_at(TOKEN, Fails::ExpiredToken, u32::MAX);
    assert_eq!(w.wang_signs_in().await, Err(Error::TokenExpired));
    assert_eq!((w.calls_of(TOKEN), w.calls_of(USER)), (1, 0));
}
