//! Whatever goes wrong is told apart, holds no secret, and is over with the next call.

use super::{SHORT, WANG, World, card};
use dingtalk::fake::Fails;
use dingtalk::{By, Delivery, Error, Refusal, Settings};

fn refused(by: By, code: &str, message: &str) -> Error {
    Error::Refused(Refusal { by, code: code.to_owned(), message: message.to_owned() })
}

#[tokio::test]
async fn each_failure_has_its_error() {
    let w = World::new().await;
    for (n, (how, error, is_retryable)) in [
        (Fails::Http500, Error::Status(500), true),
        (Fails::Hangs, Error::Timeout(SHORT), true),
        (Fails::Babbles, Error::Nonsense("it is not JSON"), true),
        (Fails::GatewayRefuses, refused(By::Gateway, "1001", "没有权限调用"), true),
        (Fails::ServiceRefuses, refused(By::Service, "1002", "不行 138****1234"), false),
        (Fails::ServiceIsBusy, refused(By::Service, "1003", "系统繁忙，请稍后再试"), true),
    ]
    .into_iter()
    .enumerate()
    {
        w.fake.fails(how);
        let id = format!("row-{n}");
        let client = if how == Fails::Hangs { w.impatient() } else { w.client.clone() };
        let sent = client.work_notification(&[WANG], &id, &card(&id)).await;
        assert_eq!(sent, Err(error.clone()), "{how:?}");
        assert_eq!(error.is_retryable(), is_retryable, "{how:?}");
        let again = w.client.work_notification(&[WANG], &id, &card(&id)).await.unwrap();
        assert_eq!(again == Delivery::Repeated, how == Fails::Hangs, "twice only where it was taken before: {how:?}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_is_broken() {
    let w = World::new().await;
    for (how, words) in [(Fails::Resets, "reset"), (Fails::HalfAnswers, "end of file")] {
        w.fake.fails(how);
        let error = w.client.employee_by_mobile("86", "13800000001").await.unwrap_err();
        let is_told = matches!(&error, Error::Broken(cause) if cause.contains(words));
        assert!(is_told && error.is_retryable(), "{how:?}: {error:?}");
        assert!(w.client.employee_by_mobile("86", "13800000001").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_unreachable() {
    let w = World::new().await;
    // Nobody listens at port 1.
    let client = w.another(|settings| Settings { address: "http://127.0.0.1:1".to_owned(), ..settings });
    let error = client.check().await.unwrap_err();
    assert!(matches!(&error, Error::Unreachable(_)) && error.is_retryable(), "{error:?}");
}

/// Asking for a token puts the secret into the address: no error shows it.
#[tokio::test]
async fn no_failure_shows_a_secret() {
    let w = World::new().await;
    let everything = [
        Fails::Http500,
        Fails::Hangs,
        Fails::Resets,
        Fails::HalfAnswers,
        Fails::Babbles,
        Fails::GatewayRefuses,
        Fails::ServiceRefuses,
        Fails::ExpiredToken,
    ];
    for how in everything {
        w.fake.fails(how);
        // Each has no token yet, and asks.
        let client = if how == Fails::Hangs { w.impatient() } else { w.another(|settings| settings) };
        let error = client.check().await.unwrap_err();
        let shown = format!("{error} {error:?}");
        for secret in ["test-secret", "gettoken", "app_fake", "13812341234"] {
            assert!(!shown.contains(secret), "{how:?}: {shown}");
        }
    }
    let shown = format!("{:?} {:?}", w.client, w.client.settings());
    assert!(!shown.contains("test-secret"), "{shown}");
}

/// 240133 is cured by a call's second attempt, also where no token travels.
#[tokio::test]
async fn an_expired_token_is_cured_in_every_call() {
    let w = World::new().await;
    let expire = || w.fake.fails(Fails::ExpiredToken);
    w.client.check().await.unwrap();
    expire();
    w.wang_signs_in().await.unwrap();
    expire();
    w.client.by_auth_code(&w.fake.auth_code(WANG).unwrap()).await.unwrap();
    expire();
    assert!(w.client.employee_by_mobile("86", "13800000001").await.unwrap().is_some());
    expire();
    w.client.work_notification(&[WANG], "row-1", &card("一")).await.unwrap();
    expire();
    assert_eq!(w.client.revoke("row-1").await, Ok(true));
}

/// Failures of one path leave the others alone.
#[tokio::test]
async fn a_failure_of_one_path_is_no_others() {
    let w = World::new().await;
    w.fake.fails_at("/message/revoke", Fails::Http500, 2);
    w.client.work_notification(&[WANG], "row-1", &card("一")).await.unwrap();
    for _ in 0..2 {
        assert_eq!(w.client.revoke("row-1").await, Err(Error::Status(500)));
    }
    assert_eq!(w.client.revoke("row-1").await, Ok(true));
}
