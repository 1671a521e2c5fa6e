//! The page with the QR code, and what a browser test says to the gateway.

use super::{WANG, World};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde_json::{Value, json};

const BACK: &str = "https://fabu.example.gov.cn/sign-in/dingtalk?from=desk";

fn browser() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

async fn opened(url: &str) -> Response {
    browser().get(url).send().await.unwrap()
}

async fn json(w: &World, path: &str) -> Value {
    serde_json::from_str(&opened(&format!("{}{path}", w.fake.address())).await.text().await.unwrap()).unwrap()
}

async fn told(w: &World, path: &str, body: &Value) -> Response {
    let request = browser().post(format!("{}{path}", w.fake.address()));
    request.header(CONTENT_TYPE, "application/json").body(body.to_string()).send().await.unwrap()
}

/// The addresses of the links of a page, with what they are called.
fn links(page: &str) -> Vec<(String, String)> {
    let links = page.split("<a href=\"").skip(1).map(|rest| {
        let (href, rest) = rest.split_once("\">").unwrap();
        (href.replace("&amp;", "&"), rest.split_once("</a>").unwrap().0.to_owned())
    });
    links.collect()
}

#[tokio::test]
async fn the_page_has_the_specs_query() {
    let w = World::new().await;
    let page = w.client.sign_in_page(BACK, "s1");
    let query = "response_type=code&client_id=test_dingoa&redirect_uri=https%3A%2F%2Ffabu.example.gov.cn%2Fsign-in%2Fdingtalk%3Ffrom%3Ddesk\
                 &scope=get_user_info&authType=QRCODE&state=s1";
    assert_eq!(page, format!("{}/oauth2/auth.htm?{query}", w.fake.address()));
}

#[tokio::test]
async fn a_person_chooses_their_name_and_comes_back_with_a_code() {
    let w = World::new().await;
    let page = opened(&w.client.sign_in_page(BACK, "s&1\"<您>")).await;
    assert_eq!(page.status(), 200);
    let links = links(&page.text().await.unwrap());
    assert_eq!(links.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["王建国", "李敏"]);
    let back = opened(&format!("{}{}", w.fake.address(), links[0].0)).await;
    assert_eq!(back.status(), 302);
    let back = Url::parse(back.headers()[LOCATION].to_str().unwrap()).unwrap();
    let value = |name: &str| back.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    assert!(back.as_str().starts_with(&format!("{BACK}&code=")), "{back}");
    assert_eq!(value("state"), "s&1\"<您>");
    assert_eq!(w.client.by_code(&value("code")).await.unwrap().account_id, WANG);
}

#[tokio::test]
async fn an_address_that_is_wrong_is_told() {
    let w = World::new().await;
    let good = w.client.sign_in_page(BACK, "s1");
    for (part, wrong) in [
        ("test_dingoa", "other"),
        ("=code", "=token"),
        ("get_user_info", "everything"),
        ("QRCODE", "PASSWORD"),
        ("&state=s1", ""),
        ("&state=s1", "&state="),
        ("https%3A", "javascript%3A"),
    ] {
        let page = opened(&good.replace(part, wrong)).await;
        assert_eq!(page.status(), 400, "{part} {wrong}");
    }
}

#[tokio::test]
async fn a_browser_test_tells_and_asks() {
    let w = World::new().await;
    assert_eq!(json(&w, "/fake/people").await[0]["name"], "王建国");

    let failing = json!({ "how": "http500", "path": "/message/revoke", "times": 5 });
    assert_eq!(told(&w, "/fake/fail", &failing).await.status(), 204);
    assert_eq!(told(&w, "/fake/fail", &json!({ "how": "explodes" })).await.status(), 422);
    assert!(w.client.revoke("row-1").await.is_err());
    assert_eq!(told(&w, "/fake/heal", &json!({})).await.status(), 204);
    assert_eq!(w.client.revoke("row-1").await, Ok(false));

    w.client.work_notification(&[WANG], "row-1", &super::card("一")).await.unwrap();
    let sent = json(&w, "/fake/sent").await;
    assert_eq!((&sent[0]["biz_msg_id"], &sent[0]["reached"]), (&json!("row-1"), &json!([WANG])));
    assert_eq!(sent[0]["is_revoked"], false);

    let code = told(&w, "/fake/auth-code", &json!({ "account_id": WANG })).await.text().await.unwrap();
    let code: Value = serde_json::from_str(&code).unwrap();
    let who = w.client.by_auth_code(code["auth_code"].as_str().unwrap()).await.unwrap();
    assert_eq!(who.name, "王建国");
    assert_eq!(told(&w, "/fake/auth-code", &json!({ "account_id": 1 })).await.status(), 404);

    assert_eq!(told(&w, "/fake/expire-tokens", &json!({})).await.status(), 204);
    w.wang_signs_in().await.unwrap();
    assert_eq!(json(&w, "/fake/refusals").await, json!(["access_token 已过期"]));
    let calls = json(&w, "/fake/calls").await;
    assert_eq!((&calls[0], &calls[2]), (&json!("/message/revoke"), &json!("/message/workNotification")));
}
