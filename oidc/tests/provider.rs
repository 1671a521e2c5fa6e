//! The client against the provider of the tests.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use oidc::fake::{Fake, Wrong};
use oidc::{Claims, Client, Error, Fault, Leaving, Settings};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

const NOW: i64 = 1_795_478_400_000;

const LEAVING: Leaving<'static> = Leaving {
    redirect_uri: "https://publish.example.gov.cn/oidc/callback",
    state: "state-state-state-state-state-state",
    nonce: "nonce-nonce-nonce-nonce-nonce-nonce",
    verifier: "verifier-verifier-verifier-verifier-verifier",
};

async fn provider() -> (Fake, Client) {
    let fake = Fake::start(|| NOW, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let client = Client::new(fake.settings()).unwrap();
    (fake, client)
}

/// There and back, with these names wanted.
async fn who(fake: &Fake, client: &Client, claims: Value, wanted: &[&str]) -> Result<Claims, Error> {
    let (code, state) = fake.signs_in(&client.leave(&LEAVING, NOW).await?, "u-1", &claims);
    assert_eq!(state, LEAVING.state);
    let tokens = client.exchange(&code, &LEAVING, NOW).await?;
    let claims = client.proved(&tokens, LEAVING.nonce, NOW).await?;
    client.complete(&claims, &tokens, wanted, NOW).await
}

fn failed<T>(answer: Result<T, Error>) -> Error {
    answer.map(drop).unwrap_err()
}

#[tokio::test]
async fn somebody_goes_there_and_comes_back_known() {
    let (fake, client) = provider().await;
    let claims = who(&fake, &client, json!({ "name": "钱多" }), &["name"]).await.unwrap();
    assert_eq!((claims.subject.as_str(), claims.text("name").as_deref()), ("u-1", Some("钱多")));
    fake.tells_aside();
    let claims = who(&fake, &client, json!({ "name": "钱多", "iss": "x" }), &["name"]).await.unwrap();
    assert_eq!(claims.text("name").as_deref(), Some("钱多"));
    assert_ne!(claims.text("iss").as_deref(), Some("x"), "what the token says stands");
    assert!(who(&fake, &client, json!({ "name": "钱多" }), &[]).await.unwrap().text("name").is_none(), "nobody asked");
    assert_eq!(fake.keys_asked(), 1, "they are kept");
}

#[tokio::test]
async fn a_code_is_used_once_and_by_who_knows_the_verifier() {
    let (fake, client) = provider().await;
    let page = client.leave(&LEAVING, NOW).await.unwrap();
    let (code, _) = fake.signs_in(&page, "u-1", &json!({}));
    assert!(client.exchange(&code, &LEAVING, NOW).await.is_ok());
    assert_eq!(failed(client.exchange(&code, &LEAVING, NOW).await), Error::Code);
    let (code, _) = fake.signs_in(&page, "u-1", &json!({}));
    let other = Leaving { verifier: "another-another-another-another-another-another", ..LEAVING };
    assert_eq!(failed(client.exchange(&code, &other, NOW).await), Error::Code);
}

#[tokio::test]
async fn a_new_key_is_looked_for_once() {
    let (fake, client) = provider().await;
    who(&fake, &client, json!({}), &[]).await.unwrap();
    fake.takes_another_key();
    who(&fake, &client, json!({}), &[]).await.unwrap();
    assert_eq!(fake.keys_asked(), 2);
    who(&fake, &client, json!({}), &[]).await.unwrap();
    assert_eq!(fake.keys_asked(), 2);
}

#[tokio::test]
async fn a_token_that_proves_nothing_is_refused() {
    let (fake, client) = provider().await;
    for (says, fault) in [
        (json!({ "nonce": "other" }), Fault::Nonce),
        (json!({ "aud": "other" }), Fault::Audience),
        (json!({ "iss": "https://other.example" }), Fault::Issuer),
        (json!({ "exp": NOW / 1_000 - 600 }), Fault::Time),
    ] {
        fake.says(&says);
        assert_eq!(failed(who(&fake, &client, json!({}), &[]).await), Error::Token(fault), "{says}");
    }
}

#[tokio::test]
async fn a_provider_that_is_wrong_is_not_followed() {
    for wrong in [Wrong::Fails, Wrong::Hangs, Wrong::Babbles, Wrong::Redirects, Wrong::OtherIssuer] {
        let fake = Fake::start(|| NOW, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
        let client = Client::new(Settings { timeout: Duration::from_millis(500), ..fake.settings() }).unwrap();
        fake.goes(Some(wrong));
        let error = failed(client.leave(&LEAVING, NOW).await);
        let fits = match wrong {
            Wrong::Fails => error == Error::Status(500),
            Wrong::Redirects => error == Error::Status(302),
            Wrong::Hangs => matches!(error, Error::Timeout(_)),
            Wrong::Babbles => error == Error::Nonsense("it is too long"),
            _ => error == Error::Nonsense("its issuer is not the one that is set"),
        };
        assert!(fits, "{wrong:?}: {error}");
    }
    let (fake, client) = provider().await;
    fake.goes(Some(Wrong::RefusesSecret));
    assert_eq!(failed(who(&fake, &client, json!({}), &[]).await), Error::Refused(401, "invalid_client".to_owned()));
    fake.goes(Some(Wrong::OtherSubject));
    let other = who(&fake, &client, json!({}), &["name"]).await;
    assert_eq!(failed(other), Error::Nonsense("it speaks of somebody else"));
}

#[tokio::test]
async fn who_is_not_there_is_unreachable() {
    let (fake, client) = provider().await;
    drop(fake);
    assert!(matches!(failed(client.check(NOW).await), Error::Unreachable(_) | Error::Broken(_)));
}
