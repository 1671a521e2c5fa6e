//! The gateway of the tests lets nobody in who is not signed, or is late, or comes again.

use super::{START, WANG, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dingtalk::fake::Setup;
use reqwest::header::CONTENT_TYPE;
use ring::hmac;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PATH: &str = "/mozi/employee/get_by_mobile";
const BODY: &str = "areaCode=86&mobile=13800000001&namespace=local&tenantId=196729";

/// A call that is right, to be spoilt.
struct Call {
    method: &'static str,
    path: &'static str,
    query: &'static str,
    body: String,
    content: &'static str,
    signed: String,
    headers: BTreeMap<&'static str, String>,
}

impl Call {
    /// With the nonce of this number.
    fn new(nonce: u32) -> Self {
        let headers = [
            ("X-Hmac-Auth-Timestamp", "2026-11-24T08:00:00.000+08:00".to_owned()),
            ("X-Hmac-Auth-Version", "1.0".to_owned()),
            ("X-Hmac-Auth-Nonce", format!("{START}{nonce:04}")),
            ("apiKey", "test-key".to_owned()),
        ];
        let content = "application/x-www-form-urlencoded";
        let (body, signed) = (BODY.to_owned(), BODY.to_owned());
        Self { method: "POST", path: PATH, query: "", body, content, signed, headers: headers.into() }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    fn without(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    async fn sent_to(&self, w: &World) -> Value {
        let header = |name: &str| self.headers.get(name).map(String::as_str).unwrap_or_default();
        let (time, nonce) = (header("X-Hmac-Auth-Timestamp"), header("X-Hmac-Auth-Nonce"));
        let text = format!("{}\n{time}\n{nonce}\n{}\n{}", self.method, self.path, self.signed);
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"test-secret");
        let signature = STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        let method = self.method.parse().unwrap();
        let url = format!("{}{}{}", w.fake.address(), self.path, self.query);
        let mut request = reqwest::Client::new().request(method, url);
        if !self.headers.contains_key("X-Hmac-Auth-Signature") {
            request = request.header("X-Hmac-Auth-Signature", signature);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.header(CONTENT_TYPE, self.content).body(self.body.clone());
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    }
}

#[tokio::test]
async fn a_call_that_is_right_is_let_in() {
    let w = World::new().await;
    let said = Call::new(1).sent_to(&w).await;
    assert_eq!((&said["success"], &said["content"]["success"]), (&json!(true), &json!(true)));
    assert_eq!(said["content"]["data"], json!({ "accountId": WANG, "employeeCode": "GE_100135" }));
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let w = World::new().await;
    let cases = [
        (Call::new(2).with("apiKey", "other"), "apiKey is unknown"),
        (Call::new(2).with("X-Hmac-Auth-Version", "2.0"), "version is not 1.0"),
        (Call::new(2).without("X-Hmac-Auth-Timestamp"), "a header is missing"),
        (Call::new(2).without("X-Hmac-Auth-Nonce"), "a header is missing"),
        (Call::new(2).without("apiKey"), "a header is missing"),
        (Call::new(2).with("X-Hmac-Auth-Signature", "AAAA"), "sign not match"),
        (Call { body: BODY.replace("01", "02"), ..Call::new(2) }, "sign not match"),
        (Call { signed: BODY.replace("86", "87"), ..Call::new(2) }, "sign not match"),
        (Call { query: "?a=1", ..Call::new(2) }, "the parameters are not a form"),
        (Call { content: "application/json", ..Call::new(2) }, "the parameters are not a form"),
        (Call::new(2).with("X-Hmac-Auth-Nonce", "17954784000001"), "nonce is not 17 digits"),
        (Call::new(2).with("X-Hmac-Auth-Nonce", "1795478400000abcd"), "nonce is not 17 digits"),
    ];
    for (call, wrong) in cases {
        let said = call.sent_to(&w).await;
        assert_eq!((&said["success"], &said["errorMsg"]), (&json!(false), &json!(wrong)));
    }
    assert_eq!(Call::new(2).sent_to(&w).await["success"], true, "none of them used the nonce up");
}

#[tokio::test]
async fn a_nonce_is_used_once() {
    let w = World::new().await;
    Call::new(3).sent_to(&w).await;
    assert_eq!(Call::new(3).sent_to(&w).await["errorMsg"], "nonce was used before");
    assert_eq!(Call::new(4).sent_to(&w).await["success"], true);
}

#[tokio::test]
async fn a_call_is_late_after_five_minutes_and_early_before() {
    let w = World::new().await;
    for (n, (time, is_in_time)) in [
        ("2026-11-24T07:55:00.000+08:00", true),
        ("2026-11-24T07:54:59.999+08:00", false),
        ("2026-11-24T08:05:00.000+08:00", true),
        ("2026-11-24T08:05:00.001+08:00", false),
        // The same moment, but not as it is to be written.
        ("2026-11-24T00:00:00.000+00:00", false),
        ("2026-11-24T08:00:00+08:00", false),
        ("2026-11-24T08:00:00.0a0+08:00", false),
    ]
    .into_iter()
    .enumerate()
    {
        let said = Call::new(100 + u32::try_from(n).unwrap()).with("X-Hmac-Auth-Timestamp", time).sent_to(&w).await;
        let wrong = if is_in_time { json!(null) } else { json!("timestamp is out of the window") };
        assert_eq!(said["errorMsg"], wrong, "{time}");
    }
}

/// A client whose clock is off is refused, too, and its error says why.
#[tokio::test]
async fn a_clock_that_is_off_is_told() {
    let w = World::new().await;
    let off = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(START + 6 * 60_000));
    let client = dingtalk::Client::new(w.fake.settings(), super::ambient(&off)).unwrap();
    let error = client.check().await.unwrap_err();
    assert_eq!(error.to_string(), "the gateway refused: 1000 timestamp is out of the window");
    assert!(error.is_retryable(), "once the clock is right");
}

/// What the client would never send: a message that is too long, one that is no message, a receiver that is no number.
#[tokio::test]
async fn messages_are_judged() {
    let w = World::of(Setup::default()).await;
    let text = |letters: usize| json!({ "msgtype": "text", "text": { "content": "a".repeat(letters) } }).to_string();
    let frame = text(0).len();
    for (n, (msg, receivers, code)) in [
        (text(2_048 - frame), "100135", "0"),
        (text(2_049 - frame), "100135", "1015"),
        ("{}".to_owned(), "100135", "1016"),
        (json!({ "msgtype": "action_card", "action_card": { "title": "t" } }).to_string(), "100135", "1016"),
        (text(1), "13800000001x", "1012"),
    ]
    .into_iter()
    .enumerate()
    {
        let params = [("bizMsgId", format!("m{n}")), ("msg", msg), ("receiverIds", receivers.to_owned())];
        let raw = params.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mut url = reqwest::Url::parse("http://a/").unwrap();
        url.query_pairs_mut().extend_pairs(&params).append_pair("tenantId", "196729");
        let body = url.query().unwrap().to_owned();
        let call = Call {
            path: "/message/workNotification",
            signed: format!("{raw}&tenantId=196729"),
            body,
            ..Call::new(200 + u32::try_from(n).unwrap())
        };
        let said = call.sent_to(&w).await;
        let content = &said["content"];
        let is_taken = content.is_string();
        assert_eq!(if is_taken { "0" } else { content["responseCode"].as_str().unwrap() }, code, "{said}");
    }
}
